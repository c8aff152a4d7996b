package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.LaneSecret;
import openledger.inference.TimeSplit;
import openledger.routing.Trigger;
import openledger.settlement.ReplayRecord.Attempt;
import org.junit.jupiter.api.Test;

final class ReplayEncodingTest {
    @Test
    void readsBackWhatWasWritten() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<ReplayRecord> records = IntStream.range(0, random.nextInt(20))
                    .mapToObj(i -> record(random, random.nextInt(5)))
                    .toList();

            assertThat(ReplayEncoding.read(ReplayEncoding.write(records)))
                    .usingRecursiveComparison()
                    .isEqualTo(records);
        }
    }

    @Test
    void holdsTheLargestRecord() {
        Random random = new Random(1);
        List<ReplayRecord> records =
                List.of(record(random, ReplayRecord.MOST_ATTEMPTS), record(random, 0), record(random, 255));

        assertThat(ReplayEncoding.read(ReplayEncoding.write(records)))
                .usingRecursiveComparison()
                .isEqualTo(records);
    }

    @Test
    void hasOneFormOnly() {
        Random random = new Random(2);
        byte[] bytes = ReplayEncoding.write(List.of(record(random, 3), record(random, 1)));
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            try {
                assertThat(ReplayEncoding.write(ReplayEncoding.read(changed))).isEqualTo(changed);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void refusesWhatIsCutOff() {
        byte[] bytes = ReplayEncoding.write(List.of(record(new Random(3), 2)));
        for (int length = 1; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ReplayEncoding.read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesMoreThanABatchHolds() {
        ReplayRecord record = record(new Random(4), 0);
        byte[] bytes = ReplayEncoding.write(Collections.nCopies(1_201, record));

        assertThatThrownBy(() -> ReplayEncoding.read(bytes)).hasMessageContaining("more than 1200");
    }

    private static ReplayRecord record(Random random, int attempts) {
        byte[] tag = new byte[LaneSecret.TAG_BYTES];
        random.nextBytes(tag);
        List<Attempt> list = IntStream.range(0, attempts)
                .mapToObj(i -> new Attempt(
                        random.nextInt(1, 256),
                        random.nextInt(8),
                        random.nextInt(65_536),
                        Trigger.ofCode(random.nextInt(11)),
                        random.nextInt(600),
                        number(random),
                        number(random)))
                .toList();
        TimeSplit times = new TimeSplit(
                number(random), number(random), number(random), number(random), number(random), number(random), 0, 0);
        return new ReplayRecord(
                random.nextLong(1, Long.MAX_VALUE), tag, random.nextInt(1 << 20), random.nextInt(300), times, list);
    }

    /** Of any size, the largest among them. */
    private static long number(Random random) {
        return Long.MAX_VALUE >>> random.nextInt(64);
    }
}
