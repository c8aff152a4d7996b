package openledger.store.journal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import openledger.settlement.cut.JournalOffset;
import openledger.settlement.cut.PlanSource;
import openledger.store.journal.JournalChunks.Chunk;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.store.journal.RecordEncoding.Kind;
import openledger.store.journal.RecordEncoding.Undecoded;
import openledger.unit.LaneId;

/**
 * Reads a lane's journal for snapshots and plans, and decodes them off the event loop. Chunks without any are not even read:
 * an index leads past them. Thread-safe.
 */
public final class JournalPlanSource implements PlanSource {
    private static final int MOST_CHUNKS = 64;
    /** A snapshot shows every open request, so chunks with few plans can be long. */
    private static final long MOST_BYTES = 8L << 20;

    /** The chunk in which reading begins may have nothing left, so it does not count. */
    private static final String NEXT_CHUNKS =
            "select seq, data from (select seq, data, planned, octet_length(data) as bytes,"
                    + " sum(case when seq > $2 then planned else 0 end) over before as so_many,"
                    + " sum(octet_length(data)) over before as so_long"
                    + " from journal_chunk where lane = $1 and seq >= $2 and planned > 0"
                    + " window before as (order by seq) order by seq limit " + MOST_CHUNKS + ") as next"
                    + " where so_many - planned < $3 and so_long - bytes < " + MOST_BYTES + " order by seq";

    private final JournalChunks journal;
    private final LaneId lane;

    public JournalPlanSource(Vertx vertx, Pool pool, LaneId lane) {
        this.journal = new JournalChunks(vertx, pool, lane);
        this.lane = lane;
    }

    @Override
    public Uni<List<Entry>> after(JournalOffset place, int atMost) {
        return journal.firstAfter(place, NEXT_CHUNKS, any -> atMost, chunks -> decode(chunks, atMost));
    }

    private List<Entry> decode(List<Chunk> chunks, int atMost) {
        List<Entry> entries = new ArrayList<>();
        int plans = 0;
        for (Chunk chunk : chunks) {
            List<Undecoded> found = found(chunk.data(), chunk.skipped());
            for (int i = 0; i < found.size(); i++) {
                Undecoded record = found.get(i);
                if (record.kind() == Kind.PLAN && plans++ == atMost) {
                    return entries;
                }
                entries.add(entry(record, chunk.behind(record.place(), i == found.size() - 1)));
            }
        }
        return entries;
    }

    private static List<Undecoded> found(byte[] data, int skipped) {
        List<Undecoded> found = new ArrayList<>();
        RecordEncoding.scan(data, record -> {
            boolean wanted = record.kind() == Kind.SNAPSHOT || record.kind() == Kind.PLAN;
            if (wanted && record.place() > skipped) {
                found.add(record);
            }
        });
        return found;
    }

    private Entry entry(Undecoded record, JournalOffset behind) {
        return switch (record.decode(lane)) {
            case JournalRecord.OfSnapshot snapshot -> new Entry.OfSnapshot(snapshot.number(), snapshot.bytes(), behind);
            case JournalRecord.OfPlan(var counter, var plan) -> new Entry.OfPlan(plan, behind);
            case JournalRecord.OfIntent intent -> throw new IllegalStateException("an intent is no plan");
            case JournalRecord.OfDecision decision -> throw new IllegalStateException("a decision is no plan");
            case JournalRecord.OfAttempt attempt -> throw new IllegalStateException("an attempt is no plan");
        };
    }
}
