package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.time.Duration;
import java.util.function.Supplier;
import openledger.inference.Confirmations;
import openledger.settlement.SequencerStatus;
import openledger.settlement.SequencerStatus.Condition;

/** How the lane stands with the chain, read when somebody collects it. Thread-safe. */
public final class ChainGauges {
    private static final double NANOS_A_SECOND = 1e9;

    /** Registers the gauges. */
    public ChainGauges(Telemetry telemetry, Supplier<SequencerStatus> status, Confirmations chain) {
        Meter meter = telemetry.meter();
        ObservableDoubleMeasurement condition = Metrics.CONDITION_NOW.gauge(meter);
        ObservableDoubleMeasurement block = Metrics.CHAIN_BLOCK.gauge(meter);
        ObservableDoubleMeasurement lag = Metrics.CHAIN_LAG.gauge(meter);
        meter.batchCallback(
                () -> {
                    Condition now = status.get().condition();
                    for (Condition each : Condition.values()) {
                        condition.record(each == now ? 1 : 0, Attributes.of(Dimensions.CONDITION, each.name()));
                    }
                    Confirmations.Standing standing = chain.standing();
                    block.record((double) standing.newestNumber());
                    lag.record(standing.lag().orElse(Duration.ZERO).toNanos() / NANOS_A_SECOND);
                },
                condition,
                block,
                lag);
    }
}
