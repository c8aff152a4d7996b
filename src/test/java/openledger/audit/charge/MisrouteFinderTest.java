package openledger.audit.charge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.audit.court.LaneChain;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.routing.DecisionStatus;
import openledger.support.lane.HandLane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** Every fault that is planted is found, with all that its call needs, and nothing else is. Long because there are so many faults. */
final class MisrouteFinderTest {
    static final LaneId LANE = new LaneId(5);
    private static final long HOUR = 3_600;

    private final HandLane lane =
            new HandLane(901, Address.of(new byte[Address.BYTES]), LANE, Hash32.ZERO, 1_800_000_000_000L);
    private final Map<Long, BatchContent> shelf = new HashMap<>();
    private final MisrouteFinder finder =
            new MisrouteFinder(LANE, Courtroom.TERMS, sequence -> Optional.ofNullable(shelf.get(sequence)));
    private long now = 1_800_000_000;

    private List<Charge> take(HandLane.Batch batch) {
        BatchContent content = content(batch);
        return finder.take(content, HandLane::published);
    }

    private BatchContent content(HandLane.Batch batch) {
        now += 2;
        BatchContent content = batch.content(now, batch.header().sequence());
        assertThat(BatchContent.of(content.committed(), content.before(), content.bytes()))
                .isPresent();
        shelf.put(batch.header().sequence(), content);
        return content;
    }

    private Leaf end(int attempts, DecisionStatus status, int tier, int target) {
        return lane.ended(
                lane.key(lane.next()),
                LeafMode.FAST,
                HandLane.ROUTE,
                3,
                attempts,
                Leaf.NO_SNAPSHOT,
                status,
                tier,
                target);
    }

    private static void only(List<Charge> charges, VaultFault fault, Class<? extends VaultCall> call) {
        assertThat(charges).extracting(Charge::fault).containsExactly(fault);
        assertThat(charges.getFirst().call()).isInstanceOf(call);
        assertThat(charges.getFirst().call().encode()).isNotEmpty();
    }

    private void alone(VaultFault fault, byte[] leaf) {
        List<byte[]> leaves = new ArrayList<>();
        leaves.add(LeafEncoding.encode(lane.fast(lane.key(lane.next()))));
        leaves.add(leaf);
        leaves.add(LeafEncoding.encode(lane.fast(lane.key(lane.next()))));
        List<Charge> charges = take(lane.batch(leaves));
        only(charges, fault, VaultCall.ProveLeaf.class);
        VaultCall.ProveLeaf call = (VaultCall.ProveLeaf) charges.getFirst().call();
        assertThat(call.leaf().leaf()).isEqualTo(leaf);
        assertThat(Charge.place(call.leaf())).isEqualTo(1);
    }

    private void alone(VaultFault fault, Leaf leaf) {
        alone(fault, LeafEncoding.encode(leaf));
    }

    @Test
    void whatALeafBreaksAlone() {
        take(lane.batch(lane.fast(lane.key(lane.next()))));

        alone(VaultFault.OUT_OF_RANGE, lane.noise());
        alone(VaultFault.CONTRADICTS_ITSELF, end(3, DecisionStatus.SERVED, 1, 2));
        alone(VaultFault.OVER_BUDGET, end(4, DecisionStatus.EXHAUSTED, Leaf.NO_TIER, Leaf.NO_TARGET));
        alone(
                VaultFault.ROUTE_UNPUBLISHED,
                lane.ended(
                        lane.key(lane.next()),
                        LeafMode.FAST,
                        new RouteId(9),
                        3,
                        1,
                        Leaf.NO_SNAPSHOT,
                        DecisionStatus.SERVED,
                        0,
                        1));
        alone(
                VaultFault.WRONG_BUDGET,
                lane.ended(
                        lane.key(lane.next()),
                        LeafMode.FAST,
                        HandLane.ROUTE,
                        4,
                        1,
                        Leaf.NO_SNAPSHOT,
                        DecisionStatus.SERVED,
                        0,
                        1));
        alone(VaultFault.FELL_BACK_EARLY, end(1, DecisionStatus.FELL_BACK, 1, 2));
        alone(VaultFault.EXHAUSTED_EARLY, end(1, DecisionStatus.EXHAUSTED, Leaf.NO_TIER, Leaf.NO_TARGET));
        long snapshot = lane.snapshot();
        alone(VaultFault.PLAN_UNFOUNDED, lane.plan(lane.key(lane.next()), snapshot, snapshot, snapshot, 9));
        alone(VaultFault.OUTSIDE_HEADER, lane.plan(lane.key(lane.next()), 1_000));
    }

    @Test
    void aRouteThatIsPublishedLaterWasNotPublished() {
        List<Charge> charges = finder.take(
                content(lane.batch(lane.fast(lane.key(lane.next())))),
                route -> Optional.of(new LaneChain.RouteTerms(HandLane.UP_TO, now + 1)));

        only(charges, VaultFault.ROUTE_UNPUBLISHED, VaultCall.ProveLeaf.class);
    }

    @Test
    void whatNobodyCouldSayOfARouteIsNotCharged() {
        assertThat(finder.take(content(lane.batch(end(2, DecisionStatus.FELL_BACK, 1, 2))), route -> Optional.empty()))
                .isEmpty();
    }

    @Test
    void anOutcomeThatDoesNotFollowItsPlanAndOneWhosePlanComesLater() {
        RequestKey one = lane.key(lane.next());
        long snapshot = lane.snapshot();
        assertThat(take(lane.batch(lane.plan(one, snapshot)))).isEmpty();
        only(take(lane.batch(lane.confirmed(one, snapshot + 1))), VaultFault.NOT_AS_PLANNED, VaultCall.ProvePair.class);

        RequestKey other = lane.key(lane.next());
        long later = lane.snapshot();
        only(take(lane.batch(lane.confirmed(other, later))), VaultFault.PLAN_MISSING, VaultCall.OpenPlanMissing.class);
        List<Charge> charges = take(lane.batch(lane.plan(other, later)));
        only(charges, VaultFault.PLAN_AFTER_OUTCOME, VaultCall.ProvePair.class);
        assertThat(charges.getFirst().sequence()).isEqualTo(3);
    }

    @Test
    void whoIsThereTwice() {
        RequestKey planned = lane.key(lane.next());
        RequestKey ended = lane.key(lane.next());
        long snapshot = lane.snapshot();
        assertThat(take(lane.batch(lane.plan(planned, snapshot), lane.fast(ended))))
                .isEmpty();

        only(take(lane.batch(lane.plan(planned, snapshot))), VaultFault.TWICE, VaultCall.ProveTwice.class);
        // Another salt does not hide it.
        only(take(lane.batch(lane.fast(lane.key(ended.counter())))), VaultFault.TWICE, VaultCall.ProveTwice.class);
        RequestKey within = lane.key(lane.next());
        List<Charge> charges = take(lane.batch(lane.fast(within), lane.fast(within)));
        only(charges, VaultFault.TWICE, VaultCall.ProveTwice.class);
        assertThat(Charge.place(charges.getFirst().punished().orElseThrow())).isEqualTo(1);
    }

    @Test
    void whoWasOvertaken() {
        RequestKey passed = lane.key(lane.next());
        long first = lane.snapshot();
        assertThat(take(lane.batch(lane.plan(lane.key(lane.next()), first, first, first, 0))))
                .isEmpty();
        List<Charge> charges = take(lane.batch(lane.plan(passed, first + 1, first - 1, first - 1, 0)));

        only(charges, VaultFault.OVERTAKEN, VaultCall.ProveOvertaken.class);
    }

    @Test
    void aPlanOfASnapshotToComeHidesNobodyWhoWasOvertaken() {
        long first = lane.snapshot();
        assertThat(take(lane.batch(
                        lane.plan(lane.key(lane.next()), first), lane.plan(lane.key(lane.next()), first + 1_000_000))))
                .extracting(Charge::fault)
                .containsExactly(VaultFault.OUTSIDE_HEADER);

        only(
                take(lane.batch(lane.plan(lane.key(lane.next()), first + 1, first - 1, first - 1, 0))),
                VaultFault.OVERTAKEN,
                VaultCall.ProveOvertaken.class);
    }

    @Test
    void whoIsCalledEndedAndIsNot() {
        RequestKey missing = lane.key(lane.next());
        Leaf there = lane.fast(lane.key(lane.next()));
        assertThat(take(lane.batch(there))).isEmpty();
        HandLane.Batch lie = lane.batch(
                List.of(LeafEncoding.encode(lane.fast(lane.key(lane.next())))), header -> HandLane.complete(header, 2));
        List<Charge> charges = take(lie);

        only(charges, VaultFault.OUTCOME_MISSING, VaultCall.OpenCounterMissing.class);
        VaultCall.OpenCounterMissing call =
                (VaultCall.OpenCounterMissing) charges.getFirst().call();
        assertThat(call.counter()).isEqualTo(missing.counter());
        assertThat(call.earlier().sequence()).isEqualTo(1);
    }

    @Test
    void aPlanThatNeverEndsIsChargedOnceTheLaneHasGoneOnWithoutIt() {
        RequestKey key = lane.key(lane.next());
        long snapshot = lane.snapshot();
        take(lane.batch(lane.plan(key, snapshot)));
        // A router that was away for long may end it first thing when it is back.
        now += 3 * HOUR;
        assertThat(take(lane.batch(lane.fast(lane.key(lane.next()))))).isEmpty();
        now += 700;
        only(
                take(lane.batch(lane.fast(lane.key(lane.next())))),
                VaultFault.OUTCOME_MISSING,
                VaultCall.OpenOutcomeMissing.class);

        assertThat(take(lane.batch(lane.confirmed(key, snapshot)))).isEmpty();
    }

    @Test
    void whatMayStandInABatchThatWasNotReadIsNotCharged() {
        RequestKey missing = lane.key(lane.next());
        RequestKey planned = lane.key(lane.next());
        long snapshot = lane.snapshot();
        finder.pass(content(lane.batch(lane.fast(missing), lane.plan(planned, snapshot)))
                .committed());
        HandLane.Batch next = lane.batch(
                List.of(LeafEncoding.encode(lane.confirmed(planned, snapshot))),
                header -> HandLane.complete(header, 2));

        assertThat(take(next)).isEmpty();
        long later = lane.snapshot();
        only(
                take(lane.batch(lane.confirmed(lane.key(lane.next()), later))),
                VaultFault.PLAN_MISSING,
                VaultCall.OpenPlanMissing.class);
    }

    @Test
    void aLogThatIsAnotherIsProvedByTheLeafThatChanged() {
        take(lane.batch(lane.fast(lane.key(lane.next())), lane.fast(lane.key(lane.next()))));
        LogEdge before = lane.log();
        BatchContent earlier = content(lane.batch(
                lane.fast(lane.key(lane.next())), lane.fast(lane.key(lane.next())), lane.fast(lane.key(lane.next()))));
        byte[] others = earlier.bytes().clone();
        others[2 * LeafEncoding.BYTES] ^= 1;
        lane.rewrite(before.append(others, LeafEncoding.BYTES).edge());
        BatchContent later = content(lane.batch(lane.fast(lane.key(lane.next()))));

        assertThat(ForkSearch.isForked(earlier, later)).isTrue();
        assertThat(ForkSearch.between(earlier, later, earlier.bytes())).isEmpty();
        Charge charge = ForkSearch.between(earlier, later, others).orElseThrow();
        VaultCall.ProveForked call = (VaultCall.ProveForked) charge.call();
        assertThat(call.earlier().leaf()).isNotEqualTo(call.later().leaf());
        assertThat(call.earlier().index()).isEqualTo(call.later().index());
        assertThat(leadsTo(call.later(), later.header())).isTrue();
        assertThat(leadsTo(call.earlier(), earlier.header())).isTrue();
    }

    private static boolean leadsTo(ShownLeaf shown, BatchHeader header) {
        return new InclusionPath(shown.index(), header.size(), shown.path())
                .root(new LogHasher().entry(shown.leaf()))
                .filter(header.root()::equals)
                .isPresent();
    }

    @Test
    void aBatchThatIsNotTheNextIsRefused() {
        take(lane.batch(lane.fast(lane.key(lane.next()))));
        lane.batch(lane.fast(lane.key(lane.next())));

        assertThatThrownBy(() -> take(lane.batch(lane.fast(lane.key(lane.next())))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatNobodyServesIsAskedForAfterAnHourOnePlaceADay() {
        HandLane.Batch batch = lane.batch(
                lane.fast(lane.key(lane.next())), lane.fast(lane.key(lane.next())), lane.fast(lane.key(lane.next())));
        MissingData missing = new MissingData(VaultFault.WITHHELD, new byte[] {1}, Duration.ofHours(1));
        BatchContent content = content(batch);
        missing.missing(content.committed(), now);

        assertThat(missing.due(now + HOUR - 1)).isEmpty();
        List<Charge> first = missing.due(now + HOUR);
        only(first, VaultFault.WITHHELD, VaultCall.OpenWithheld.class);
        assertThat(missing.due(now + 2 * HOUR))
                .extracting(Charge::name)
                .containsExactly(first.getFirst().name());
        missing.served(1);
        assertThat(missing.due(now + 2 * HOUR)).isEmpty();
    }
}
