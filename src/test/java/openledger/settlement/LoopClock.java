package openledger.settlement;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import openledger.inference.EventLoops;
import openledger.inference.Timekeeper;

/** The machine's clocks and an event loop of Vert.x, for tests with real servers. */
record LoopClock(Vertx vertx) implements Timekeeper, EventLoops {
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
        long timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> task.run());
        return () -> vertx.cancelTimer(timer);
    }

    @Override
    public Loop here() {
        return new ContextLoop(vertx.getOrCreateContext());
    }

    @Override
    public Loop next() {
        return here();
    }

    private record ContextLoop(Context context) implements Loop {
        @Override
        public void execute(Runnable task) {
            context.runOnContext(go -> task.run());
        }
    }
}
