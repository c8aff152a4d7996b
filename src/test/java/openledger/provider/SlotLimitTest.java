package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.routing.SlotBounds;
import org.junit.jupiter.api.Test;

/** What a limit learns from answers and refusals. Times are those of a clock that starts at 0 and moves one a call. */
final class SlotLimitTest {
    private long now;

    @Test
    void growsByOneAnAnswerWhileItIsUsedAndNothingIsRefused() {
        SlotLimit limit = new SlotLimit(new SlotBounds(1, 10, 20));

        answered(limit, 4);
        assertThat(limit.get()).isEqualTo(10);
        answered(limit, 5);
        assertThat(limit.get()).isEqualTo(11);
        for (int i = 0; i < 50; i++) {
            answered(limit, 20);
        }
        assertThat(limit.get()).isEqualTo(20);
    }

    @Test
    void oneRefusalTakesATenthAndThenItGrowsByOneForAsManyAnswersAsItHasSlots() {
        SlotLimit limit = new SlotLimit(new SlotBounds(1, 10, 20));

        refused(limit, 9);
        assertThat(limit.get()).isEqualTo(9);
        for (int i = 0; i < 8; i++) {
            answered(limit, 9);
        }
        assertThat(limit.get()).isEqualTo(9);
        answered(limit, 9);
        answered(limit, 9);
        assertThat(limit.get()).isEqualTo(10);
        answered(limit, 9);
        assertThat(limit.get()).isEqualTo(11);
    }

    @Test
    void refusalsInARowBringItBelowWhatIsInFlight() {
        SlotLimit limit = new SlotLimit(new SlotBounds(2, 40, 40));

        refused(limit, 20);
        assertThat(limit.get()).isEqualTo(36);
        refused(limit, 20);
        assertThat(limit.get()).isEqualTo(14);
        refused(limit, 13);
        assertThat(limit.get()).isEqualTo(9);
        for (int i = 0; i < 20; i++) {
            refused(limit, 5);
        }
        assertThat(limit.get()).isEqualTo(2);
    }

    @Test
    void whatBeganBeforeTheLastRefusalIsNoNews() {
        SlotLimit limit = new SlotLimit(new SlotBounds(1, 10, 20));
        limit.refused(5, 9, 10);

        limit.refused(7, 11, 9);
        limit.answered(8, 9);
        assertThat(limit.get()).isEqualTo(9);
        limit.refused(12, 13, 8);

        assertThat(limit.get()).isEqualTo(5);
    }

    private void answered(SlotLimit limit, int inFlight) {
        limit.answered(++now, inFlight);
    }

    private void refused(SlotLimit limit, int others) {
        now++;
        limit.refused(now, now, others);
    }
}
