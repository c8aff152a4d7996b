package openledger.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import openledger.inference.OriginStore;
import openledger.inference.admission.FairPermits;
import openledger.inference.record.RecordsUnavailable;
import org.jboss.logging.Logger;

/**
 * Which provider made which object, in the database, for as long as decisions are kept. Written after the answers, one statement at a time;
 * names that a crash loses, or for which there is no room, are not known later, and a request that refers to one is refused. Thread-safe.
 */
public final class StoredOrigins implements OriginStore {
    private static final Logger LOG = Logger.getLogger(StoredOrigins.class);
    /** Rows that wait to be written, about 200 bytes each; of a tenant no more than are free. */
    static final int MOST_PENDING = 50_000;

    private static final int ROWS_A_STATEMENT = 1_000;
    private static final long TROUBLE_MILLIS = 1_000;
    /** A client waits for it. */
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(3);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

    private static final String INSERT = "insert into answer_origin (day, name, provider)"
            + " select $1, made.name, made.provider from unnest($2::uuid[], $3::text[]) as made (name, provider)"
            + " on conflict do nothing";
    private static final String FIND =
            "select name, provider from answer_origin where name = any($1::uuid[]) order by day";

    private final Vertx vertx;
    private final Pool pool;
    private final Context home;
    private final FairPermits places = new FairPermits(MOST_PENDING);
    private final Deque<Made> pending = new ArrayDeque<>();
    private boolean writing;
    private boolean troubled;
    private boolean full;

    /** Origins in the database of {@code pool}. */
    public StoredOrigins(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
        this.home = vertx.getOrCreateContext();
    }

    private record Made(String tenant, UUID name, String provider) {}

    @Override
    public synchronized void keep(String tenant, UUID name, String provider) {
        if (!places.take(tenant)) {
            if (!full) {
                full = true;
                LOG.warnf("origins of answers are not kept: too many wait to be written, pending=%d", pending.size());
            }
            return;
        }
        pending.add(new Made(tenant, name, provider));
        if (!writing) {
            writing = true;
            home.runOnContext(go -> write());
        }
    }

    private void write() {
        List<Made> rows = next();
        if (rows.isEmpty()) {
            return;
        }
        Tuple values = Tuple.of(
                LocalDate.now(ZoneOffset.UTC),
                rows.stream().map(Made::name).toArray(UUID[]::new),
                rows.stream().map(Made::provider).toArray(String[]::new));
        BoundedQuery.rows(pool, INSERT, values)
                .subscribe()
                .with(
                        written -> {
                            rows.forEach(row -> places.giveBack(row.tenant));
                            calm();
                            write();
                        },
                        failure -> {
                            putBack(rows, failure);
                            vertx.setTimer(TROUBLE_MILLIS, again -> write());
                        });
    }

    private synchronized List<Made> next() {
        List<Made> rows = new ArrayList<>(Math.min(pending.size(), ROWS_A_STATEMENT));
        while (rows.size() < ROWS_A_STATEMENT && !pending.isEmpty()) {
            rows.add(pending.removeFirst());
        }
        writing = !rows.isEmpty();
        return rows;
    }

    private synchronized void calm() {
        troubled = false;
        full = false;
    }

    private synchronized void putBack(List<Made> rows, Throwable failure) {
        rows.reversed().forEach(pending::addFirst);
        if (!troubled) {
            troubled = true;
            LOG.warnf(
                    "origins of answers could not be written and will be tried again, reason=%s", failure.getMessage());
        }
    }

    @Override
    public Uni<Map<UUID, String>> find(Set<UUID> names) {
        return BoundedQuery.rows(pool, FIND, Tuple.of(names.toArray(UUID[]::new)))
                .ifNoItem()
                .after(LONGEST_QUESTION)
                .failWith(() -> new RecordsUnavailable(new TimeoutException("no answer in time")))
                .map(rows -> {
                    Map<UUID, String> found = new HashMap<>();
                    for (Row row : rows) {
                        found.put(row.getUUID(0), row.getString(1));
                    }
                    return found;
                });
    }

    /** Completes when all is written, or after a while in any case. */
    public Uni<Void> close() {
        long until = System.nanoTime() + LONGEST_CLOSE.toNanos();
        return Uni.createFrom().<Void>emitter(to -> awaitWritten(() -> to.complete(null), until));
    }

    private void awaitWritten(Runnable then, long until) {
        if (isWritten() || System.nanoTime() > until) {
            then.run();
        } else {
            vertx.setTimer(10, later -> awaitWritten(then, until));
        }
    }

    private synchronized boolean isWritten() {
        return !writing;
    }
}
