package openledger.settlement.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.leaf.LaneSecret;
import openledger.inference.record.TimeSplit;
import openledger.routing.Trigger;
import openledger.settlement.cut.ReplayRecord.Attempt;
import org.junit.jupiter.api.Test;

final class ReplayEncodingTest {
    @Test
    void readsBackWhatWasWritten() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<ReplayRecord> records = IntStream.range(0, random.nextInt(20))
                    .mapToObj(i -> random.nextInt(3) == 0 ? plan(random) : record(random, random.nextInt(5)))
                    .toList();

            assertThat(ReplayEncoding.read(ReplayEncoding.write(records)))
                    .usingRecursiveComparison()
                    .isEqualTo(records);
        }
    }

    @Test
    void holdsTheLargestRecord() {
        Random random = new Random(1);
        List<ReplayRecord> records = List.of(record(random, ReplayRecord.MOST_ATTEMPTS), record(random, 0), largest());

        assertThat(ReplayEncoding.read(ReplayEncoding.write(records)))
                .usingRecursiveComparison()
                .isEqualTo(records);
    }

    @Test
    void hasOneFormOnly() {
        Random random = new Random(2);
        byte[] bytes = ReplayEncoding.write(List.of(record(random, 3), plan(random), record(random, 1)));
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
        for (ReplayRecord record : List.of(record(new Random(3), 2), plan(new Random(3)))) {
            byte[] bytes = ReplayEncoding.write(List.of(record));
            for (int length = 1; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> ReplayEncoding.read(cut)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void anEntryIsARecordWithoutItsLengthAndNotTooLongToBeShown() {
        byte[] bytes = ReplayEncoding.write(List.of(plan(new Random(5)), largest()));

        List<byte[]> each = ReplayEncoding.each(bytes);

        assertThat(each).hasSize(2);
        assertThat(each.getLast().length).isLessThanOrEqualTo(4_096);
        assertThat(bytes).hasSize(each.getFirst().length + each.getLast().length + 2 * Short.BYTES);
        assertThatThrownBy(() -> ReplayEncoding.each(new byte[] {0x10, 0x01, 2, 2}))
                .hasMessageContaining("too long");
    }

    @Test
    void refusesMoreThanABatchHolds() {
        ReplayRecord record = record(new Random(4), 0);
        byte[] bytes = ReplayEncoding.write(Collections.nCopies(1_201, record));

        assertThatThrownBy(() -> ReplayEncoding.read(bytes)).hasMessageContaining("more than 1200");
    }

    /** Every number in it is as long as it can be. */
    private static ReplayRecord largest() {
        long most = Long.MAX_VALUE;
        Attempt attempt = new Attempt(255, 7, 65_535, Trigger.NONE, 999, most, most);
        return new ReplayRecord.OfOutcome(
                most,
                new byte[LaneSecret.TAG_BYTES],
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                new TimeSplit(most, most, most, most, most, most, most, most),
                Collections.nCopies(ReplayRecord.MOST_ATTEMPTS, attempt));
    }

    private static ReplayRecord plan(Random random) {
        return new ReplayRecord.OfPlan(
                random.nextLong(1, Long.MAX_VALUE), tag(random), number(random), number(random), number(random));
    }

    private static byte[] tag(Random random) {
        byte[] tag = new byte[LaneSecret.TAG_BYTES];
        random.nextBytes(tag);
        return tag;
    }

    private static ReplayRecord record(Random random, int attempts) {
        List<Attempt> list = IntStream.range(0, attempts)
                .mapToObj(i -> new Attempt(
                        random.nextInt(1, 256),
                        random.nextInt(8),
                        random.nextInt(65_536),
                        Trigger.ofCode(random.nextInt(Trigger.values().length)),
                        random.nextInt(600),
                        number(random),
                        number(random)))
                .toList();
        TimeSplit times = new TimeSplit(
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random),
                number(random));
        return new ReplayRecord.OfOutcome(
                random.nextLong(1, Long.MAX_VALUE),
                tag(random),
                random.nextInt(1 << 20),
                random.nextInt(300),
                times,
                list);
    }

    /** Of any size, the largest among them. */
    private static long number(Random random) {
        return Long.MAX_VALUE >>> random.nextInt(64);
    }
}
