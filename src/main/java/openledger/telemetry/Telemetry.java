package openledger.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.prometheus.PrometheusHttpServer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.OpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import openledger.inference.admission.TraceContext.Recording;
import openledger.inference.admission.TraceSampling;
import openledger.telemetry.TelemetrySettings.Push;
import openledger.telemetry.TelemetrySettings.Scrape;
import org.jboss.logging.Logger;

/**
 * The OpenTelemetry SDK as the router uses it: a scrape endpoint for Prometheus, OTLP push over HTTP, or both, with the same names; and
 * spans over OTLP. Without either all instruments do nothing. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Telemetry.class);
    private static final String SCOPE = "openledger";
    /** Attribute sets of one instrument; the SDK's own bound of 2,000 is too near to 64 cohorts of some routes in three modes. */
    private static final int MOST_SETS = 20_000;

    private static final int LONGEST_CLOSE_SECONDS = 3;

    private final OpenTelemetry api;
    private final AtomicReference<Map<String, String>> headers;
    private final Runnable end;
    private final PresetIdGenerator ids;
    private final TracedRequests traced = new TracedRequests();
    private final TraceSampling sampling;

    private Telemetry(
            OpenTelemetry api,
            Runnable end,
            PresetIdGenerator ids,
            TraceSampling sampling,
            AtomicReference<Map<String, String>> headers) {
        this.api = api;
        this.headers = headers;
        this.end = end;
        this.ids = ids;
        this.sampling = sampling;
    }

    /** Starts what the settings want. An endpoint that cannot be listened on is said in the log, and the router runs without it. */
    public static Telemetry start(TelemetrySettings settings) {
        AtomicReference<Map<String, String>> headers =
                new AtomicReference<>(settings.push().map(Push::headers).orElse(Map.of()));
        if (settings.scrape().isEmpty() && settings.push().isEmpty()) {
            return new Telemetry(OpenTelemetry.noop(), () -> {}, new PresetIdGenerator(), TraceSampling.OFF, headers);
        }
        PresetIdGenerator ids = new PresetIdGenerator();
        Resource resource = Resource.getDefault().toBuilder()
                .put(AttributeKey.stringKey("service.name"), "openledger")
                .put(AttributeKey.stringKey("service.instance.id"), "lane-" + settings.lane())
                .build();
        SdkMeterProviderBuilder meters = SdkMeterProvider.builder().setResource(resource);
        settings.scrape().ifPresent(where -> listen(where, meters));
        settings.push()
                .ifPresent(to -> meters.registerMetricReader(
                        PeriodicMetricReader.builder(metricExporter(to, headers::get))
                                .setInterval(to.interval())
                                .build(),
                        type -> MOST_SETS));
        OpenTelemetrySdkBuilder builder = OpenTelemetrySdk.builder().setMeterProvider(meters.build());
        settings.push()
                .ifPresent(to -> builder.setTracerProvider(SdkTracerProvider.builder()
                        .setResource(resource)
                        .setIdGenerator(ids)
                        // Who is traced was decided when the request came.
                        .setSampler(Sampler.alwaysOn())
                        .addSpanProcessor(BatchSpanProcessor.builder(spanExporter(to, headers::get))
                                .build())
                        .build()));
        OpenTelemetrySdk sdk = builder.build();
        TraceSampling sampling = settings.push().isPresent()
                ? new TraceSampling(settings.tracedShare(), Recording.RECORDED)
                : TraceSampling.OFF;
        return new Telemetry(
                sdk, () -> sdk.shutdown().join(LONGEST_CLOSE_SECONDS, TimeUnit.SECONDS), ids, sampling, headers);
    }

    private static void listen(Scrape where, SdkMeterProviderBuilder meters) {
        try {
            ScrapeBounds.set();
            PrometheusHttpServer server = PrometheusHttpServer.builder()
                    .setHost(where.host())
                    .setPort(where.port())
                    .build();
            meters.registerMetricReader(server, type -> MOST_SETS);
            LOG.infof("metrics can be scraped, host=%s port=%d", where.host(), where.port());
        } catch (RuntimeException taken) {
            LOG.warnf(
                    "metrics cannot be scraped, host=%s port=%d reason=%s",
                    where.host(), where.port(), taken.getMessage());
        }
    }

    private static OtlpHttpMetricExporter metricExporter(Push to, Supplier<Map<String, String>> headers) {
        OtlpHttpMetricExporterBuilder builder = OtlpHttpMetricExporter.builder()
                .setEndpoint(path(to.endpoint(), "v1/metrics"))
                .setCompression("gzip");
        builder.setHeaders(headers);
        return builder.build();
    }

    private static OtlpHttpSpanExporter spanExporter(Push to, Supplier<Map<String, String>> headers) {
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
                .setEndpoint(path(to.endpoint(), "v1/traces"))
                .setCompression("gzip");
        builder.setHeaders(headers);
        return builder.build();
    }

    private static String path(URI endpoint, String path) {
        String base = endpoint.toString();
        return (base.endsWith("/") ? base : base + '/') + path;
    }

    /** What is pushed is sent with these headers from now on; false if they are the same. */
    public boolean renewHeaders(Map<String, String> next) {
        return !headers.getAndSet(Map.copyOf(next)).equals(next);
    }

    /** Where instruments come from. */
    Meter meter() {
        return api.getMeter(SCOPE);
    }

    /** Which requests are traced. */
    public TraceSampling sampling() {
        return sampling;
    }

    /** Writes the spans of requests. */
    RequestSpans requestSpans() {
        return new RequestSpans(tracer(), ids, traced);
    }

    BatchSpans batchSpans() {
        return new BatchSpans(tracer(), traced);
    }

    private Tracer tracer() {
        return api.getTracer(SCOPE);
    }

    /** Sends what is left and stops listening. */
    @Override
    public void close() {
        end.run();
    }
}
