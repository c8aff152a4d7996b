package openledger.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A collector inside the test: what was pushed last of each metric, and every span. */
public final class OtlpReceiver implements QuarkusTestResourceLifecycleManager {
    private static final Map<String, Metric> METRICS = new ConcurrentHashMap<>();
    private static final List<Span> SPANS = new CopyOnWriteArrayList<>();
    private static final List<String> RAW = new CopyOnWriteArrayList<>();
    private static int scrapePort;
    private @Nullable HttpServer server;

    /** The newest of each metric, by name. */
    public static Map<String, Metric> metrics() {
        return METRICS;
    }

    /** All spans so far. */
    public static List<Span> spans() {
        return SPANS;
    }

    /** Everything that was received, as text. */
    public static List<String> texts() {
        return RAW;
    }

    /** Where the router is scraped. */
    public static int scrapePort() {
        return scrapePort;
    }

    @Override
    public Map<String, String> start() {
        try {
            HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            receiver.createContext("/v1/metrics", exchange -> take(exchange, OtlpReceiver::metrics));
            receiver.createContext("/v1/traces", exchange -> take(exchange, OtlpReceiver::spans));
            receiver.start();
            server = receiver;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                scrapePort = free.getLocalPort();
            }
            return Map.of(
                    "openledger.telemetry.enabled", "true",
                    "openledger.telemetry.scrape.port", Integer.toString(scrapePort),
                    "openledger.telemetry.push.endpoint",
                            "http://127.0.0.1:" + receiver.getAddress().getPort(),
                    "openledger.telemetry.push.interval", "200ms",
                    "openledger.telemetry.traced-percent", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Reader {
        void read(byte[] body) throws InvalidProtocolBufferException;
    }

    private static void take(HttpExchange exchange, Reader reader) throws IOException {
        byte[] body = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))
                ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
                : exchange.getRequestBody().readAllBytes();
        reader.read(body);
        exchange.getResponseHeaders().add("content-type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static void metrics(byte[] body) throws InvalidProtocolBufferException {
        ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(body);
        RAW.add(request.toString());
        request.getResourceMetricsList()
                .forEach(resource -> resource.getScopeMetricsList()
                        .forEach(scope ->
                                scope.getMetricsList().forEach(metric -> METRICS.put(metric.getName(), metric))));
    }

    private static void spans(byte[] body) throws InvalidProtocolBufferException {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
        RAW.add(request.toString());
        request.getResourceSpansList()
                .forEach(resource -> resource.getScopeSpansList().forEach(scope -> SPANS.addAll(scope.getSpansList())));
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
