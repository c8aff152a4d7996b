package openledger.commitment.leaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import openledger.commitment.CommitmentVectors;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** What two leaves of one request say together. */
final class LeafPairTest {
    private static final List<Integer> PLACES = List.of(5, 6, 5, 9);
    private static final RequestKey REQUEST = RequestKey.of(new byte[RequestKey.COMMITMENT_BYTES], 1);
    private static final Leaf PLAN = plan(REQUEST, LeafMode.CONFIRMED_DISPATCH, 1);

    @Test
    void whatWasPinnedWasDone() {
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 2, 6, 17, PLACES)))
                .isEmpty();
        assertThat(breach(outcome(LeafMode.RELEASED_DISPATCH, 4, 9, 17, PLACES)))
                .isEmpty();
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 4, Leaf.NO_TARGET, 17, PLACES)))
                .isEmpty();
    }

    @Test
    void anotherTargetThanThePinnedIsABreach() {
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 2, 5, 17, PLACES)))
                .contains("target 6 was pinned");
    }

    @Test
    void anotherPlanIsABreach() {
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 2, 6, 18, PLACES)))
                .contains("another plan");
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 2, 6, 17, List.of(5, 6))))
                .contains("another plan");
    }

    @Test
    void attemptsThatWerePassedAreSpentAndTheBudgetIsTheEnd() {
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 0, Leaf.NO_TARGET, 17, PLACES)))
                .contains("ended after 0 attempts");
        assertThat(breach(outcome(LeafMode.CONFIRMED_DISPATCH, 5, Leaf.NO_TARGET, 17, PLACES)))
                .contains("ended after 5 attempts");
    }

    @Test
    void theModeStaysAndTheRequestIsTheSame() {
        assertThat(breach(outcome(LeafMode.CONFIRMED_RESPONSE, 2, 6, 17, PLACES)))
                .contains("ended in mode CONFIRMED_RESPONSE");
        Leaf another = plan(RequestKey.parse("0x" + "11".repeat(32)), LeafMode.CONFIRMED_DISPATCH, 1);
        assertThat(new LeafPair(another, outcome(LeafMode.CONFIRMED_DISPATCH, 2, 6, 17, PLACES)).breach())
                .get()
                .asString()
                .contains("different requests");
    }

    @Test
    void twoPlansAreNoPair() {
        byte[] plan = LeafEncoding.encode(PLAN);

        assertThatThrownBy(() -> LeafPair.decode(plan, plan)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String breach(Leaf outcome) {
        return LeafPair.decode(LeafEncoding.encode(PLAN), LeafEncoding.encode(outcome))
                .breach()
                .orElse("");
    }

    static Leaf plan(RequestKey request, LeafMode mode, int spent) {
        return leaf(request, mode, spent, 17, PLACES, new Stage.Planned(17, 0, 0, 1));
    }

    private static Leaf outcome(LeafMode mode, int attempts, int served, long snapshot, List<Integer> places) {
        int tier = served == Leaf.NO_TARGET ? Leaf.NO_TIER : 0;
        return leaf(
                REQUEST,
                mode,
                attempts,
                snapshot,
                places,
                new Stage.Ended(
                        DecisionStatus.SERVED,
                        tier,
                        served,
                        Attribution.NONE,
                        0,
                        20,
                        OutcomeCommitment.of(CommitmentVectors.salt(), new byte[32], List.of(), UsageRecord.NONE)));
    }

    private static Leaf leaf(
            RequestKey request, LeafMode mode, int attempts, long snapshot, List<Integer> places, Stage stage) {
        return new Leaf(
                request, mode, 3, new RouteId(1), 4, attempts, 1_500, snapshot, 0, 6, Trigger.NONE, places, stage);
    }
}
