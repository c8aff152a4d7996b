package openledger.telemetry;

import java.util.function.DoubleSupplier;

/** What is known of all lanes of the database, from whichever router. Thread-safe. */
public final class LaneGauges {
    /**
     * Registers the gauge.
     *
     * @param unattendedSeconds for how long an unfinished lane has had no router
     */
    public LaneGauges(Telemetry telemetry, DoubleSupplier unattendedSeconds) {
        var meter = telemetry.meter();
        var unattended = Metrics.LANES_UNATTENDED.gauge(meter);
        meter.batchCallback(() -> unattended.record(unattendedSeconds.getAsDouble()), unattended);
    }
}
