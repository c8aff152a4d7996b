package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

final class RecentEndsTest {
    private static final LaneId LANE = new LaneId(3);

    private final RecentEnds ends = new RecentEnds(LANE);

    private long chunk(long counter) {
        return ends.chunkOf(new RequestId(LANE.value(), counter)).orElse(0);
    }

    /** Requests end in another order than they came, some after very long, and rows are derived in bursts. */
    @Test
    void knowsEachEndUntilItsRowIsThere() {
        int left = 0;
        for (int seed = 1; seed <= 10; seed++) {
            Random random = new Random(seed);
            RecentEnds known = new RecentEnds(LANE);
            Map<Long, Long> expected = new HashMap<>();
            long counter = random.nextInt(1_000_000);
            long derived = 0;
            for (long chunk = 1; chunk <= 3_000; chunk++) {
                long[] ended = new long[random.nextInt(6)];
                for (int i = 0; i < ended.length; i++) {
                    boolean isLate = random.nextInt(50) == 0;
                    ended[i] = isLate ? 1 + random.nextLong(counter + 1) : ++counter;
                    expected.put(ended[i], chunk);
                }
                known.ended(ended, chunk);
                if (random.nextInt(400) == 0) {
                    derived = chunk - random.nextInt(3);
                    known.derived(derived);
                    long upTo = derived;
                    expected.values().removeIf(end -> end <= upTo);
                }
            }
            expected.forEach((request, chunk) -> assertThat(known.chunkOf(new RequestId(LANE.value(), request)))
                    .as("request %d", request)
                    .hasValue(chunk));
            left += expected.size();
        }
        assertThat(left).isPositive();
    }

    @Test
    void growsWithABurstAndIsSmallAfterIt() {
        int least = ends.places();
        for (long counter = 1; counter <= 100_000; counter++) {
            ends.ended(counter, 1 + counter / 10);
        }

        assertThat(ends.places()).isEqualTo(1 << 17);
        assertThat(chunk(1)).isEqualTo(1);
        ends.derived(10_001);
        assertThat(ends.places()).isEqualTo(least);
        assertThat(chunk(100_000)).isZero();
    }

    @Test
    void neverTakesMoreThanItsBound() {
        ends.ended(7, 1);
        ends.ended(7 + RecentEnds.MOST, 2);

        assertThat(ends.places()).isEqualTo(RecentEnds.MOST);
        assertThat(chunk(7)).isZero();
        assertThat(chunk(7L + RecentEnds.MOST)).isEqualTo(2);
    }

    @Test
    void knowsNothingOfOtherLanes() {
        ends.ended(7, 1);

        assertThat(ends.chunkOf(new RequestId(LANE.value() + 1, 7))).isEmpty();
    }
}
