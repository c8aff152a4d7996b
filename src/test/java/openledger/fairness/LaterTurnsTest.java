package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LaterTurnsTest {
    private final LaterTurns turns = new LaterTurns();

    @Test
    void countsTurnsAfterOnesOwnOnly() {
        turns.served(5);
        turns.served(6);
        turns.served(6);
        turns.served(9);

        assertThat(turns.servedAfter(4)).isEqualTo(4);
        assertThat(turns.servedAfter(5)).isEqualTo(3);
        assertThat(turns.servedAfter(6)).isOne();
        assertThat(turns.servedAfter(9)).isZero();
    }

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertThat(turns.servedAfter(0)).isZero();
    }

    @Test
    void forgetsWhatIsOlderThanTheWindowAndNeverCountsItAsNew() {
        turns.served(3);
        turns.served(3 + (1 << 14));

        assertThat(turns.servedAfter(0)).isOne();
        turns.served(3);
        assertThat(turns.servedAfter(0)).isOne();
    }

    @Test
    void agreesWithACountOfAllTurnsInAnyOrder() {
        Random random = new Random(1);
        TreeMap<Long, Integer> all = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            long turn = random.nextLong(300) + i / 10;
            turns.served(turn);
            all.merge(turn, 1, Integer::sum);
            long asked = random.nextInt(1_000);
            assertThat(turns.servedAfter(asked))
                    .isEqualTo(all.tailMap(asked, false).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
        }
    }
}
