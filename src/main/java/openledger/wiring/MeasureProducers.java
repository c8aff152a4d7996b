package openledger.wiring;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.TenantCohorts;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceService;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.TraceSampling;
import openledger.inference.fairness.Cohorts;
import openledger.inference.fairness.DatabaseClock;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.fairness.TwinProbes;
import openledger.store.DatabaseServers;
import openledger.store.catalog.StoredCatalog;
import openledger.store.lane.LaneHold;
import openledger.store.lane.LaneWatch;
import openledger.store.lane.StoredLaneSecrets;
import openledger.store.stream.StreamExporters;
import openledger.telemetry.OpenTelemetryMetrics;
import openledger.telemetry.Telemetry;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.lanes.LaneClaim;
import openledger.wiring.lanes.LaneKeeper;
import openledger.wiring.lanes.LaneSequencers;

/** Makes what measures. */
@Singleton
final class MeasureProducers {
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private final OpenLedgerConfig config;

    MeasureProducers(OpenLedgerConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    StoredLaneSecrets secrets(Pool pool, StoredCatalog migrated) {
        return new StoredLaneSecrets(pool, new SecureRandom());
    }

    /** Also of a router that does not settle: cohorts come from it. */
    @Produces
    @Singleton
    LaneSecret secret(StoredLaneSecrets secrets, CheckedConfiguration checked) {
        return secrets.make(checked.lane()).await().atMost(LONGEST_START);
    }

    @Produces
    @Singleton
    LaneWatch lanes(Vertx vertx, Pool pool, StoredCatalog migrated) {
        return new LaneWatch(vertx, pool);
    }

    @Produces
    @Singleton
    LaneKeeper keeper(
            Vertx vertx,
            Pool pool,
            DatabaseServers database,
            StoredLaneSecrets secrets,
            LaneSequencers sequencers,
            CheckedConfiguration checked,
            LaneHold serving,
            LaneClaim claim,
            Optional<StreamExporters> streams) {
        return LaneKeeper.of(
                vertx,
                pool,
                database,
                lane -> Producers.journal(config, lane),
                secrets,
                sequencers,
                checked.lanes(),
                serving,
                claim.build(),
                streams);
    }

    @Produces
    @Singleton
    Telemetry telemetry(CheckedConfiguration checked) {
        return Telemetry.start(checked.telemetry());
    }

    void close(@Disposes Telemetry telemetry) {
        telemetry.close();
    }

    @Produces
    @Singleton
    TraceSampling sampling(Telemetry telemetry) {
        return telemetry.sampling();
    }

    @Produces
    @Singleton
    @Typed(FairnessBoard.class)
    FairnessBoard board(LaneSecret secret, Timekeeper time, DatabaseClock clock, CheckedConfiguration checked) {
        Cohorts cohorts = new TenantCohorts(secret)::of;
        return checked.cluster().isPresent()
                ? new FairnessBoard(cohorts, time, clock)
                : new FairnessBoard(cohorts, time);
    }

    @Produces
    @Singleton
    TwinProbes twins(
            Admission admission,
            InferenceService service,
            CurrentPolicy policy,
            FairnessBoard board,
            Timekeeper time,
            CheckedConfiguration checked) {
        return new TwinProbes(admission, service, policy, board, time, checked.twins());
    }

    /** With telemetry switched off nothing is counted, not even for the board, so that its price can be measured. */
    @Produces
    @Singleton
    RouterMetrics metrics(Telemetry telemetry, FairnessBoard board) {
        OpenTelemetryMetrics exported = new OpenTelemetryMetrics(telemetry, profile(config));
        return config.telemetry().enabled() ? new RouterMetrics.Both(board, exported) : exported;
    }

    /** What kind of chain confirms. */
    static String profile(OpenLedgerConfig config) {
        return config.settlement().rpcUrls().isPresent()
                ? config.settlement().profile().name().toLowerCase(Locale.ROOT)
                : "none";
    }
}
