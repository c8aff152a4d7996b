package openledger.wiring.loop;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import openledger.inference.EventLoops;

/** Vert.x' event loops. A loop is known by its thread, since many contexts share one. Thread-safe. */
public final class VertxEventLoops implements EventLoops {
    private final Vertx vertx;

    public VertxEventLoops(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Loop here() {
        return new ThreadLoop(Thread.currentThread(), vertx.getOrCreateContext());
    }

    /** One loop. */
    private record ThreadLoop(Thread thread, Context context) implements Loop {
        @Override
        public void run(Runnable task) {
            if (Thread.currentThread() == thread) {
                task.run();
            } else {
                context.runOnContext(go -> task.run());
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ThreadLoop loop && loop.thread == thread;
        }

        @Override
        public int hashCode() {
            return thread.hashCode();
        }
    }
}
