package openledger.telemetry;

import java.util.function.DoubleSupplier;

/** Gauges of all lanes of the database, the same from every router. Thread-safe. */
public final class LaneGauges {
    private static final Metric LANES_UNATTENDED = Metric.gauge(
            "openledger.lanes.unattended.age",
            "s",
            "Time for which a lane of this database with unfinished records has had no router; 0 if there is none");

    /**
     * Registers the gauge.
     *
     * @param unattendedSeconds for how long an unfinished lane has had no router
     */
    public LaneGauges(Telemetry telemetry, DoubleSupplier unattendedSeconds) {
        var meter = telemetry.meter();
        var unattended = LANES_UNATTENDED.gauge(meter);
        meter.batchCallback(() -> unattended.record(unattendedSeconds.getAsDouble()), unattended);
    }
}
