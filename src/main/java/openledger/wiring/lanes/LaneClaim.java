package openledger.wiring.lanes;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import openledger.inference.record.RecordsUnavailable;
import openledger.store.Tables;
import openledger.store.lane.LaneHold;
import openledger.store.lane.LaneLeases;
import openledger.unit.LaneId;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/**
 * Which lane this process serves. From a pool it takes one before anything is made for a lane; a lane that the configuration names is taken
 * by its journal, as the only one who wants it. Waits: belongs to the start.
 */
@Singleton
public final class LaneClaim {
    private static final Logger LOG = Logger.getLogger(LaneClaim.class);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(30);
    private static final long RENEW_MILLIS = 1_000;

    private final Vertx vertx;
    private final Pool pool;
    private final Flyway flyway;
    private final UUID holder;
    private final String build;
    private Optional<LaneHold> claimed = Optional.empty();

    @Inject
    LaneClaim(
            Vertx vertx,
            Pool pool,
            Flyway flyway,
            @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "") String build) {
        this(vertx, pool, flyway, host() + ":" + port, build);
    }

    LaneClaim(Vertx vertx, Pool pool, Flyway flyway, String router, String build) {
        this.vertx = vertx;
        this.pool = pool;
        this.flyway = flyway;
        this.holder = LaneHold.holder(router, new SecureRandom().nextLong());
        this.build = build;
    }

    /** The same after a restart on the same machine or in the same container. */
    private static String host() {
        String named = System.getenv("HOSTNAME");
        if (named != null && !named.isBlank()) {
            return named;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /**
     * Takes a lane of a pool, waiting for as long as none is to be had; the number of its router.
     *
     * @throws IllegalStateException if the process is told to end before
     */
    public long take(LaneSettings lanes) {
        Tables.migrate(flyway);
        List<LaneHold> holds = lanes.pool().numbers().stream()
                .map(number -> new LaneHold(lanes.id(number), holder, build))
                .toList();
        LaneHold hold = await(holds, lanes);
        claimed = Optional.of(hold);
        keep(hold);
        long number = lanes.pool().numbers().stream()
                .filter(each -> lanes.id(each).equals(hold.lane()))
                .findFirst()
                .orElseThrow();
        LOG.infof(
                "lane claimed, number=%d lane=%d fence=%d", number, hold.lane().value(), hold.fence());
        return number;
    }

    /** The hold on the lane that is served, taken already if it was claimed. */
    public LaneHold hold(LaneId lane) {
        return claimed.filter(hold -> hold.lane().equals(lane)).orElseGet(() -> new LaneHold(lane, holder, build));
    }

    /** What this router was built from. */
    public String build() {
        return build;
    }

    private LaneHold await(List<LaneHold> holds, LaneSettings lanes) {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(stopped::countDown);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            long said = 0;
            while (true) {
                Optional<LaneHold> hold = claim(holds);
                if (hold.isPresent()) {
                    Runtime.getRuntime().removeShutdownHook(hook);
                    return hold.get();
                }
                if (said == 0 || System.nanoTime() - said > BETWEEN_WORDS.toNanos()) {
                    said = System.nanoTime();
                    LOG.warnf(
                            "no lane of openledger.lanes is free, and the router waits for one, lanes=%s",
                            lanes.pool().numbers());
                }
                if (stopped.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("the router was told to end while it waited for a lane");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a lane", e);
        }
    }

    private Optional<LaneHold> claim(List<LaneHold> holds) {
        try {
            return new LaneLeases(pool).claim(holds).await().atMost(LONGEST_ANSWER);
        } catch (RecordsUnavailable away) {
            LOG.warnf("lanes cannot be read, reason=%s", away.getMessage());
            return Optional.empty();
        }
    }

    /** Until its journal does, which is made last. */
    private void keep(LaneHold hold) {
        LaneLeases leases = new LaneLeases(pool);
        vertx.setPeriodic(RENEW_MILLIS, timer -> {
            if (hold.isKept()) {
                vertx.cancelTimer(timer);
            } else {
                leases.renew(hold)
                        .subscribe()
                        .with(
                                isOurs -> {},
                                failure ->
                                        LOG.warnf("the lane's lease was not renewed, reason=%s", failure.getMessage()));
            }
        });
    }
}
