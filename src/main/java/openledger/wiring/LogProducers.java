package openledger.wiring;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import openledger.commitment.log.NoteSigner;
import openledger.http.LogAccess;
import openledger.inference.Timekeeper;
import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.LogSigner;
import openledger.settlement.log.ServedLog;
import openledger.settlement.witness.Cosignatures;
import openledger.settlement.witness.Cosigning;
import openledger.settlement.witness.CosigningListener;
import openledger.settlement.witness.WitnessSettings;
import openledger.settlement.witness.WitnessedLog;
import openledger.store.lane.StoredCosignatures;
import openledger.store.lane.StoredLog;
import openledger.telemetry.Telemetry;
import openledger.telemetry.WitnessMetrics;
import openledger.unit.LaneId;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.loop.VertxEventLoops;
import openledger.witness.HttpWitnesses;
import org.jboss.logging.Logger;

/** Makes what publishes the log and has it cosigned, if the configuration has a key for it, and witnesses. */
@Singleton
final class LogProducers {
    private static final Logger LOG = Logger.getLogger(LogProducers.class);

    @Produces
    @Singleton
    LogAccess access(CheckedConfiguration checked, Optional<ServedLog> log) {
        return new LogAccess(log, checked.log().readers());
    }

    @Produces
    @Singleton
    Optional<ServedLog> log(CheckedConfiguration checked, Pool pool, ArchivedLog archive) {
        return checked.log()
                .signer()
                .map(signer -> served(
                        checked.lane(), signer, pool, archive, checked.log().witnesses()));
    }

    @Produces
    @Singleton
    Optional<Cosigning> cosigning(
            CheckedConfiguration checked,
            Optional<ServedLog> log,
            Pool pool,
            Vertx vertx,
            Timekeeper time,
            Telemetry telemetry,
            ConfirmationRegistry registry) {
        return checked.log()
                .witnesses()
                .flatMap(settings -> log.map(served -> {
                    WitnessMetrics metrics = new WitnessMetrics(telemetry, settings);
                    Cosigning cosigning = new Cosigning(
                            settings,
                            served.reads(),
                            served.signer(),
                            new HttpWitnesses(vertx, settings.timeout()),
                            kept(served.lane(), served.signer(), pool, settings),
                            time,
                            new VertxEventLoops(vertx),
                            Infrastructure.getDefaultWorkerPool(),
                            CosigningListener.of(metrics, registry));
                    metrics.show(cosigning::standing, time::epochMillis);
                    return cosigning;
                }));
    }

    /** Those who verify need the key, and must not have it from what they verify. */
    void show(@Observes StartupEvent started, CheckedConfiguration checked) {
        checked.log()
                .signer()
                .ifPresent(signer ->
                        LOG.infof("log signed, lane=%d key=%s", checked.lane().value(), signer.key()));
    }

    private static ServedLog served(
            LaneId lane, NoteSigner key, Pool pool, ArchivedLog archive, Optional<WitnessSettings> witnesses) {
        StoredLog reads = new StoredLog(pool, lane, archive);
        LogSigner signer = new LogSigner(key, Infrastructure.getDefaultWorkerPool(), Clock.systemUTC());
        return new ServedLog(
                lane,
                reads,
                signer,
                witnesses.map(settings ->
                        new WitnessedLog(settings.quorum(), reads, signer, kept(lane, signer, pool, settings))));
    }

    private static Cosignatures kept(LaneId lane, LogSigner signer, Pool pool, WitnessSettings settings) {
        return new StoredCosignatures(pool, lane, signer.key().name(), settings.keys(), settings.quorum());
    }
}
