package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import openledger.inference.record.Decision;
import openledger.settlement.cut.DecisionSource;
import openledger.settlement.cut.JournalOffset;
import openledger.store.journal.JournalChunks.Chunk;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.store.journal.RecordEncoding.Kind;
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

    private final JournalChunks journal;
    private final LaneId lane;

    public JournalDecisionSource(Vertx vertx, Pool pool, LaneId lane) {
        this.journal = new JournalChunks(vertx, pool, lane);
        this.lane = lane;
    }

    @Override
    public Uni<List<Placed>> after(JournalOffset place, int atMost) {
        return journal.firstAfter(
                place,
                NEXT_CHUNKS,
                from -> from.records() + (long) RECORDS_A_DECISION * atMost,
                chunks -> decode(chunks, atMost));
    }

    @Override
    public Uni<Long> countAfter(JournalOffset place) {
        return journal.rows(COUNT, Tuple.of(lane.value(), place.chunk()))
                .map(rows -> rows.iterator().next().getLong(0) / RECORDS_A_DECISION);
    }

    private List<Placed> decode(List<Chunk> chunks, int atMost) {
        List<Placed> decisions = new ArrayList<>();
        for (Chunk chunk : chunks) {
            if (decisions.size() >= atMost) {
                break;
            }
            decode(chunk, atMost, decisions);
        }
        return decisions;
    }

    private void decode(Chunk chunk, int atMost, List<Placed> to) {
        List<Decision> found = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        RecordEncoding.scan(chunk.data(), record -> {
            if (record.place() > chunk.skipped()
                    && record.kind() == Kind.DECISION
                    && record.decode(lane) instanceof JournalRecord.OfDecision(var counter, var decision)) {
                found.add(decision);
                places.add(record.place());
            }
        });
        // A chunk has as many as one commit took; what is too much is read again.
        int taken = Math.min(found.size(), atMost - to.size());
        for (int i = 0; i < taken; i++) {
            to.add(new Placed(found.get(i), chunk.behind(places.get(i), i == found.size() - 1)));
        }
    }
}
