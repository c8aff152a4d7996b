package openledger.lab.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MaxMinTest {
    @Test
    void givesTheSmallWhatTheyAskForAndDividesTheRestEqually() {
        assertThat(MaxMin.shares(new long[] {100, 1, 100, 4}, 25)).containsExactly(10, 1, 10, 4);
        assertThat(MaxMin.shares(new long[] {3, 1}, 10)).containsExactly(3, 1);
    }

    @Test
    void measuresWhatWouldHaveToGoToOthers() {
        long[] demands = {100, 1, 100, 4};

        assertThat(MaxMin.distance(demands, new long[] {10, 1, 10, 4})).isZero();
        assertThat(MaxMin.distance(demands, new long[] {15, 1, 5, 4})).isEqualTo(0.2);
        assertThat(MaxMin.worst(demands, new long[] {15, 1, 5, 4})).isEqualTo(0.5);
    }
}
