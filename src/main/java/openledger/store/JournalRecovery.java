package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import openledger.fairness.Attribution;
import openledger.inference.Decision;
import openledger.inference.Intent;
import openledger.inference.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.store.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.TargetId;

/** Reads a lane's journal back at the start: where it ended, and which intents have no decision. */
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
     * @param interrupted a decision for each intent that has none
     */
    record State(long lastSeq, long lastCounter, List<Decision> interrupted) {}

    Uni<State> read(LaneId lane) {
        Uni<long[]> marks = query(
                        "select coalesce((select low_water from projection where lane = $1), 1),"
                                + " coalesce((select seq from projection where lane = $1), 0),"
                                + " coalesce((select last_counter from projection where lane = $1), 0)",
                        Tuple.of(lane.value()))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new long[] {row.getLong(0), row.getLong(1), row.getLong(2)};
                });
        return marks.chain(mark -> {
            Scan scan = new Scan(lane, mark[0] - 1, mark[1], mark[2]);
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
        return Uni.createFrom()
                .completionStage(() -> pool.preparedQuery(sql).execute(values).toCompletionStage());
    }

    /** The state of a reading. */
    private static final class Scan {
        final LaneId lane;
        private final Map<Long, Intent> open = new TreeMap<>();
        long at;
        private long lastSeq;
        private long lastCounter;

        Scan(LaneId lane, long from, long lastSeq, long lastCounter) {
            this.lane = lane;
            this.at = from;
            this.lastSeq = lastSeq;
            this.lastCounter = lastCounter;
        }

        void take(Row row) {
            at = row.getLong(0);
            lastSeq = Math.max(lastSeq, at);
            lastCounter = Math.max(lastCounter, row.getLong(1));
            Buffer data = row.getBuffer(2);
            RecordEncoding.read(data.getBytes(), lane, record -> {
                switch (record) {
                    case JournalRecord.OfIntent(var counter, var intent) -> open.put(counter, intent);
                    case JournalRecord.OfDecision(var counter, var decision) -> open.remove(counter);
                }
            });
        }

        State state() {
            List<Decision> interrupted = open.entrySet().stream()
                    .map(entry -> interrupted(new RequestId(lane.value(), entry.getKey()), entry.getValue()))
                    .toList();
            return new State(lastSeq, lastCounter, interrupted);
        }

        private static Decision interrupted(RequestId id, Intent intent) {
            return new Decision(
                    id,
                    intent,
                    DecisionStatus.INTERRUPTED,
                    List.of(),
                    0,
                    TargetId.NONE,
                    Decision.NO_TIER,
                    TargetId.NONE,
                    Trigger.NONE,
                    Attribution.NONE,
                    0,
                    TimeSplit.ZERO,
                    new byte[Decision.DIGEST_BYTES],
                    intent.mode(),
                    Optional.empty());
        }
    }
}
