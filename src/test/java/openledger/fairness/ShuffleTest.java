package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShuffleTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aTableKeepsItsMargins(long seed) {
        Random random = new Random(seed);
        for (int times = 0; times < 50; times++) {
            int[][] table = new int[1 + random.nextInt(64)][1 + random.nextInt(9)];
            int most = 1 << random.nextInt(16);
            for (int[] row : table) {
                Arrays.setAll(row, i -> random.nextInt(3) == 0 ? 0 : random.nextInt(most));
            }
            int[] rows = sums(table);
            int[] columns = sums(turned(table));

            int[][] dealt = Shuffle.table(rows, columns, random);

            assertThat(sums(dealt)).isEqualTo(rows);
            assertThat(sums(turned(dealt))).isEqualTo(columns);
            assertThat(Arrays.stream(dealt).flatMapToInt(Arrays::stream)).allMatch(cell -> cell >= 0);
        }
    }

    @Test
    void aDrawOfFiveOutOfTwentyOfWhichTenAreMarkedFollowsTheTextbook() {
        Random random = new Random(1);
        int draws = 200_000;
        int[] seen = new int[6];
        for (int i = 0; i < draws; i++) {
            seen[Hypergeometric.draw(5, 10, 20, random)]++;
        }

        // C(10,k) C(10,5-k) / C(20,5)
        double[] expected = {252, 2_100, 5_400, 5_400, 2_100, 252};
        for (int k = 0; k <= 5; k++) {
            assertThat((double) seen[k] / draws).isCloseTo(expected[k] / 15_504, within(0.004));
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 300, 64000", "1000, 9000, 64000", "50000, 400000, 3200000", "7, 3, 9", "900, 1700, 2000"})
    void drawsHaveTheMeanAndTheVarianceOfTheLaw(int drawn, int marked, int all) {
        Random random = new Random(2);
        int[] values = IntStream.range(0, 40_000)
                .map(i -> Hypergeometric.draw(drawn, marked, all, random))
                .toArray();

        double share = (double) marked / all;
        double mean = drawn * share;
        double variance = mean * (1 - share) * (all - drawn) / (all - 1);
        double measured = Arrays.stream(values).average().orElseThrow();
        double spread = Arrays.stream(values)
                .mapToDouble(v -> (v - measured) * (v - measured))
                .average()
                .orElseThrow();
        assertThat(measured).isCloseTo(mean, within(5 * Math.sqrt(variance / values.length)));
        assertThat(spread / variance).isCloseTo(1, within(0.05));
    }

    private static int[] sums(int[][] table) {
        return Arrays.stream(table).mapToInt(row -> Arrays.stream(row).sum()).toArray();
    }

    private static int[][] turned(int[][] table) {
        return IntStream.range(0, table[0].length)
                .mapToObj(column ->
                        Arrays.stream(table).mapToInt(row -> row[column]).toArray())
                .toArray(int[][]::new);
    }
}
