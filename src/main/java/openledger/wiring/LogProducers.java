package openledger.wiring;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import openledger.commitment.log.NoteSigner;
import openledger.http.LogAccess;
import openledger.settlement.log.LogSigner;
import openledger.settlement.log.ServedLog;
import openledger.store.lane.StoredLog;
import openledger.unit.LaneId;
import openledger.wiring.config.CheckedConfiguration;
import org.jboss.logging.Logger;

/** Makes what publishes the log, if the configuration has a key for it. */
@Singleton
final class LogProducers {
    private static final Logger LOG = Logger.getLogger(LogProducers.class);

    @Produces
    @Singleton
    LogAccess access(CheckedConfiguration checked, Pool pool) {
        Optional<ServedLog> log = checked.log().signer().map(signer -> served(checked.lane(), signer, pool));
        return new LogAccess(log, checked.log().readers());
    }

    /** Those who verify need the key, and must not have it from what they verify. */
    void show(@Observes StartupEvent started, CheckedConfiguration checked) {
        checked.log()
                .signer()
                .ifPresent(signer ->
                        LOG.infof("log signed, lane=%d key=%s", checked.lane().value(), signer.key()));
    }

    private static ServedLog served(LaneId lane, NoteSigner signer, Pool pool) {
        return new ServedLog(
                lane,
                new StoredLog(pool, lane),
                new LogSigner(signer, Infrastructure.getDefaultWorkerPool(), Clock.systemUTC()));
    }
}
