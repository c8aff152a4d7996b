package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OvertakesTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void countsAsANaiveListWould(long seed) {
        Random random = new Random(seed);
        Overtakes overtakes = new Overtakes();
        Set<Long> served = new HashSet<>();
        long arrivals = 0;
        for (int step = 0; step < 5_000; step++) {
            if (arrivals == 0 || random.nextBoolean()) {
                assertThat(overtakes.arrive()).isEqualTo(arrivals++);
            } else {
                long place = random.nextLong(arrivals);
                overtakes.servedByBestTier(place);
                served.add(place);
            }
            if (arrivals > 0 && step % 50 == 0) {
                long asked = random.nextLong(arrivals);
                assertThat(overtakes.after(asked)).isEqualTo((int)
                        served.stream().filter(place -> place > asked).count());
            }
        }
    }

    @org.junit.jupiter.api.Test
    void forgetsArrivalsThatLeftTheWindow() {
        Overtakes overtakes = new Overtakes();
        overtakes.arrive();
        overtakes.servedByBestTier(overtakes.arrive());
        assertThat(overtakes.after(0)).isOne();

        for (int i = 0; i < 1 << 16; i++) {
            overtakes.arrive();
        }

        assertThat(overtakes.after(0)).isZero();
    }
}
