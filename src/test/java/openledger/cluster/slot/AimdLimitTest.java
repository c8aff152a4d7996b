package openledger.cluster.slot;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.routing.SlotBounds;
import org.junit.jupiter.api.Test;

/** What a limit learns from answers and refusals. */
final class AimdLimitTest {
    private final AimdLimit limit = new AimdLimit(new SlotBounds(2, 10, 20));

    @Test
    void growsByTwoAnAnswerWhileAtLeastHalfOfItIsUsed() {
        limit.answered(4);
        assertThat(limit.limit()).isEqualTo(10);
        limit.answered(5);
        assertThat(limit.limit()).isEqualTo(12);
        limit.answered(5);
        assertThat(limit.limit()).isEqualTo(12);
    }

    @Test
    void losesThreeTenthsWithARefusal() {
        limit.refused();
        assertThat(limit.limit()).isEqualTo(7);
        limit.refused();
        assertThat(limit.limit()).isEqualTo(4);
        limit.answered(4);
        assertThat(limit.limit()).isEqualTo(6);
    }

    @Test
    void staysWithinItsBounds() {
        for (int i = 0; i < 20; i++) {
            limit.refused();
        }
        assertThat(limit.limit()).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            limit.answered(20);
        }
        assertThat(limit.limit()).isEqualTo(20);
    }
}
