package openledger.wiring;

import io.vertx.core.Vertx;
import java.time.Duration;
import openledger.inference.Timekeeper;

/** The machine's clocks, and Vert.x timers, which fire on the event loop that set them. Thread-safe. */
final class VertxTimekeeper implements Timekeeper {
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Vertx vertx;

    VertxTimekeeper(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        long millis = Math.max(1, Math.ceilDiv(delay.toNanos(), NANOS_A_MILLI));
        long id = vertx.setTimer(millis, fired -> task.run());
        return () -> vertx.cancelTimer(id);
    }
}
