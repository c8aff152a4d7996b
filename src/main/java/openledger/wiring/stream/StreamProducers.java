package openledger.wiring.stream;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import openledger.kafka.KafkaDecisionStreams;
import openledger.store.catalog.StoredNames;
import openledger.store.lane.LaneHold;
import openledger.store.stream.StreamExporter.Pace;
import openledger.store.stream.StreamExporters;
import openledger.telemetry.LaneGauges;
import openledger.telemetry.Telemetry;
import openledger.wiring.config.CheckedConfiguration;

/** Streams decisions, if the configuration says where to; else nothing of it exists, its metrics among it. */
@Singleton
final class StreamProducers {
    @Produces
    @Singleton
    Optional<StreamExporters> exporters(Vertx vertx, Pool pool, StoredNames names, CheckedConfiguration checked) {
        return checked.stream()
                .map(settings -> new StreamExporters(
                        vertx, pool, names, settings.tenants(), new KafkaDecisionStreams(settings.kafka())));
    }

    /** The lane that is served; one that is finished is streamed by its finisher. */
    void start(
            @Observes StartupEvent started, Optional<StreamExporters> exporters, LaneHold hold, Telemetry telemetry) {
        exporters.ifPresent(streams -> {
            new LaneGauges.StreamGauges(
                    telemetry,
                    streams::behindSeconds,
                    streams.counts()::decisions,
                    streams.counts()::failures,
                    streams.counts()::lostChunks);
            streams.start(hold, Pace.BEHIND_TRAFFIC);
        });
    }

    void stop(@Observes ShutdownEvent stopping, Optional<StreamExporters> exporters) {
        exporters.ifPresent(StreamExporters::stop);
    }
}
