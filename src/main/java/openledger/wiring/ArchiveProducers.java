package openledger.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import openledger.archive.ArchiveAddress;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.BatchRetention;
import openledger.settlement.log.BatchRetention.Step;
import openledger.settlement.log.LogArchive;
import openledger.store.lane.StoredBatchData;
import openledger.store.lane.StoredLog;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.OpenLedgerConfig;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes what reads the archive of the log, if the configuration has one, and drops old batches if it says so. */
@Singleton
public final class ArchiveProducers {
    private static final Logger LOG = Logger.getLogger(ArchiveProducers.class);
    private static final int WORKERS = 4;
    /** Reads that wait for a worker. The 64 places of queries are bounded before. */
    private static final int WAITING = 256;

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration LONGEST_STEP = Duration.ofMinutes(2);

    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("archive-", 0).factory());

    private final ScheduledExecutorService retention = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("batch-retention").factory());

    private final OpenLedgerConfig config;
    private String lastReason = "";

    ArchiveProducers(OpenLedgerConfig config) {
        this.config = config;
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * The archive that a configuration names.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Optional<LogArchive> archive(
            OpenLedgerConfig.LogKeys keys, Function<String, @Nullable String> environment) {
        return keys.archive()
                .map(where -> new ArchiveAddress(where.strip(), keys.archiveEndpoint(), keys.archiveRegion())
                        .open(environment));
    }

    @Produces
    @Singleton
    ArchivedLog archived(CheckedConfiguration checked) {
        return archive(config.log(), System.getenv()::get)
                .map(archive -> new ArchivedLog(archive, workers))
                .orElse(ArchivedLog.NONE);
    }

    void start(@Observes StartupEvent started, CheckedConfiguration checked, Pool pool, ArchivedLog archive) {
        OptionalInt days = config.retention().batchDays();
        if (days.isPresent() && checked.settlement().isPresent()) {
            BatchRetention old = new BatchRetention(
                    new StoredBatchData(pool, checked.lane()),
                    new StoredLog(pool, checked.lane()),
                    archive,
                    Duration.ofDays(days.getAsInt()));
            var _ = retention.scheduleWithFixedDelay(
                    () -> drop(old), EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** All that are due, one after another. */
    private void drop(BatchRetention old) {
        try {
            long dropped = 0;
            Step step = next(old);
            for (; step instanceof Step.Dropped; step = next(old)) {
                dropped++;
            }
            if (dropped > 0) {
                LOG.infof("data of old batches dropped, batches=%d", dropped);
            }
            tell(step instanceof Step.NotExported(long sequence, String reason) ? sequence + ", " + reason : "");
        } catch (RuntimeException e) {
            tell(String.valueOf(e));
        }
    }

    private static Step next(BatchRetention old) {
        return old.step(Instant.now()).await().atMost(LONGEST_STEP);
    }

    /** The same thing is said once. */
    private void tell(String reason) {
        if (!reason.isEmpty() && !reason.equals(lastReason)) {
            LOG.warnf("old batches are kept, because they cannot be dropped, batch=%s", reason);
        }
        lastReason = reason;
    }

    void stop(@Observes ShutdownEvent stopping) {
        retention.shutdownNow();
        workers.shutdown();
    }
}
