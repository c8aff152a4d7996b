package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import openledger.inference.Catalog;
import openledger.inference.record.Decision;
import openledger.store.catalog.StoredCatalog;
import openledger.store.catalog.StoredNames;
import openledger.store.journal.RecordEncoding;
import openledger.store.journal.RecordEncoding.JournalRecord;
import openledger.unit.LaneId;

/**
 * All decisions of a database by its address, day by day and lane by lane, in pages of a bounded size, for a process that has no pool. Its
 * connection ends with the Vert.x. Thread-safe.
 */
public final class DecisionArchive {
    /** What is not wanted is passed over in the database, so a page looks at a bounded number of rows and not for one of a bounded size. */
    private static final int ROWS_A_PAGE = 2_000;

    private static final String PAGE = "select lane, counter, case when arrival >= $4 and arrival < $5"
            + " and ($6::text is null or tenant = $6) then record end as record from decision"
            + " where day = $1 and (lane, counter) > ($2, $3) order by lane, counter limit " + ROWS_A_PAGE;

    /** The server ends a session that is silent for longer, and between two pages a file may be written. */
    private static final int IDLE_SECONDS = 5;

    private static final LaneId ANY = new LaneId(1);

    private final DatabaseServers servers;
    private final Pool pool;

    private DecisionArchive(DatabaseServers servers, Pool pool) {
        this.servers = servers;
        this.pool = pool;
    }

    /** The database of some servers. Does not connect yet. */
    public static DecisionArchive at(Vertx vertx, DatabaseServers servers) {
        PoolOptions one =
                new PoolOptions().setMaxSize(1).setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        return new DecisionArchive(servers, servers.pool(vertx, one));
    }

    /** Why something that was asked of it has failed, as {@link DatabaseTrouble} has it. */
    public String trouble(Throwable failure) {
        return DatabaseTrouble.of(failure, servers);
    }

    /** The names of routes and targets of all lanes. */
    public Uni<Catalog> names() {
        return StoredCatalog.read(pool, ANY).map(lane -> new StoredNames(pool, lane));
    }

    /**
     * What is wanted.
     *
     * @param fromMillis earliest arrival, Unix ms
     * @param toMillis the arrival before which it ends
     * @param tenant whose; empty for all
     */
    public record Wanted(long fromMillis, long toMillis, Optional<String> tenant) {
        /** The first day that there may be something of. */
        public LocalDate firstDay() {
            return day(fromMillis);
        }

        /** The last. */
        public LocalDate lastDay() {
            return day(toMillis - 1);
        }

        private static LocalDate day(long millis) {
            return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
        }
    }

    /**
     * Where a page ends.
     *
     * @param lane 0 before the first
     */
    public record Place(long lane, long counter) {
        /** Before a day's first decision. */
        public static final Place START = new Place(0, 0);
    }

    /**
     * Some decisions of a day.
     *
     * @param next where the next page begins; empty if this is the last one
     */
    public record Page(List<Decision> decisions, Optional<Place> next) {
        public Page {
            decisions = List.copyOf(decisions);
        }
    }

    /** The page behind a place of a day. */
    public Uni<Page> after(LocalDate day, Place place, Wanted wanted) {
        Tuple values = Tuple.tuple()
                .addLocalDate(day)
                .addLong(place.lane())
                .addLong(place.counter())
                .addLong(wanted.fromMillis())
                .addLong(wanted.toMillis())
                .addString(wanted.tenant().orElse(null));
        return BoundedQuery.rows(pool, PAGE, values).map(rows -> {
            List<Decision> decisions = new ArrayList<>();
            Place last = place;
            for (Row row : rows) {
                last = new Place(row.getLong(0), row.getLong(1));
                if (row.getBuffer(2) != null) {
                    RecordEncoding.read(row.getBuffer(2).getBytes(), new LaneId(last.lane()), record -> {
                        if (record instanceof JournalRecord.OfDecision(var counter, var decision)) {
                            decisions.add(decision);
                        }
                    });
                }
            }
            return new Page(decisions, rows.size() < ROWS_A_PAGE ? Optional.empty() : Optional.of(last));
        });
    }
}
