package openledger.lab.stake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.audit.PublishedBatch;
import openledger.audit.charge.BatchContent;
import openledger.audit.charge.Charge;
import openledger.audit.charge.Courtroom;
import openledger.audit.charge.MisrouteFinder;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.stake.VaultFault;
import openledger.lab.engine.Arrival;
import openledger.lab.stake.StakeLane.Chance;
import openledger.lab.stake.StakeLane.Pen;
import openledger.lab.world.Market;
import openledger.routing.Plan;
import openledger.routing.Tier;
import openledger.unit.RequestKey;
import org.junit.jupiter.api.Test;

/** The finder of misroutes and the lab's lanes: who is honest is charged with nothing, and who is not is charged with that alone. */
final class HonestChargesTest {
    private static final double[] LOADS = {0.5, 0.8, 0.95};

    private static Optional<RouteTerms> published() {
        List<Integer> upTo = new ArrayList<>();
        for (Tier tier : Market.REFERENCE.route().tiers()) {
            upTo.add((upTo.isEmpty() ? 0 : upTo.getLast()) + tier.attempts());
        }
        return Optional.of(new RouteTerms(upTo, 1));
    }

    private static List<Charge> charges(List<PublishedBatch> lane, Set<Long> unread) {
        Map<Long, BatchContent> shelf = new HashMap<>();
        MisrouteFinder finder =
                new MisrouteFinder(LabLane.LANE, Courtroom.TERMS, sequence -> Optional.ofNullable(shelf.get(sequence)));
        List<Charge> charges = new ArrayList<>();
        long now = 1_800_000_000;
        for (PublishedBatch batch : lane) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (Leaf leaf : batch.leaves()) {
                bytes.writeBytes(LeafEncoding.encode(leaf));
            }
            // Such a lane has a batch every half hour, so that many a plan is older than a promise may be.
            now += 1_800;
            Committed committed =
                    new Committed(batch.header(), now, batch.header().sequence());
            BatchContent content = BatchContent.of(committed, batch.before(), bytes.toByteArray())
                    .orElseThrow();
            if (unread.contains(batch.header().sequence())) {
                finder.pass(committed);
            } else {
                shelf.put(batch.header().sequence(), content);
                charges.addAll(finder.take(content, route -> published()));
            }
        }
        return charges;
    }

    @Test
    void honestLanesAreChargedWithNothing() {
        for (double load : LOADS) {
            for (long seed = 1; seed <= 3; seed++) {
                List<PublishedBatch> lane = StakeLane.of(load, seed).publish(Pen.HONEST);
                assertThat(charges(lane, Set.of()))
                        .as("load %s, seed %s", load, seed)
                        .isEmpty();
                assertThat(charges(lane, Set.of(1L, 4L)))
                        .as("unread, load %s", load)
                        .isEmpty();
                assertThat(charges(lane.subList(2, lane.size()), Set.of())).isEmpty();
            }
        }
    }

    @Test
    void anActOffThePlanIsChargedWithItsOutcome() {
        StakeLane lane = StakeLane.of(0.8, 1);
        List<Chance> chances = lane.chances(1);
        Set<Long> acts = chances.stream()
                .filter(Chance::leavesTrace)
                .map(chance -> LabLane.counter(chance.served().arrival()))
                .collect(Collectors.toSet());
        Set<Long> charged = new HashSet<>();
        for (Charge charge : charges(lane.publish(StakeLane.lazyAt(chances)), Set.of())) {
            assertThat(charge.fault()).isEqualTo(VaultFault.FELL_BACK_EARLY);
            charged.add(
                    RequestKey.read(charge.punished().orElseThrow().leaf(), 0).counter());
        }

        assertThat(charged).isEqualTo(acts).isNotEmpty();
    }

    @Test
    void aPlanThatIsLeftOutIsMissed() {
        StakeLane lane = StakeLane.of(0.8, 1);
        Set<Long> left = new HashSet<>();
        List<Charge> charges = charges(
                lane.publish(new Pen() {
                    @Override
                    public Optional<Plan> plan(Arrival arrival, Plan plan) {
                        long counter = LabLane.counter(arrival);
                        if (counter % 50 == 7) {
                            left.add(counter);
                            return Optional.empty();
                        }
                        return Optional.of(plan);
                    }
                }),
                Set.of());

        assertThat(charges).extracting(Charge::fault).containsOnly(VaultFault.PLAN_MISSING);
        assertThat(charges).hasSameSizeAs(left);
    }
}
