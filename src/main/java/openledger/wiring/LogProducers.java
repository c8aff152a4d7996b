package openledger.wiring;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import openledger.http.LogAccess;
import openledger.inference.Timekeeper;
import openledger.settlement.confirm.ConfirmationRegistry;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.ServedLog;
import openledger.settlement.witness.Cosigning;
import openledger.settlement.witness.CosigningListener;
import openledger.telemetry.Telemetry;
import openledger.telemetry.WitnessMetrics;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.lanes.LaneCosigners;
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
    Optional<WitnessMetrics> metrics(CheckedConfiguration checked, Telemetry telemetry) {
        return checked.log().witnesses().map(settings -> new WitnessMetrics(telemetry, settings));
    }

    @Produces
    @Singleton
    LaneCosigners cosigners(
            CheckedConfiguration checked,
            Pool pool,
            Vertx vertx,
            Timekeeper time,
            ArchivedLog archive,
            Optional<WitnessMetrics> metrics) {
        return new LaneCosigners(
                vertx,
                pool,
                time,
                archive,
                checked.log(),
                metrics.<CosigningListener>map(each -> each).orElse(CosigningListener.NONE));
    }

    @Produces
    @Singleton
    Optional<ServedLog> log(CheckedConfiguration checked, LaneCosigners cosigners) {
        return checked.log().signer().map(signer -> cosigners.served(checked.lane(), signer));
    }

    @Produces
    @Singleton
    Optional<Cosigning> cosigning(
            Optional<ServedLog> log,
            LaneCosigners cosigners,
            Optional<WitnessMetrics> metrics,
            Timekeeper time,
            ConfirmationRegistry registry) {
        Optional<Cosigning> cosigning = log.flatMap(served -> cosigners.cosigning(served, registry));
        metrics.ifPresent(shown -> cosigning.ifPresent(asking -> shown.show(asking::standing, time::epochMillis)));
        return cosigning;
    }

    /** Those who verify need the key, and must not have it from what they verify. */
    void show(@Observes StartupEvent started, CheckedConfiguration checked) {
        checked.log()
                .signer()
                .ifPresent(signer ->
                        LOG.infof("log signed, lane=%d key=%s", checked.lane().value(), signer.key()));
    }
}
