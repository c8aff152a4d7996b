package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.settlement.witness.Cosigning.Standing;
import openledger.settlement.witness.CosigningListener;
import openledger.settlement.witness.WitnessOutcome;
import openledger.settlement.witness.WitnessSettings;

/** Records the metrics of the log's witnesses. Attributes are their names, as configured, and our enum. Thread-safe. */
public final class WitnessMetrics implements CosigningListener {
    private static final Metric REQUESTS = Metric.counter(
            "openledger.witness.requests",
            "{request}",
            "Requests to cosign the log, by what came of them; INCONSISTENT is a fork of the log, or a witness that is wrong",
            Dimensions.WITNESS,
            Dimensions.WITNESS_OUTCOME);
    private static final Metric UNWITNESSED_LEAVES = Metric.gauge(
            "openledger.witness.unwitnessed.leaves",
            "{leaf}",
            "Leaves beyond the newest checkpoint with a quorum of cosignatures");
    private static final Metric UNWITNESSED_AGE = Metric.gauge(
            "openledger.witness.unwitnessed.age",
            "s",
            "How long there have been leaves that no quorum of witnesses has seen; 0 if there are none");

    private static final double MILLIS_A_SECOND = 1e3;

    private final Meter meter;
    private final LongCounter requests;

    /** Makes the instruments. */
    public WitnessMetrics(Telemetry telemetry, WitnessSettings settings) {
        meter = telemetry.meter();
        requests = REQUESTS.counter(meter);
        // A counter that appears with its first event has no increase for Prometheus, and of these the first is too
        // many.
        settings.keys().forEach(key -> requests.add(0, of(key.name(), WitnessOutcome.INCONSISTENT)));
    }

    /**
     * Registers the gauges.
     *
     * @param now Unix milliseconds
     */
    public void show(Supplier<Standing> standing, LongSupplier now) {
        ObservableDoubleMeasurement leaves = UNWITNESSED_LEAVES.gauge(meter);
        ObservableDoubleMeasurement age = UNWITNESSED_AGE.gauge(meter);
        meter.batchCallback(
                () -> {
                    Standing seen = standing.get();
                    leaves.record((double) seen.lag());
                    age.record(seen.since()
                            .map(since -> Math.max(0, now.getAsLong() - since.toEpochMilli()) / MILLIS_A_SECOND)
                            .orElse(0.0));
                },
                leaves,
                age);
    }

    @Override
    public void answered(String witness, WitnessOutcome outcome) {
        requests.add(1, of(witness, outcome));
    }

    private static Attributes of(String witness, WitnessOutcome outcome) {
        return Attributes.of(Dimensions.WITNESS, witness, Dimensions.WITNESS_OUTCOME, outcome.name());
    }
}
