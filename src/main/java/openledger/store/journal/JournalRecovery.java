package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import openledger.fairness.Attribution;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.record.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.store.BoundedQuery;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.TargetId;

/**
 * Reads a lane's journal back at the start: where it ended, and which intents have no decision. For one without a decision, only the
 * durable part is reported: it spent at least so many attempts.
 */
public final class JournalRecovery {
    private static final int CHUNKS_A_READ = 256;

    private final Pool pool;

    public JournalRecovery(Pool pool) {
        this.pool = pool;
    }

    /**
     * What a start has to know.
     *
     * @param lastSeq of the last chunk, 0 if there is none
     * @param lastCounter of the last request, 0 if there is none
     * @param lastSnapshot number of the last snapshot, 0 if there is none
     * @param interrupted a decision for each intent that has none
     */
    record State(long lastSeq, long lastCounter, long lastSnapshot, List<Decision> interrupted) {}

    /** @param ends told of each request that ended and may have no row */
    Uni<State> read(LaneId lane, RecentEnds ends) {
        Uni<long[]> marks = query(
                        "select coalesce((select low_water from projection where lane = $1), 1),"
                                + " coalesce((select seq from projection where lane = $1), 0),"
                                + " coalesce((select last_counter from projection where lane = $1), 0),"
                                + " coalesce((select last_snapshot from projection where lane = $1), 0)",
                        Tuple.of(lane.value()))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new long[] {row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3)};
                });
        return marks.chain(mark -> {
            Scan scan = new Scan(lane, ends, mark[0] - 1, mark[1], mark[2], mark[3]);
            return readOn(scan).map(done -> scan.state());
        });
    }

    private Uni<Void> readOn(Scan scan) {
        return query(
                        "select seq, last_counter, data from journal_chunk where lane = $1 and seq > $2 order by seq limit "
                                + CHUNKS_A_READ,
                        Tuple.of(scan.lane.value(), scan.at))
                .chain(rows -> {
                    rows.forEach(scan::take);
                    return rows.size() < CHUNKS_A_READ ? Uni.createFrom().voidItem() : readOn(scan);
                });
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return BoundedQuery.rows(pool, sql, values);
    }

    /** The state of a reading. */
    private static final class Scan {
        final LaneId lane;
        private final RecentEnds ends;
        private final Map<Long, Unfinished> open = new TreeMap<>();
        long at;
        private long lastSeq;
        private long lastCounter;
        private long lastSnapshot;

        Scan(LaneId lane, RecentEnds ends, long from, long lastSeq, long lastCounter, long lastSnapshot) {
            this.lane = lane;
            this.ends = ends;
            ends.derived(lastSeq);
            this.at = from;
            this.lastSeq = lastSeq;
            this.lastCounter = lastCounter;
            this.lastSnapshot = lastSnapshot;
        }

        void take(Row row) {
            at = row.getLong(0);
            lastSeq = Math.max(lastSeq, at);
            lastCounter = Math.max(lastCounter, row.getLong(1));
            Buffer data = row.getBuffer(2);
            RecordEncoding.read(data.getBytes(), lane, record -> {
                switch (record) {
                    case JournalRecord.OfIntent(var counter, var intent) ->
                        open.put(counter, new Unfinished(intent, Optional.empty(), new ArrayList<>(1)));
                    case JournalRecord.OfDecision(var counter, var decision) -> {
                        open.remove(counter);
                        ends.ended(counter, at);
                    }
                    // One that is not open has its decision: the client was gone before its plan was made.
                    case JournalRecord.OfPlan(var counter, var plan) ->
                        open.computeIfPresent(counter, (same, before) -> before.with(plan));
                    case JournalRecord.OfAttempt(var attempt) ->
                        open.computeIfPresent(attempt.id().counter(), (same, before) -> before.with(attempt));
                    case JournalRecord.OfSnapshot snapshot -> lastSnapshot = Math.max(lastSnapshot, snapshot.number());
                }
            });
        }

        State state() {
            List<Decision> interrupted = open.entrySet().stream()
                    .map(entry -> interrupted(new RequestId(lane.value(), entry.getKey()), entry.getValue()))
                    .toList();
            return new State(lastSeq, lastCounter, lastSnapshot, interrupted);
        }

        private static Decision interrupted(RequestId id, Unfinished request) {
            int spent = request.plan.map(Plan::spent).orElse(0);
            return new Decision(
                    id,
                    request.intent,
                    DecisionStatus.INTERRUPTED,
                    List.copyOf(request.attempts),
                    0,
                    request.plan
                            .map(Plan::first)
                            .orElseGet(() -> request.attempts.isEmpty()
                                    ? TargetId.NONE
                                    : request.attempts.getFirst().target()),
                    Decision.NO_TIER,
                    TargetId.NONE,
                    spent > 0 ? Trigger.NO_CAPACITY : Trigger.NONE,
                    Attribution.NONE,
                    0,
                    TimeSplit.ZERO,
                    new byte[Decision.DIGEST_BYTES],
                    request.intent.mode(),
                    request.plan);
        }
    }

    /** A request without a decision, with its plan if one was recorded, and the attempts that are known to have been taken. */
    private record Unfinished(Intent intent, Optional<Plan> plan, List<AttemptRecord> attempts) {
        Unfinished with(PlannedRequest planned) {
            return new Unfinished(intent, Optional.of(planned.plan()), attempts);
        }

        /** How it ended nobody knows: as an attempt that we gave up ourselves, it has no trigger and no status. */
        Unfinished with(AttemptMark taken) {
            attempts.add(new AttemptRecord(taken.number(), taken.tier(), taken.target(), Trigger.NONE, 0, 0, 0, ""));
            return this;
        }
    }
}
