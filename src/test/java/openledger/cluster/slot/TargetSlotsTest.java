package openledger.cluster.slot;

import static openledger.cluster.slot.SharedTarget.SECOND;
import static openledger.cluster.slot.SharedTarget.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.SlotEngine.Wish;
import openledger.routing.SlotBounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots of a target that several routers call: never more in sum than there are, and used wherever they are wanted. */
final class TargetSlotsTest {
    private static final int ENDLESS = 1_000_000;
    private static final SlotBounds THIRTY = new SlotBounds(30, 30, 30);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void neverAreMoreInFlightThanThereAreWhateverHappens(long seed) {
        Random random = new Random(seed);
        int total = 1 + random.nextInt(40);
        SharedTarget target = new SharedTarget(new SlotBounds(total, total, total), ENDLESS, 4, seed);
        target.lateOfThousand = random.nextInt(200);
        for (int i = 0; i < 150; i++) {
            switch (random.nextInt(10)) {
                case 0 -> target.routers.get(random.nextInt(4)).stalledUntil = target.now + random.nextInt(15) * SECOND;
                case 1 -> target.isEngineDown = !target.isEngineDown;
                case 2 -> {
                    if (random.nextInt(20) == 0) {
                        target.routers.get(random.nextInt(2)).die();
                    }
                }
                default -> {}
            }
            int[] wanted = random.ints(4, 0, 2 * total).toArray();
            target.run(SECOND / 10 + random.nextInt(20) * SECOND / 10, wanted);
        }
        target.hold(total);

        target.isEngineDown = false;
        target.lateOfThousand = 0;
        target.run(26 * SECOND, total, total, total, total);
        target.count();
        target.run(10 * SECOND, total, total, total, total);
        target.hold(total);
        // Turns cost something where there is not one for each.
        assertThat(target.usedMillis).isGreaterThan((long) ((total < 4 ? 0.5 : 0.95) * total * 10_000));
    }

    @ParameterizedTest
    @CsvSource({"20, 20, 20", "54, 3, 3", "3, 54, 3", "0, 0, 60", "29, 1, 0", "31, 0, 0"})
    void slotsAreWhereTheyAreWanted(int a, int b, int c) {
        SharedTarget target = new SharedTarget(THIRTY, ENDLESS, 3, 1);
        target.run(5 * SECOND, 60, 1, 60);
        target.run(SECOND, a, b, c);
        target.count();
        target.run(10 * SECOND, a, b, c);

        target.hold(30);
        // One that wants none has one ahead of use.
        int kept = (a == 0 ? 1 : 0) + (b == 0 ? 1 : 0) + (c == 0 ? 1 : 0);
        assertThat(target.usedMillis).isGreaterThan((long) (0.95 * (Math.min(a + b + c, 30) - kept) * 10_000));
    }

    @Test
    void whoNeedsLittleHasItWhoeverWantsMore() {
        SharedTarget target = new SharedTarget(THIRTY, ENDLESS, 3, 2);
        target.run(3 * SECOND, 100, 5, 100);
        target.run(5 * SECOND, 100, 5, 100);

        assertThat(target.routers).map(router -> router.limit.limit()).satisfies(limits -> {
            assertThat(limits.get(1)).isBetween(5, 7);
            assertThat(limits.get(0) - limits.get(2)).isBetween(-2, 2);
        });
    }

    @Test
    void whatIsNotWantedIsReadyAtAllOfThem() {
        SharedTarget target = new SharedTarget(THIRTY, ENDLESS, 3, 3);
        target.run(5 * SECOND, 0, 0, 0);

        assertThat(target.routers).map(router -> router.limit.limit()).containsExactly(10, 10, 10);
    }

    @Test
    void whereThereIsNotOneForEachTheyTakeTurns() {
        SharedTarget target = new SharedTarget(new SlotBounds(2, 2, 2), ENDLESS, 3, 4);
        for (SharedTarget.Router router : target.routers) {
            boolean hadOne = false;
            for (int i = 0; i < 60 && !hadOne; i++) {
                target.run(SECOND, 5, 5, 5);
                hadOne = router.limit.inFlight() > 0;
            }
            assertThat(hadOne).isTrue();
        }
        target.hold(2);
    }

    @Test
    void slotsOfADeadRouterComeBackAfterTheTerm() {
        SharedTarget target = new SharedTarget(THIRTY, ENDLESS, 3, 5);
        target.run(5 * SECOND, 60, 60, 60);
        target.routers.getFirst().die();
        target.run(9 * SECOND, 0, 60, 60);
        int early = target.inFlight();
        target.run(3 * SECOND, 0, 60, 60);

        assertThat(early).isLessThanOrEqualTo(20);
        assertThat(target.inFlight()).isBetween(29, 30);
    }

    @Test
    void nothingIsBegunOnceALeaseIsOver() {
        SharedTarget target = new SharedTarget(THIRTY, ENDLESS, 3, 6);
        target.run(5 * SECOND, 60, 60, 60);
        target.isEngineDown = true;
        target.run(8 * SECOND, 60, 60, 60);
        assertThat(target.inFlight()).isBetween(28, 30);

        target.run(2 * SECOND, 60, 60, 60);
        assertThat(target.inFlight()).isZero();

        target.isEngineDown = false;
        target.run(2 * SECOND, 60, 60, 60);
        assertThat(target.inFlight()).isBetween(29, 30);
        target.hold(30);
    }

    @Test
    void anEngineThatForgetsHearsFirstWhatEachHas() {
        SharedTarget target = new SharedTarget(THIRTY, ENDLESS, 3, 7);
        target.run(5 * SECOND, 60, 2, 2);
        target.engine.forget(target.now);
        target.run(9 * SECOND, 2, 60, 60);
        assertThat(target.inFlight()).isLessThan(20);

        target.run(3 * SECOND, 2, 60, 60);
        assertThat(target.inFlight()).isBetween(29, 30);
        target.hold(30);
    }

    @ParameterizedTest
    @CsvSource({"20, 20, 20", "54, 3, 3"})
    void togetherTheyLearnWhatAProviderBearsWithNoMoreRefusalsThanOneThatIsAlone(int a, int b, int c) {
        SlotBounds bounds = new SlotBounds(4, 32, 256);
        SharedTarget alone = SharedTarget.alone(bounds, 30, 8);
        SharedTarget shared = new SharedTarget(bounds, 30, 3, 8);
        for (SharedTarget target : List.of(alone, shared)) {
            target.shortestMillis = 1_500;
            target.longestMillis = 2_500;
        }
        alone.run(20 * SECOND, a + b + c);
        shared.run(20 * SECOND, a, b, c);
        alone.count();
        shared.count();
        alone.run(60 * SECOND, a + b + c);
        shared.run(60 * SECOND, a, b, c);

        double share = (double) shared.refusals / shared.answers;
        assertThat(share).isLessThanOrEqualTo(1.2 * alone.refusals / alone.answers);
        assertThat(shared.usedMillis).isGreaterThan((long) (0.9 * 30 * 60_000));
    }

    @Test
    void aLimitThatIsFarTooLowIsFoundInSeconds() {
        SharedTarget shared = new SharedTarget(new SlotBounds(4, 32, 1_000), ENDLESS, 3, 9);
        shared.run(15 * SECOND, 300, 300, 300);

        assertThat(shared.inFlight()).isGreaterThan(200);
    }

    @Test
    void whoIsRefusedBeginsNoMoreThanWhatIsInFlight() {
        TargetSlots slots = new TargetSlots(() -> 0, () -> {});
        SlotLimit limit = slots.of(TARGET, THIRTY);
        slots.follow(Set.of(TARGET));
        answer(slots, new Grant(30, 30));
        for (int i = 0; i < 10; i++) {
            assertThat(limit.take()).isTrue();
        }

        limit.refused();
        limit.giveBack();

        assertThat(limit.take()).isFalse();
        assertThat(limit.limit()).isEqualTo(9);
    }

    @Test
    void aTargetOfNoPolicyIsLeftAloneAndAnswersWhoStillCallsIt() {
        long[] clock = new long[1];
        TargetSlots slots = new TargetSlots(() -> clock[0], () -> {});
        SlotLimit limit = slots.of(TARGET, THIRTY);
        slots.follow(Set.of());
        answer(slots, new Grant(30, 30));
        clock[0] = 100 * SECOND;

        assertThat(slots.isDue(clock[0])).isFalse();
        assertThat(limit.take()).isFalse();
        assertThat(slots.isDue(clock[0])).isTrue();
    }

    private static void answer(TargetSlots slots, Grant grant) {
        Question question = slots.question(0);
        assertThat(question.wishes()).map(Wish::target).containsExactly(TARGET);
        slots.answered(question, List.of(grant), 0, 0);
    }
}
