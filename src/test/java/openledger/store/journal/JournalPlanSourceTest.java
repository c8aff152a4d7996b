package openledger.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.smallrye.mutiny.Uni;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal.Appended;
import openledger.inference.record.PlannedRequest;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.routing.allocation.Snapshot;
import openledger.settlement.TestDecisions;
import openledger.settlement.TestPlans;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.store.SettlementDatabase;
import openledger.store.decision.DecisionProjector;
import openledger.store.lane.LaneHold;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots and plans in a real journal, and what a restart makes of them. Long because one database serves all its tests. */
final class JournalPlanSourceTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration NEVER = Duration.ofHours(1);

    private final JournalPlanSource plans =
            new JournalPlanSource(DATABASE.vertx, DATABASE.pool, SettlementDatabase.LANE);
    private final JournalDecisionSource decisions =
            new JournalDecisionSource(DATABASE.vertx, DATABASE.pool, SettlementDatabase.LANE);
    private final Random random = new Random(11);

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate journal_chunk, projection, decision");
    }

    @Test
    void plansComeBackInOrderFromAmongThousandsOfOtherRecords() {
        GroupCommitJournal journal = open(SOON);
        List<Object> written = new ArrayList<>();
        List<Long> ended = new ArrayList<>();
        for (int epoch = 1; epoch <= 60; epoch++) {
            List<PlannedRequest> pinned = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                pinned.add(plan(journal, TestPlans.intent(random)));
            }
            Snapshot snapshot = TestPlans.snapshot(random, epoch, random.nextInt(50));
            long last = journal.append(snapshot, pinned);
            written.add(snapshot);
            written.addAll(pinned);
            for (int i = 0; i < 50; i++) {
                ended.add(fast(journal));
            }
            for (PlannedRequest one : pinned) {
                journal.append(decision(one));
                ended.add(one.id().counter());
            }
            if (epoch % 3 == 0) {
                get(journal.durable(last));
            }
        }
        get(journal.close());

        for (int atMost : List.of(1, 2, 7, 1_200)) {
            assertThat(comparable(everythingIn(atMost))).isEqualTo(comparable(written));
        }
        assertThat(everyDecision()).isEqualTo(ended);
        assertThat(get(decisions.countAfter(JournalOffset.START))).isLessThanOrEqualTo(ended.size());
    }

    /** Read so many at a time, on from behind any of what was read. */
    private List<Object> everythingIn(int atMost) {
        List<Object> read = new ArrayList<>();
        JournalOffset place = JournalOffset.START;
        List<Entry> next = get(plans.after(place, atMost));
        while (!next.isEmpty()) {
            assertThat(next.stream().filter(entry -> entry instanceof Entry.OfPlan))
                    .hasSizeLessThanOrEqualTo(atMost);
            int taken = random.nextInt(1, next.size() + 1);
            next.subList(0, taken).forEach(entry -> read.add(content(entry)));
            place = next.get(taken - 1).behind();
            next = get(plans.after(place, atMost));
        }
        return read;
    }

    private static Object content(Entry entry) {
        return switch (entry) {
            case Entry.OfSnapshot(var number, var bytes, var behind) -> {
                Snapshot snapshot = SnapshotEncoding.decode(bytes);
                assertThat(snapshot.number()).isEqualTo(number);
                yield snapshot;
            }
            case Entry.OfPlan(var plan, var behind) -> plan;
        };
    }

    /** Plans have bytes in them, which compare by identity. */
    private static List<String> comparable(List<Object> contents) {
        return contents.stream()
                .map(content -> content instanceof PlannedRequest planned
                        ? planned.id() + " " + planned.plan() + " " + planned.tier() + " " + planned.pinnedMillis()
                                + " " + planned.intent().tenant()
                        : content.toString())
                .toList();
    }

    private List<Long> everyDecision() {
        List<Long> read = new ArrayList<>();
        JournalOffset place = JournalOffset.START;
        for (List<Placed> next = get(decisions.after(place, 100));
                !next.isEmpty();
                next = get(decisions.after(place, 100))) {
            next.forEach(placed -> read.add(placed.decision().id().counter()));
            place = next.getLast().behind();
        }
        return read;
    }

    @Test
    void chunksWithoutPlansAreNotEvenRead() throws SQLException {
        // Nobody could decode these.
        DATABASE.execute("insert into journal_chunk select current_date, 7, n, gen_random_uuid(), 0, 1000, '\\x00ff', 0"
                + " from generate_series(1, 20000) n");
        RecordWriter out = new RecordWriter(1_024);
        RecordEncoding.write(out, TestPlans.snapshot(random, 1, 3));
        RecordEncoding.write(out, TestPlans.planned(random, 1));
        DATABASE.chunk(20_001, LocalDate.now(ZoneOffset.UTC), out, 2);
        DATABASE.execute("analyze journal_chunk");

        List<Entry> found = get(plans.after(new JournalOffset(5, 77), 10));

        assertThat(found)
                .extracting(Entry::behind)
                .containsExactly(new JournalOffset(20_001, 1), new JournalOffset(20_002, 0));
        assertThat(get(plans.after(found.getLast().behind(), 10))).isEmpty();
        assertThat(DATABASE.text(
                        "explain select seq, data from journal_chunk where lane = 7 and seq >= 5 and planned > 0"
                                + " order by seq limit 64"))
                .contains("lane_seq_idx");
    }

    @Test
    void longSnapshotsComeAFewAtATime() throws SQLException {
        for (int number = 1; number <= 8; number++) {
            RecordWriter out = new RecordWriter(1_024);
            RecordEncoding.write(out, TestPlans.snapshot(random, number, 40_000));
            DATABASE.chunk(number, LocalDate.now(ZoneOffset.UTC), out, 1);
        }

        List<Entry> first = get(plans.after(JournalOffset.START, 1_200));

        assertThat(first).hasSizeBetween(3, 5);
        assertThat(everythingIn(1_200))
                .extracting(content -> ((Snapshot) content).number())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void aPlanBecomesDurableAtOnceAlthoughNobodyWaits() {
        GroupCommitJournal journal = open(NEVER);
        PlannedRequest alone = plan(journal, TestPlans.intent(random));

        journal.append(TestPlans.snapshot(random, 1, 1), List.of(alone));

        List<Entry> found = awaitPlans(2);
        assertThat(found.getLast().behind()).isEqualTo(new JournalOffset(2, 0));
        get(journal.close());
    }

    @Test
    void aSnapshotAndItsPlansAreInOneCommitHoweverManyOthersCommit() throws InterruptedException {
        GroupCommitJournal journal = open(Duration.ofMillis(1));
        Thread busy = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 30_000; i++) {
                fast(journal);
            }
        });
        for (int number = 1; number <= 40; number++) {
            List<PlannedRequest> pinned = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pinned.add(plan(journal, TestPlans.intent(random)));
            }
            get(journal.durable(journal.append(TestPlans.snapshot(random, number, 20), pinned)));
        }
        busy.join();
        get(journal.close());

        List<Long> chunks = new ArrayList<>();
        for (Entry entry : everyEntry()) {
            if (entry instanceof Entry.OfSnapshot) {
                chunks.add(entry.behind().chunk());
            } else {
                boolean behindTheLast = entry.behind().records() == 0;
                assertThat(entry.behind().chunk() - (behindTheLast ? 1 : 0)).isEqualTo(chunks.getLast());
            }
        }
        assertThat(chunks).hasSize(40);
    }

    @Test
    void aRestartGoesOnBehindTheLastSnapshotAndEndsWhatWasPlanned() {
        GroupCommitJournal before = open(SOON);
        assertThat(before.lastSnapshot()).isZero();
        PlannedRequest done = plan(before, TestPlans.intent(random));
        Plan held = new Plan(12, 2, 3, 0, 0, 2, 2, List.of(4, 5, 6, 7));
        Intent intent = TestPlans.intent(random);
        PlannedRequest cut = TestPlans.planned(random, append(before, intent), intent, held);
        long unplanned = append(before, TestPlans.intent(random));
        before.append(TestPlans.snapshot(random, 12, 3), List.of(done, cut));
        before.append(decision(done));
        before.append(TestPlans.snapshot(random, 13, 1), List.of());
        assertThat(before.lastSnapshot()).isEqualTo(13);
        get(before.close());

        GroupCommitJournal after = open(SOON);

        assertThat(after.lastSnapshot()).isEqualTo(13);
        List<Decision> read = get(decisions.after(JournalOffset.START, 10)).stream()
                .map(Placed::decision)
                .toList();
        assertThat(read).hasSize(3);
        assertThat(read.getFirst().plan()).contains(done.plan());
        Decision interrupted = read.get(1);
        assertThat(interrupted.id()).isEqualTo(cut.id());
        assertThat(interrupted.status()).isEqualTo(DecisionStatus.INTERRUPTED);
        assertThat(interrupted.plan()).contains(held);
        assertThat(interrupted.mode()).isEqualTo(intent.mode());
        assertThat(interrupted.selectedTarget()).isEqualTo(6);
        assertThat(interrupted.trigger()).isEqualTo(Trigger.NO_CAPACITY);
        assertThat(read.getLast().id().counter()).isEqualTo(unplanned);
        assertThat(read.getLast().plan()).isEmpty();
        assertThat(read.getLast().selectedTarget()).isEqualTo(TargetId.NONE);
        get(after.close());
        get(open(SOON).close());
        assertThat(everyDecision()).hasSize(3);
    }

    @Test
    void aPlanMadeForARequestThatHadEndedIsNotEndedTwice() {
        GroupCommitJournal before = open(SOON);
        PlannedRequest late = plan(before, TestPlans.intent(random));
        before.append(TestPlans.decision(random, late.id().counter(), late.intent(), Optional.empty()));
        before.append(TestPlans.snapshot(random, 1, 1), List.of(late));
        get(before.close());

        get(open(SOON).close());

        assertThat(everyDecision()).containsExactly(late.id().counter());
    }

    @Test
    void theLastSnapshotIsKnownWhenItsChunkIsGone() throws SQLException {
        GroupCommitJournal before = open(SOON);
        PlannedRequest planned = plan(before, TestPlans.intent(random));
        before.append(TestPlans.snapshot(random, 77, 1), List.of(planned));
        before.append(decision(planned));
        fast(before);
        get(before.close());
        DecisionProjector projector = DATABASE.projector();
        projector.start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!DATABASE.text("select last_snapshot from projection").equals("77")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        projector.stop();
        assertThat(DATABASE.text("select count(*), sum(mode) from decision"))
                .isEqualTo(
                        "2, " + (LeafMode.FAST.code() + decision(planned).mode().code()));
        DATABASE.execute("truncate journal_chunk");

        GroupCommitJournal after = open(SOON);

        assertThat(after.lastSnapshot()).isEqualTo(77);
        assertThat(append(after, TestPlans.intent(random))).isEqualTo(3);
        get(after.close());
    }

    private List<Entry> everyEntry() {
        List<Entry> all = new ArrayList<>();
        for (List<Entry> next = get(plans.after(JournalOffset.START, 100));
                !next.isEmpty();
                next = get(plans.after(all.getLast().behind(), 100))) {
            all.addAll(next);
        }
        return all;
    }

    private static GroupCommitJournal open(Duration flushInterval) {
        GroupCommitJournal journal = new GroupCommitJournal(
                DATABASE.vertx,
                DATABASE.servers(),
                new JournalSettings(SettlementDatabase.LANE, 64 << 20, PATIENCE, flushInterval),
                new JournalRecovery(DATABASE.pool),
                new LaneHold(SettlementDatabase.LANE),
                () -> fail("somebody else writes our lane"));
        get(journal.open());
        return journal;
    }

    private static long append(GroupCommitJournal journal, Intent intent) {
        if (journal.append(intent) instanceof Appended.Accepted accepted) {
            return accepted.id().counter();
        }
        throw new AssertionError("the journal takes nothing");
    }

    private PlannedRequest plan(GroupCommitJournal journal, Intent intent) {
        return TestPlans.planned(random, append(journal, intent), intent, TestPlans.plan(random));
    }

    /** The same one each time. */
    private static Decision decision(PlannedRequest planned) {
        long counter = planned.id().counter();
        return TestPlans.decision(new Random(counter), counter, planned.intent(), Optional.of(planned.plan()));
    }

    /** A whole fast request; its counter. */
    private static long fast(GroupCommitJournal journal) {
        Decision any = TestDecisions.decision(new Random(1), 1);
        long counter = append(journal, any.intent());
        journal.append(new Decision(
                new RequestId(TestDecisions.LANE, counter),
                any.intent(),
                any.status(),
                any.attempts(),
                any.resends(),
                any.selectedTarget(),
                any.servedTier(),
                any.servedTarget(),
                any.trigger(),
                any.attribution(),
                any.overtakes(),
                any.timeSplit(),
                any.responseDigest(),
                any.mode(),
                any.plan()));
        return counter;
    }

    private List<Entry> awaitPlans(int entries) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Entry> found = get(plans.after(JournalOffset.START, 10));
        while (found.size() < entries) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            found = get(plans.after(JournalOffset.START, 10));
        }
        return found;
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
