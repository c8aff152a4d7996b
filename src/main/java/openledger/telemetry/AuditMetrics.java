package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import openledger.audit.Difference;

/** Counts what a router's audit of its own lane finds. Thread-safe. */
public final class AuditMetrics {
    private static final Metric AUDIT_DIFFERENCES = Metric.counter(
            "openledger.audit.differences",
            "{difference}",
            "What the router's audit of its own lane found, leaves that cannot be read included",
            Dimensions.DIFFERENCE);

    private final LongCounter differences;

    /** Makes the instruments. */
    public AuditMetrics(Telemetry telemetry) {
        differences = AUDIT_DIFFERENCES.counter(telemetry.meter());
        // A counter that appears with its first event has no increase for Prometheus, and of these the first is too
        // many.
        for (Difference.Kind kind : Difference.Kind.values()) {
            differences.add(0, of(kind));
        }
    }

    /** One more. */
    public void found(Difference.Kind kind) {
        differences.add(1, of(kind));
    }

    private static Attributes of(Difference.Kind kind) {
        return Attributes.of(Dimensions.DIFFERENCE, kind.name());
    }
}
