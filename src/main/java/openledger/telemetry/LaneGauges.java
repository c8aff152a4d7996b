package openledger.telemetry;

import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * Gauges of lanes: of all of the database, the same from every router, of those that this router has adopted, and of its share of keys.
 * Thread-safe.
 */
public final class LaneGauges {
    private static final Metric LANES_UNATTENDED = Metric.gauge(
            "openledger.lanes.unattended.age",
            "s",
            "Time for which a lane of this database with unfinished records has had no router; 0 if there is none");
    private static final Metric RANGES_OWNED = Metric.gauge(
            "openledger.ranges.owned",
            "{range}",
            "Ranges of idempotency keys, of 1,024, that this router answers for; all of them if it is alone");

    private static final Metric LANES_FINISHING = Metric.gauge(
            "openledger.lanes.finishing", "{lane}", "Lanes of routers that have died, which this router is finishing");
    private static final Metric LANES_LACKING = Metric.gauge(
            "openledger.lanes.lacking",
            "{lane}",
            "Of the lanes that this router has adopted, those that it cannot settle for what they lack, such as coins or a key");

    /**
     * Registers the gauges.
     *
     * @param unattendedSeconds for how long an unfinished lane has had no router
     * @param finishing how many lanes this router is finishing
     * @param lacking how many lanes it cannot settle
     * @param ranges how many ranges of keys are ours
     */
    public LaneGauges(
            Telemetry telemetry,
            DoubleSupplier unattendedSeconds,
            IntSupplier finishing,
            IntSupplier lacking,
            IntSupplier ranges) {
        var meter = telemetry.meter();
        var unattended = LANES_UNATTENDED.gauge(meter);
        var adopted = LANES_FINISHING.gauge(meter);
        var stuck = LANES_LACKING.gauge(meter);
        var owned = RANGES_OWNED.gauge(meter);
        meter.batchCallback(
                () -> {
                    unattended.record(unattendedSeconds.getAsDouble());
                    adopted.record(finishing.getAsInt());
                    stuck.record(lacking.getAsInt());
                    owned.record(ranges.getAsInt());
                },
                unattended,
                adopted,
                stuck,
                owned);
    }
}
