package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.ConnectionFault;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Trigger;
import openledger.routing.allocation.Snapshot;
import openledger.settlement.TestDecisions;
import openledger.settlement.TestPlans;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.store.journal.RecordEncoding.Kind;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.ResendKey;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** What is written is read back. Long because every kind of record has its cases. */
final class RecordEncodingTest {
    private static final LaneId LANE = new LaneId(TestDecisions.LANE);

    @Test
    void readsBackWhatWasWritten() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Intent intent = intent(random);
            Decision decision = decision(random, intent);
            PlannedRequest planned = TestPlans.planned(random, random.nextLong(1, Long.MAX_VALUE));
            RecordWriter out = new RecordWriter(16);
            RecordEncoding.write(out, 7, intent);
            RecordEncoding.write(out, planned);
            RecordEncoding.write(out, decision);

            List<JournalRecord> read = read(out.toArray());

            assertThat(read)
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(
                            new JournalRecord.OfIntent(7, intent),
                            new JournalRecord.OfPlan(planned.id().counter(), planned),
                            new JournalRecord.OfDecision(decision.id().counter(), decision)));
        }
    }

    @Test
    void readsBackMarksOfAttempts() {
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            AttemptMark mark = new AttemptMark(
                    new RequestId(LANE.value(), random.nextLong(1, Long.MAX_VALUE)),
                    random.nextInt(1, 256),
                    random.nextInt(256),
                    random.nextInt(0x1_0000));
            RecordWriter out = new RecordWriter(16);
            RecordEncoding.write(out, mark);

            assertThat(out.size()).isEqualTo(18);
            assertThat(read(out.toArray())).isEqualTo(List.of(new JournalRecord.OfAttempt(mark)));
        }
    }

    @Test
    void readsBackConfirmedDecisions() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Decision decision = TestPlans.decision(random, random.nextLong(1, Long.MAX_VALUE));
            RecordWriter out = new RecordWriter(16);
            RecordEncoding.write(out, decision);

            assertThat(read(out.toArray()))
                    .usingRecursiveComparison()
                    .isEqualTo(
                            List.of(new JournalRecord.OfDecision(decision.id().counter(), decision)));
        }
    }

    @Test
    void readsBackWhatElseIsKnownOfAttempts() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Decision bare = seed % 2 == 0
                    ? decision(random, intent(random))
                    : TestPlans.decision(random, random.nextLong(1, Long.MAX_VALUE));
            Decision decision = withDetails(random, bare);
            RecordWriter out = new RecordWriter(16);
            RecordEncoding.write(out, decision);

            assertThat(read(out.toArray()))
                    .usingRecursiveComparison()
                    .isEqualTo(
                            List.of(new JournalRecord.OfDecision(decision.id().counter(), decision)));
        }
    }

    private static Decision withDetails(Random random, Decision of) {
        return new Decision(
                of.id(),
                of.intent(),
                of.status(),
                of.attempts().stream()
                        .map(attempt -> attempt.with(detail(random)))
                        .toList(),
                of.resends(),
                of.selectedTarget(),
                of.servedTier(),
                of.servedTarget(),
                of.trigger(),
                of.attribution(),
                of.overtakes(),
                of.timeSplit(),
                of.responseDigest(),
                of.mode(),
                of.plan());
    }

    private static AttemptDetail detail(Random random) {
        return new AttemptDetail(
                any(random, ConnectionFault.values()),
                random.nextBoolean(),
                random.nextBoolean() ? "" : "model-" + random.nextInt(),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new TokenUsage(
                                random.nextLong(-1, (1L << 32) - 1),
                                random.nextInt(-1, 100),
                                random.nextInt(-1, 100),
                                random.nextInt(-1, 100),
                                random.nextInt(-1, 100))),
                random.nextBoolean() ? List.of() : List.of("seed", "logit_bias"));
    }

    @Test
    void readsBackSnapshotsAmongOtherRecordsAtTheirPlaces() {
        Random random = new Random(5);
        Snapshot snapshot = TestPlans.snapshot(random, 41, 300);
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, 7, intent(random));
        RecordEncoding.write(out, snapshot);
        RecordEncoding.write(out, TestPlans.planned(random, 9));
        List<RecordEncoding.Undecoded> scanned = new ArrayList<>();

        RecordEncoding.scan(out.toArray(), scanned::add);

        assertThat(scanned)
                .extracting(RecordEncoding.Undecoded::kind)
                .containsExactly(Kind.INTENT, Kind.SNAPSHOT, Kind.PLAN);
        assertThat(scanned).extracting(RecordEncoding.Undecoded::place).containsExactly(1, 2, 3);
        assertThat(scanned).extracting(RecordEncoding.Undecoded::number).containsExactly(7L, 41L, 9L);
        assertThat(scanned.get(1).decode(LANE))
                .isInstanceOfSatisfying(
                        JournalRecord.OfSnapshot.class,
                        read -> assertThat(SnapshotEncoding.decode(read.bytes()))
                                .isEqualTo(snapshot));
    }

    @Test
    void theRecordOfAFastDecisionIsOneByteLongerThanBefore() {
        Random random = new Random(6);
        Decision decision = decision(random, unkeyed(random));
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, decision);

        assertThat(read(withoutLast(out, 1)))
                .usingRecursiveComparison()
                .isEqualTo(List.of(new JournalRecord.OfDecision(decision.id().counter(), decision)));
    }

    @Test
    void readsDecisionsFromBeforeResendsWereCounted() {
        Random random = new Random(1);
        Decision decision = decision(random, unkeyed(random));
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, decision);
        byte[] old = withoutLast(out, 1 + 32 + 1 + decision.intent().nonce().length() + 1);

        assertThat(read(old)).singleElement().isInstanceOfSatisfying(JournalRecord.OfDecision.class, record -> {
            assertThat(record.decision().resends()).isZero();
            assertThat(record.decision().attempts()).isEqualTo(decision.attempts());
        });
    }

    @Test
    void readsRecordsFromBeforeAnswersAndNoncesWereKept() {
        Random random = new Random(3);
        Decision decision = decision(random, unkeyed(random));
        int nonce = 1 + decision.intent().nonce().length();
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, decision);
        RecordWriter intent = new RecordWriter(16);
        RecordEncoding.write(intent, 7, decision.intent());

        assertThat(read(withoutLast(out, 32 + nonce + 1)))
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

    @Test
    void refusesAPlanThatEndsTooEarlyAndKindsItDoesNotKnow() {
        RecordWriter out = new RecordWriter(16);
        RecordEncoding.write(out, TestPlans.planned(new Random(7), 3));
        for (int bytes = 1; bytes < out.size() - Integer.BYTES; bytes++) {
            byte[] cut = withoutLast(out, bytes);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] unknown = out.toArray();
        unknown[Integer.BYTES + 1] = 6;
        assertThatThrownBy(() -> read(unknown)).hasMessageContaining("kind 6");
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
                random.nextBoolean() ? "" : "nonce " + random.nextInt(),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new ResendKey(random.nextLong(), random.nextLong())));
    }

    /** As of before requests were found by their keys. */
    private static Intent unkeyed(Random random) {
        Intent intent = intent(random);
        return intent.with(intent.nonce(), Optional.empty());
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
