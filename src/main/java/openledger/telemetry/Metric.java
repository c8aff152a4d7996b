package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;

/**
 * One metric as it is exported. Each is a constant of the class that records it, where the exporters and docs/reference/metrics.md find
 * its name.
 *
 * @param name after OpenTelemetry's conventions; Prometheus has it with underscores, its unit and {@code _total}
 * @param unit UCUM, or what is counted in braces
 * @param description one line
 * @param buckets upper edges of a histogram, rising; empty for all others
 * @param attributes every attribute it may have
 */
record Metric(
        String name,
        Kind kind,
        String unit,
        String description,
        List<Double> buckets,
        List<AttributeKey<?>> attributes) {
    /** Of whole requests and calls; those of the GenAI conventions. */
    static final List<Double> SECONDS =
            List.of(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    /** Of waits for the chain; its targets are among the edges. */
    static final List<Double> CHAIN_SECONDS =
            List.of(.05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .75, 1., 2., 5., 10., 30., 60., 600., 1800., 3600.);

    /** What kind of instrument it is. */
    enum Kind {
        COUNTER,
        HISTOGRAM,
        GAUGE
    }

    Metric {
        buckets = List.copyOf(buckets);
        attributes = List.copyOf(attributes);
    }

    static Metric counter(String name, String unit, String description, AttributeKey<?>... attributes) {
        return new Metric(name, Kind.COUNTER, unit, description, List.of(), List.of(attributes));
    }

    static Metric gauge(String name, String unit, String description, AttributeKey<?>... attributes) {
        return new Metric(name, Kind.GAUGE, unit, description, List.of(), List.of(attributes));
    }

    static Metric histogram(
            String name, String unit, List<Double> buckets, String description, AttributeKey<?>... attributes) {
        return new Metric(name, Kind.HISTOGRAM, unit, description, buckets, List.of(attributes));
    }

    LongCounter counter(Meter meter) {
        return meter.counterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .build();
    }

    /** A counter whose value somebody else keeps. */
    ObservableLongMeasurement observedCounter(Meter meter) {
        return meter.counterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .buildObserver();
    }

    ObservableDoubleMeasurement gauge(Meter meter) {
        return meter.gaugeBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .buildObserver();
    }

    DoubleHistogram histogram(Meter meter) {
        return meter.histogramBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(buckets)
                .build();
    }
}
