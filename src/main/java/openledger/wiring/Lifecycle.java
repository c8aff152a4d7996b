package openledger.wiring;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceService;
import openledger.store.StoredOrigins;
import openledger.store.decision.DecisionProjector;
import openledger.store.decision.Partitions;
import openledger.store.decision.StoredDecisions;
import openledger.store.journal.FormerRequestReader;
import openledger.store.journal.GroupCommitJournal;
import openledger.store.key.StoredKeys;
import openledger.store.lane.LaneWatch;
import openledger.unit.ResendKey;
import openledger.wiring.cluster.ClusterServer;
import openledger.wiring.cluster.FairnessRounds;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.lanes.LaneKeeper;
import openledger.wiring.warmup.WarmUp;
import org.jboss.logging.Logger;

/** Starts what works in the background, and ends it without losing a record. */
@Singleton
final class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final int AT_LAST = 5_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final Duration LONGEST_OPEN = Duration.ofSeconds(30);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);
    private static final Duration LONGEST_SEAL = Duration.ofSeconds(5);

    private static final Set<Integer> ALL_RANGES =
            IntStream.range(0, ResendKey.RANGES).boxed().collect(Collectors.toUnmodifiableSet());

    private final Vertx vertx;
    private final CheckedConfiguration checked;
    private final FormerRequestReader former;
    private final GroupCommitJournal journal;
    private final DecisionProjector projector;
    private final StoredKeys keys;
    private final Partitions partitions;
    private final StoredDecisions decisions;
    private final LaneWatch lanes;
    private final LaneKeeper keeper;
    private final CurrentPolicy policy;
    private final PolicyReloader reloader;
    private final InferenceService service;
    private final Optional<Settlement> settlement;
    private final KeyRotation rotation;
    private final StoredOrigins origins;
    private final AdminServer admin;
    private final ClusterServer cluster;
    private final FairnessRounds fairness;
    private final WarmUp warmUp;

    Lifecycle(
            Vertx vertx,
            CheckedConfiguration checked,
            FormerRequestReader former,
            GroupCommitJournal journal,
            DecisionProjector projector,
            StoredKeys keys,
            Partitions partitions,
            StoredDecisions decisions,
            LaneWatch lanes,
            LaneKeeper keeper,
            CurrentPolicy policy,
            PolicyReloader reloader,
            InferenceService service,
            Optional<Settlement> settlement,
            KeyRotation rotation,
            StoredOrigins origins,
            AdminServer admin,
            ClusterServer cluster,
            FairnessRounds fairness,
            WarmUp warmUp) {
        this.vertx = vertx;
        this.checked = checked;
        this.former = former;
        this.journal = journal;
        this.projector = projector;
        this.keys = keys;
        this.partitions = partitions;
        this.decisions = decisions;
        this.lanes = lanes;
        this.keeper = keeper;
        this.policy = policy;
        this.reloader = reloader;
        this.service = service;
        this.settlement = settlement;
        this.rotation = rotation;
        this.origins = origins;
        this.admin = admin;
        this.cluster = cluster;
        this.fairness = fairness;
        this.warmUp = warmUp;
    }

    void start(@Observes @Priority(1) StartupEvent started) {
        admin.open();
        warmUp.start();
        journal.open(this::learn)
                .subscribe()
                .with(
                        open -> LOG.infof(
                                "journal open, number=%d lane=%d routes=%s",
                                checked.lanes().number(),
                                checked.lane().value(),
                                policy.get().routes().keySet()),
                        failure -> LOG.error("journal could not be opened", failure));
        // Before the door opens, or keys of the database would be refused for a moment.
        keys.open().await().atMost(LONGEST_OPEN);
        LOG.infof("keys read, keys=%d", keys.size());
        // Or the first question for a receipt would load it, and hold up an event loop for seconds.
        decisions
                .load()
                .onFailure()
                .invoke(failure -> LOG.warnf("receipts are not preloaded, reason=%s", failure.getMessage()))
                .onFailure()
                .recoverWithNull()
                .await()
                .atMost(LONGEST_OPEN);
        projector.start();
        lanes.start();
        keeper.start();
        reloader.watch();
        rotation.watch();
        fairness.start();
        settlement.ifPresent(Settlement::start);
        vertx.setPeriodic(HOUR, tick -> vertx.executeBlocking(this::maintain));
    }

    /** Last of all, when a request that another router forwards finds all that it needs. */
    void takePart(@Observes @Priority(AT_LAST) StartupEvent started) {
        cluster.open();
    }

    /** What we had taken before we were started again; in a cluster each range is learnt when it is taken, and cohorts are shared. */
    private Uni<Void> learn() {
        if (checked.cluster().isPresent()) {
            return fairness.join();
        }
        return former.read(checked.lane(), ALL_RANGES).invoke(service::learn).replaceWithVoid();
    }

    private boolean maintain() {
        try {
            partitions.maintain(LocalDate.now(ZoneOffset.UTC));
        } catch (SQLException e) {
            LOG.warnf("partitions are not maintained, reason=%s", e.getMessage());
        }
        return true;
    }

    /** What is on its way ends here; who comes next finds another router. */
    void drain(@Observes ShutdownDelayInitiatedEvent soon) {
        cluster.drain();
    }

    void stop(@Observes ShutdownEvent stopping) {
        admin.close();
        projector.stop();
        lanes.stop();
        settlement.ifPresent(Settlement::stop);
        Uni<Void> givenUp = Uni.createFrom()
                .completionStage(keeper.stop())
                .ifNoItem()
                .after(LaneKeeper.LONGEST_STOP)
                .fail()
                .onFailure()
                .recoverWithNull();
        keys.close();
        try {
            Uni.createFrom()
                    .completionStage(service.sealAbandoned())
                    .ifNoItem()
                    .after(LONGEST_SEAL)
                    .fail()
                    .onFailure()
                    .invoke(why -> LOG.warnf("not every request without a client was sealed, reason=%s", why))
                    .onFailure()
                    .recoverWithNull()
                    .chain(fairness::leave)
                    .chain(() -> givenUp)
                    .chain(cluster::release)
                    .invoke(cluster::close)
                    .chain(journal::close)
                    .chain(origins::close)
                    .await()
                    .atMost(LONGEST_CLOSE);
        } catch (RuntimeException e) {
            LOG.warnf("journal did not close in time, pending-bytes=%d", journal.pendingBytes());
        }
    }
}
