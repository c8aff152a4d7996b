package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import openledger.inference.Decision;
import openledger.settlement.DecisionSource;
import openledger.settlement.JournalPlace;
import openledger.store.RecordEncoding.JournalRecord;
import openledger.store.RecordEncoding.Kind;
import openledger.unit.LaneId;

/**
 * Reads a lane's journal for decisions, a bounded number of chunks at a time, and decodes them and nothing else, off the
 * event loop. Thread-safe.
 */
public final class JournalDecisionSource implements DecisionSource {
    private static final int MOST_CHUNKS = 512;
    /** A decision has an intent before it. */
    private static final int RECORDS_A_DECISION = 2;

    private static final String NEXT_CHUNKS = "select seq, data from"
            + " (select seq, records, data, sum(records) over (order by seq) as so_far"
            + " from journal_chunk where lane = $1 and seq >= $2 order by seq limit " + MOST_CHUNKS + ") as next"
            + " where so_far - records < $3 order by seq";
    private static final String COUNT =
            "select coalesce(sum(records - planned), 0) from journal_chunk where lane = $1 and seq > $2";

    private final Vertx vertx;
    private final Pool pool;
    private final LaneId lane;

    public JournalDecisionSource(Vertx vertx, Pool pool, LaneId lane) {
        this.vertx = vertx;
        this.pool = pool;
        this.lane = lane;
    }

    @Override
    public Uni<List<Placed>> after(JournalPlace place, int atMost) {
        int records = place.records() + RECORDS_A_DECISION * atMost;
        return query(NEXT_CHUNKS, Tuple.of(lane.value(), place.chunk(), (long) records))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().item(List.of())
                        : decoded(rows, place, atMost)
                                .chain(found -> found.isEmpty()
                                        // Intents only: the decisions of long requests lie behind.
                                        ? after(behind(rows), atMost)
                                        : Uni.createFrom().item(found)));
    }

    @Override
    public Uni<Long> countAfter(JournalPlace place) {
        return query(COUNT, Tuple.of(lane.value(), place.chunk()))
                .map(rows -> rows.iterator().next().getLong(0) / RECORDS_A_DECISION);
    }

    private Uni<RowSet<Row>> query(String sql, Tuple values) {
        return Uni.createFrom()
                .completionStage(() -> pool.preparedQuery(sql).execute(values).toCompletionStage());
    }

    private Uni<List<Placed>> decoded(RowSet<Row> chunks, JournalPlace from, int atMost) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(() -> decode(chunks, from, atMost), false)
                        .toCompletionStage());
    }

    private static JournalPlace behind(RowSet<Row> chunks) {
        long last = 0;
        for (Row chunk : chunks) {
            last = chunk.getLong(0);
        }
        return new JournalPlace(last + 1, 0);
    }

    private List<Placed> decode(RowSet<Row> chunks, JournalPlace from, int atMost) {
        List<Placed> decisions = new ArrayList<>();
        for (Row chunk : chunks) {
            if (decisions.size() >= atMost) {
                break;
            }
            long seq = chunk.getLong(0);
            decode(chunk.getBuffer(1).getBytes(), seq, seq == from.chunk() ? from.records() : 0, atMost, decisions);
        }
        return decisions;
    }

    private void decode(byte[] data, long seq, int skipped, int atMost, List<Placed> to) {
        List<Decision> found = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        RecordEncoding.scan(data, record -> {
            if (record.place() > skipped
                    && record.kind() == Kind.DECISION
                    && record.decode(lane) instanceof JournalRecord.OfDecision(var counter, var decision)) {
                found.add(decision);
                places.add(record.place());
            }
        });
        // A chunk has as many as one commit took; what is too much is read again.
        int taken = Math.min(found.size(), atMost - to.size());
        for (int i = 0; i < taken; i++) {
            boolean last = i == found.size() - 1;
            to.add(new Placed(
                    found.get(i), last ? new JournalPlace(seq + 1, 0) : new JournalPlace(seq, places.get(i))));
        }
    }
}
