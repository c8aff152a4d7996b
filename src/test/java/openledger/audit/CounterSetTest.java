package openledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import openledger.audit.CounterSet.Stretch;
import org.junit.jupiter.api.Test;

/** Stretches say what a set of each number would. */
final class CounterSetTest {
    private static final int HIGHEST = 60;

    @Test
    void itIsASetOfNumbers() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            CounterSet stretches = new CounterSet();
            TreeSet<Long> plain = new TreeSet<>();
            for (int step = 0; step < 100; step++) {
                long counter = random.nextLong(1, HIGHEST + 1);
                if (random.nextInt(30) == 0) {
                    stretches.drop(counter);
                    plain.headSet(counter, true).clear();
                } else {
                    assertThat(stretches.add(counter)).isEqualTo(plain.add(counter));
                }
                assertThat(stretches.has(counter)).isEqualTo(plain.contains(counter));
                long after = random.nextLong(HIGHEST);
                long through = after + random.nextLong(HIGHEST);
                assertThat(numbers(stretches.missing(after, through, HIGHEST).first()))
                        .isEqualTo(without(plain, after, through));
            }
            assertThat(stretches.size()).isEqualTo(stretchesOf(plain));
        }
    }

    @Test
    void ofManyGapsTheFirstAreNamedAndAllAreCounted() {
        CounterSet odd = new CounterSet();
        for (long counter = 1; counter < 100; counter += 2) {
            odd.add(counter);
        }

        CounterSet.Missing missing = odd.missing(0, 99, 2);

        assertThat(missing.first()).containsExactly(new Stretch(2, 2), new Stretch(4, 4));
        assertThat(missing.stretches()).isEqualTo(49);
    }

    private static List<Long> numbers(List<Stretch> stretches) {
        List<Long> numbers = new ArrayList<>();
        for (Stretch stretch : stretches) {
            for (long counter = stretch.first(); counter <= stretch.last(); counter++) {
                numbers.add(counter);
            }
        }
        return numbers;
    }

    private static List<Long> without(Set<Long> known, long after, long through) {
        List<Long> missing = new ArrayList<>();
        for (long counter = after + 1; counter <= through; counter++) {
            if (!known.contains(counter)) {
                missing.add(counter);
            }
        }
        return missing;
    }

    private static int stretchesOf(Set<Long> known) {
        return (int)
                known.stream().filter(counter -> !known.contains(counter - 1)).count();
    }
}
