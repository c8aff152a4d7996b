package openledger.store.stream;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import openledger.inference.Catalog;
import openledger.store.lane.LaneHold;
import openledger.store.stream.StreamExporter.Pace;
import openledger.stream.DecisionStreams;
import openledger.stream.TenantNames;

/** The exporters of a router: of the lane that it serves, and of those that it finishes. Thread-safe. */
public final class StreamExporters {
    private final Vertx vertx;
    private final Pool pool;
    private final Catalog catalog;
    private final TenantNames tenants;
    private final DecisionStreams streams;
    private final StreamCounts counts = new StreamCounts();
    private final List<StreamExporter> running = new CopyOnWriteArrayList<>();

    /**
     * None of them runs yet.
     *
     * @param catalog has the names of all lanes
     * @param tenants what the stream calls them
     * @param streams where lanes are streamed to
     */
    public StreamExporters(Vertx vertx, Pool pool, Catalog catalog, TenantNames tenants, DecisionStreams streams) {
        this.vertx = vertx;
        this.pool = pool;
        this.catalog = catalog;
        this.tenants = tenants;
        this.streams = streams;
    }

    /** Streams a lane from now on, for as long as it is held. */
    public StreamExporter start(LaneHold hold, Pace pace) {
        StreamExporter exporter =
                new StreamExporter(vertx, pool, hold, catalog, tenants, streams.of(hold.lane()), counts, pace);
        running.add(exporter);
        exporter.start();
        return exporter;
    }

    /** Streams a lane no more. */
    public void stop(StreamExporter exporter) {
        running.remove(exporter);
        exporter.stop();
    }

    /** Streams nothing any more. */
    public void stop() {
        running.forEach(this::stop);
    }

    /** True if what is streamed arrives. */
    public boolean isHealthy() {
        return running.stream().anyMatch(StreamExporter::isAtEnd)
                && running.stream().allMatch(each -> each.trouble().isEmpty());
    }

    /** For how long some lane has had something that is not in the stream, the longest; 0 if none has. */
    public double behindSeconds() {
        return running.stream().mapToDouble(StreamExporter::behindSeconds).max().orElse(0);
    }

    /** What was streamed. */
    public StreamCounts counts() {
        return counts;
    }
}
