package openledger.wiring.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.inference.fairness.ClusterFairness;
import openledger.store.lane.StoredLaneSecrets;
import openledger.unit.LaneId;
import openledger.wiring.config.CheckedConfiguration;
import org.jboss.logging.Logger;

/** This router's part in the figures of a cluster, from its start to its stop; nothing if it is alone. */
@Singleton
public final class FairnessRounds {
    private static final Logger LOG = Logger.getLogger(FairnessRounds.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Optional<ClusterFairness> fairness;
    private final StoredLaneSecrets secrets;
    private final LaneId lane;
    private final AtomicBoolean looks = new AtomicBoolean();
    private volatile boolean isOver;
    private long timer = -1;

    FairnessRounds(
            Vertx vertx, Optional<ClusterFairness> fairness, StoredLaneSecrets secrets, CheckedConfiguration checked) {
        this.vertx = vertx;
        this.fairness = fairness;
        this.secrets = secrets;
        this.lane = checked.lane();
    }

    /** Takes the cohorts of the cluster, and lets the others know of us; before a request is taken. */
    public Uni<Void> join() {
        return fairness.map(ours -> secrets.shareCohorts(lane).chain(ours::join))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** Looks every second from now on. */
    public void start() {
        if (fairness.isPresent()) {
            ClusterFairness ours = fairness.get();
            timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look(ours));
        }
    }

    private void look(ClusterFairness ours) {
        if (!isOver && looks.compareAndSet(false, true)) {
            vertx.executeBlocking(() -> ours.look().subscribe().with(done -> looks.set(false), bug -> {
                        looks.set(false);
                        LOG.error("figures of the cluster could not be made", bug);
                    }))
                    .onFailure(bug -> {
                        looks.set(false);
                        LOG.error("figures of the cluster could not be made", bug);
                    });
        }
    }

    /** Says what was counted last; once no request is on its way any more. Never fails. */
    public Uni<Void> leave() {
        isOver = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
        return fairness.map(ours -> Uni.createFrom()
                        .deferred(ours::leave)
                        .ifNoItem()
                        .after(LONGEST_LEAVE)
                        .fail()
                        .onFailure()
                        .invoke(why -> LOG.warnf(
                                "others do not have what this router counted last, reason=%s", why.getMessage()))
                        .onFailure()
                        .recoverWithNull())
                .orElseGet(() -> Uni.createFrom().voidItem());
    }
}
