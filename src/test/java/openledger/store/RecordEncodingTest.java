package openledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.AnswerForm;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.inference.Intent;
import openledger.inference.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Trigger;
import openledger.store.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

final class RecordEncodingTest {
    private static final LaneId LANE = new LaneId(3);

    @Test
    void readsBackWhatWasWritten() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Intent intent = intent(random);
            Decision decision = decision(random, intent);
            RecordWriter out = new RecordWriter(16);
            RecordEncoding.write(out, 7, intent);
            RecordEncoding.write(out, decision);

            List<JournalRecord> read = read(out.toArray());

            assertThat(read)
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(
                            new JournalRecord.OfIntent(7, intent),
                            new JournalRecord.OfDecision(decision.id().counter(), decision)));
        }
    }

    @Test
    void readsDecisionsFromBeforeResendsWereCounted() {
        Random random = new Random(1);
        Decision decision = decision(random, intent(random));
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, decision);
        byte[] old = withoutLast(out, 1 + 32 + 1 + decision.intent().nonce().length());

        assertThat(read(old)).singleElement().isInstanceOfSatisfying(JournalRecord.OfDecision.class, record -> {
            assertThat(record.decision().resends()).isZero();
            assertThat(record.decision().attempts()).isEqualTo(decision.attempts());
        });
    }

    @Test
    void readsRecordsFromBeforeAnswersAndNoncesWereKept() {
        Random random = new Random(3);
        Decision decision = decision(random, intent(random));
        int nonce = 1 + decision.intent().nonce().length();
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, decision);
        RecordWriter intent = new RecordWriter(16);
        RecordEncoding.write(intent, 7, decision.intent());

        assertThat(read(withoutLast(out, 32 + nonce)))
                .singleElement()
                .isInstanceOfSatisfying(JournalRecord.OfDecision.class, record -> {
                    assertThat(record.decision().resends()).isEqualTo(decision.resends());
                    assertThat(record.decision().responseDigest()).containsOnly(0);
                    assertThat(record.decision().intent().nonce()).isEmpty();
                });
        assertThat(read(withoutLast(intent, nonce)))
                .singleElement()
                .isInstanceOfSatisfying(JournalRecord.OfIntent.class, record -> {
                    assertThat(record.intent().tenant())
                            .isEqualTo(decision.intent().tenant());
                    assertThat(record.intent().nonce()).isEmpty();
                });
    }

    @Test
    void refusesACutRecord() {
        Random random = new Random(2);
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, decision(random, intent(random)));
        byte[] whole = out.toArray();

        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The only record there is, ending earlier. */
    private static byte[] withoutLast(RecordWriter out, int bytes) {
        byte[] old = Arrays.copyOf(out.toArray(), out.size() - bytes);
        ByteBuffer.wrap(old).putInt(old.length - Integer.BYTES);
        return old;
    }

    private static List<JournalRecord> read(byte[] chunk) {
        List<JournalRecord> records = new ArrayList<>();
        RecordEncoding.read(chunk, LANE, records::add);
        return records;
    }

    private static Intent intent(Random random) {
        return new Intent(
                random.nextLong(1L << 48),
                "tenant-" + random.nextInt(),
                new RouteId(random.nextInt(65_535)),
                any(random, Operation.values()),
                LeafMode.FAST,
                random.nextInt(1, 65),
                any(random, AnswerForm.values()),
                digest(random),
                random.nextBoolean() ? "" : "client-é-" + random.nextInt(),
                random.nextBoolean() ? "" : "nonce " + random.nextInt());
    }

    private static Decision decision(Random random, Intent intent) {
        List<AttemptRecord> attempts = IntStream.rangeClosed(1, random.nextInt(9))
                .mapToObj(number -> new AttemptRecord(
                        number,
                        random.nextInt(8),
                        random.nextInt(65_536),
                        any(random, Trigger.values()),
                        random.nextInt(600),
                        random.nextLong(1L << 40),
                        random.nextLong(1L << 40),
                        random.nextBoolean() ? "" : "req-" + random.nextInt()))
                .toList();
        return new Decision(
                new RequestId(LANE.value(), random.nextLong(1, Long.MAX_VALUE)),
                intent,
                any(random, DecisionStatus.values()),
                attempts,
                random.nextInt(256),
                random.nextInt(65_536),
                random.nextInt(256),
                random.nextInt(65_536),
                any(random, Trigger.values()),
                any(random, Attribution.values()),
                random.nextInt(1_000_000),
                new TimeSplit(1, 2, 3, random.nextLong(1L << 40), 5, 6, 0, 0),
                digest(random),
                LeafMode.FAST,
                Optional.empty());
    }

    private static byte[] digest(Random random) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return digest;
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
