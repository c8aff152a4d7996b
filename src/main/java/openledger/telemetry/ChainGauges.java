package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.time.Duration;
import java.util.function.Supplier;
import openledger.inference.Confirmations;
import openledger.settlement.SequencerStatus;
import openledger.settlement.SequencerStatus.Condition;

/** Gauges of the lane's state on the chain, read when metrics are collected. Thread-safe. */
public final class ChainGauges {
    private static final Metric CONDITION_NOW = Metric.gauge(
            "openledger.settlement.condition",
            "1",
            "1 for the present condition of settlement, 0 for all others",
            Dimensions.CONDITION);
    private static final Metric CHAIN_BLOCK =
            Metric.gauge("openledger.chain.block", "{block}", "Number of the newest block seen");
    private static final Metric CHAIN_LAG = Metric.gauge(
            "openledger.chain.lag",
            "s",
            "Time for which a sent transaction has waited, or the chain was silent; 0 if neither");

    private static final double NANOS_A_SECOND = 1e9;

    /** Registers the gauges. */
    public ChainGauges(Telemetry telemetry, Supplier<SequencerStatus> status, Confirmations chain) {
        Meter meter = telemetry.meter();
        ObservableDoubleMeasurement condition = CONDITION_NOW.gauge(meter);
        ObservableDoubleMeasurement block = CHAIN_BLOCK.gauge(meter);
        ObservableDoubleMeasurement lag = CHAIN_LAG.gauge(meter);
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
