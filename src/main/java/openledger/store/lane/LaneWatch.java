package openledger.store.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import openledger.store.DatabaseLink;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds lanes that have no router and unfinished work, from any router: requests without an end, decisions that are not derived, or not on
 * chain for good. Start and stop may come from any thread; the figure may be read on any.
 */
public final class LaneWatch {
    private static final Logger LOG = Logger.getLogger(LaneWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    /** Seconds since the oldest lease of such a lane expired, 0 if there is none. */
    private static final String UNATTENDED = "select coalesce(max(extract(epoch from now() - l.expires)), 0)::float8"
            + " from lane_lease l, lateral (" + LaneLeases.LEFT + ") w where l.expires < now()"
            + " and l.state <> " + LaneHold.State.FREE.code()
            + " and (w.underived or w.unfinal or w.uncut and w.settles)";

    private final Vertx vertx;
    private final Pool pool;
    private volatile double unattendedSeconds;
    private volatile boolean stopped;
    private boolean troubled;

    public LaneWatch(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    /** Looks now and every ten seconds. */
    public void start() {
        vertx.getOrCreateContext().runOnContext(go -> look());
    }

    /** Looks no more. */
    public void stop() {
        stopped = true;
    }

    /** For how long an unfinished lane has had no router, the longest of all; 0 if all are seen to. As far as is known. */
    public double unattendedSeconds() {
        return unattendedSeconds;
    }

    private void look() {
        if (stopped) {
            return;
        }
        ask(pool).onComplete(result -> {
            if (result.succeeded()) {
                unattendedSeconds = result.result();
            }
            tell(result.cause());
            vertx.setTimer(EVERY.toMillis(), due -> look());
        });
    }

    private static Future<Double> ask(Pool pool) {
        return pool.query(UNATTENDED)
                .execute()
                .timeout(DatabaseLink.LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS)
                .map(rows -> rows.iterator().next().getDouble(0));
    }

    /** What a look would find now. */
    public static Uni<Double> unattended(Pool pool) {
        return Uni.createFrom().completionStage(() -> ask(pool).toCompletionStage());
    }

    /** Said once an outage. */
    private void tell(@Nullable Throwable trouble) {
        if (trouble != null && !troubled) {
            LOG.warnf("the search for lanes without a router failed, reason=%s", trouble.getMessage());
        }
        troubled = trouble != null;
    }
}
