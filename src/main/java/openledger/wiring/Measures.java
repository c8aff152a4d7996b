package openledger.wiring;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.ClusterOrphans;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceService;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.fairness.FairnessReader;
import openledger.inference.fairness.TwinProbes;
import openledger.provider.HttpProviderGateway;
import openledger.store.DatabaseServers;
import openledger.store.cluster.StoredNews;
import openledger.store.journal.GroupCommitJournal;
import openledger.store.lane.LaneWatch;
import openledger.telemetry.ChainGauges;
import openledger.telemetry.DatabaseGauges;
import openledger.telemetry.FairnessGauges;
import openledger.telemetry.LaneGauges;
import openledger.telemetry.RouterGauges;
import openledger.telemetry.Telemetry;
import openledger.wiring.cluster.SharedLimits;
import openledger.wiring.cluster.SharedSlots;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.lanes.LaneKeeper;
import org.jboss.logging.Logger;

/** Registers what is read when measures are collected, and has the figures of fairness worked out every few seconds. */
@Singleton
final class Measures {
    private static final Logger LOG = Logger.getLogger(Measures.class);
    private static final long REFRESH_MILLIS = Duration.ofSeconds(5).toMillis();
    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
    /** The same chance every time, so that the same counts have the same floors. */
    private static final long SEED = 1;

    private final Vertx vertx;
    private final FairnessBoard board;
    private final CurrentPolicy policy;
    private final TwinProbes twins;
    private final int pairsPerMinute;

    Measures(
            Vertx vertx,
            Telemetry telemetry,
            FairnessBoard board,
            CurrentPolicy policy,
            HttpProviderGateway gateway,
            InferenceService service,
            GroupCommitJournal journal,
            LaneWatch lanes,
            LaneKeeper keeper,
            ResendRanges ranges,
            DatabaseServers database,
            FairnessReader fairness,
            Optional<SharedLimits> limits,
            Optional<SharedSlots> slots,
            Optional<StoredNews> news,
            Optional<ClusterOrphans> orphans,
            Optional<Settlement> settlement,
            TwinProbes twins,
            CheckedConfiguration checked) {
        this.vertx = vertx;
        this.board = board;
        this.policy = policy;
        this.twins = twins;
        this.pairsPerMinute = checked.twins().pairsPerMinute();
        new RouterGauges(
                telemetry,
                policy,
                gateway,
                service::retriesLeft,
                service::waiting,
                journal::pendingBytes,
                journal::isOpen);
        new LaneGauges(
                telemetry,
                lanes::unattendedSeconds,
                keeper::finishing,
                keeper::lacking,
                () -> ranges.map().ours(),
                new LaneGauges.Shared(
                        () -> limits.filter(SharedLimits::isDegraded).isPresent(),
                        () -> slots.filter(SharedSlots::isDegraded).isPresent(),
                        () -> news.filter(StoredNews::isDeaf).isPresent(),
                        () -> news.map(StoredNews::heard).orElse(0L),
                        () -> news.map(StoredNews::unknown).orElse(0L),
                        new LaneGauges.SharedOrphans(
                                () -> orphans.map(ClusterOrphans::told).orElse(0L),
                                () -> orphans.map(ClusterOrphans::untold).orElse(0L),
                                () -> orphans.map(ClusterOrphans::heard).orElse(0L),
                                () -> orphans.map(ClusterOrphans::passedOver).orElse(0L))));
        if (database.areSeveral()) {
            new DatabaseGauges(telemetry, database::failovers, database::isSynchronous);
        }
        new FairnessGauges(telemetry, board, fairness);
        settlement.ifPresent(lane -> new ChainGauges(telemetry, lane.sequencer()::status, lane.confirmations()));
    }

    void start(@Observes StartupEvent started) {
        vertx.setPeriodic(
                REFRESH_MILLIS,
                tick -> vertx.executeBlocking(this::refresh)
                        .onFailure(bug -> LOG.error("fairness figures could not be computed", bug)));
        if (pairsPerMinute > 0) {
            // On a loop of its own, where all that happens to a pair happens.
            vertx.getOrCreateContext()
                    .runOnContext(go -> vertx.setPeriodic(MINUTE_MILLIS / pairsPerMinute, tick -> twins.probe()));
        }
    }

    private boolean refresh() {
        board.keep(policy.get().routes().keySet());
        board.refresh(new SplittableRandom(SEED));
        return true;
    }
}
