package openledger.routing.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.routing.Affinity;
import openledger.routing.CanonicalPolicy;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.SlotBounds;
import openledger.routing.Target;
import openledger.routing.TestRoutes;
import openledger.unit.TargetId;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Requests of one session go to one target while it has room; over all sessions shares are weights. */
final class RendezvousChoiceTest {
    private static final int SESSIONS = 40_000;
    private static final List<Target> TARGETS =
            List.of(target(0, "a", 9), target(1, "b", 3), target(2, "c", 3), target(3, "d", 1));

    private final Random random = new Random(1);

    @Test
    void sharesAreWeights() {
        int[] chosen = new int[TARGETS.size()];
        for (int i = 0; i < SESSIONS; i++) {
            chosen[choose(random.nextLong(), 0b1111, 0)]++;
        }
        for (int i = 0; i < chosen.length; i++) {
            assertThat((double) chosen[i] / SESSIONS).isCloseTo(TARGETS.get(i).weight() / 16.0, Offset.offset(0.01));
        }
    }

    /** Keys that differ in little are as different as others. */
    @Test
    void sharesAreWeightsOfKeysInARowToo() {
        int[] chosen = new int[TARGETS.size()];
        for (int i = 0; i < SESSIONS; i++) {
            chosen[choose(i, 0b1111, 0)]++;
        }
        assertThat((double) chosen[0] / SESSIONS).isCloseTo(9 / 16.0, Offset.offset(0.01));
    }

    @Test
    void whatFailsMovesItsOwnSessionsAloneToTheNextInTheirOrder() {
        int[] moved = new int[TARGETS.size()];
        for (int i = 0; i < SESSIONS; i++) {
            long session = random.nextLong();
            int first = choose(session, 0b1111, 0);
            int without = choose(session, 0b1110, 0);
            if (first == 0) {
                moved[without]++;
                assertThat(choose(session, 0b1111, 0b0001)).isEqualTo(without);
            } else {
                assertThat(without).isEqualTo(first);
            }
        }
        assertThat((double) moved[1] / (moved[1] + moved[2] + moved[3])).isCloseTo(3 / 7.0, Offset.offset(0.02));
    }

    @Test
    void theOrderOfTheTargetsAndTheirNumbersDoNotMatter() {
        List<Target> turned = new ArrayList<>();
        TARGETS.forEach(target -> turned.add(target(9 - target.id().value(), target.provider(), target.weight())));
        Collections.reverse(turned);
        for (int i = 0; i < 1_000; i++) {
            long session = random.nextLong();
            int chosen = new RendezvousChoice(session).choose(turned, loads(0b1111), 0);
            assertThat(turned.get(chosen).name())
                    .isEqualTo(TARGETS.get(choose(session, 0b1111, 0)).name());
        }
    }

    @Test
    void whatWasTriedIsAskedAgainOnlyIfNothingElseIsFree() {
        assertThat(choose(1, 0b0100, 0b0100)).isEqualTo(2);
        assertThat(choose(1, 0b0110, 0b0100)).isOne();
        assertThat(choose(1, 0, 0)).isEqualTo(-1);
    }

    @Test
    void aPolicyHasItOnlyIfItIsSet() {
        Route route = TestRoutes.of(1);

        assertThat(CanonicalPolicy.of(route)).doesNotContain("affinity");
        assertThat(CanonicalPolicy.of(with(route, Affinity.SESSION, route.modes())))
                .isEqualTo(CanonicalPolicy.of(route).replaceFirst("}$", ",\"affinity\":\"session\"}"));
    }

    @Test
    void aRouteOfConfirmedModeHasNone() {
        Route both = TestRoutes.both(1);

        assertThatThrownBy(() -> with(both, Affinity.SESSION, both.modes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plans are made from public data");
    }

    private static Route with(Route route, Affinity affinity, RouteModes modes) {
        return new Route(
                route.id(),
                route.name(),
                route.tiers(),
                route.operations(),
                route.backoff(),
                route.hedgeAfter(),
                route.stormLimits(),
                modes,
                Optional.empty(),
                affinity);
    }

    private static int choose(long session, int free, long tried) {
        return new RendezvousChoice(session).choose(TARGETS, loads(free), tried);
    }

    private static List<TargetLoad> loads(int free) {
        List<TargetLoad> loads = new ArrayList<>();
        for (int i = 0; i < TARGETS.size(); i++) {
            loads.add(new Room((free >>> i & 1) != 0));
        }
        return loads;
    }

    private static Target target(int id, String provider, int weight) {
        return new Target(new TargetId(id), provider, "m", weight, new SlotBounds(1, 8, 16));
    }

    private record Room(boolean isOpen) implements TargetLoad {
        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public int limit() {
            return 1;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }
}
