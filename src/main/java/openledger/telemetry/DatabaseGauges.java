package openledger.telemetry;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Gauges of a database of several servers; a database of one has none. Thread-safe. */
public final class DatabaseGauges {
    private static final Metric FAILOVERS = Metric.gauge(
            "openledger.database.failovers",
            "{failover}",
            "How often another server has become primary since this router was started");
    private static final Metric UNPROTECTED = Metric.gauge(
            "openledger.database.unprotected",
            "1",
            "1 if the primary waits for no standby, so that a fail-over would lose what was promised last; 0 otherwise");

    /**
     * Registers the gauges.
     *
     * @param failovers since the start
     * @param isSynchronous whether the primary waits for a standby
     */
    public DatabaseGauges(Telemetry telemetry, IntSupplier failovers, BooleanSupplier isSynchronous) {
        var meter = telemetry.meter();
        var moves = FAILOVERS.gauge(meter);
        var unprotected = UNPROTECTED.gauge(meter);
        meter.batchCallback(
                () -> {
                    moves.record(failovers.getAsInt());
                    unprotected.record(isSynchronous.getAsBoolean() ? 0 : 1);
                },
                moves,
                unprotected);
    }
}
