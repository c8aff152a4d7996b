package openledger.settlement.cut;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.routing.DecisionStatus;
import org.junit.jupiter.api.Test;

/**
 * Requests of every kind that a router serves by its rules, with hedges, crashes, clients that leave and answers that are let go: their
 * leaves, made as the product makes them, convict it of nothing.
 */
final class HonestDecisionsTest {
    private static final int REQUESTS = 6_000;

    @Test
    void nobodyIsConvicted() {
        HonestRouter router = new HonestRouter(7, REQUESTS);
        HonestJudge judge = new HonestJudge();
        for (Optional<CutBatch> cut = router.next(); cut.isPresent(); cut = router.next()) {
            judge.take(cut.orElseThrow());
        }

        assertThat(judge.breaches()).isEmpty();
        assertThat(judge.leaves()).isGreaterThan(REQUESTS);
        assertThat(judge.pairs()).isGreaterThan(REQUESTS / 5);
        assertThat(router.statuses()).containsExactly(DecisionStatus.values());
        assertThat(router.modes()).containsExactly(LeafMode.values());
        assertThat(judge.last().orElseThrow().completeThrough()).isEqualTo(REQUESTS);
    }
}
