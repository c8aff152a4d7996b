package openledger.wiring.loop;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import openledger.inference.EventLoops;

/** Vert.x' event loops, of which many contexts share one. Thread-safe. */
public final class VertxEventLoops implements EventLoops {
    private final Vertx vertx;

    public VertxEventLoops(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Loop here() {
        return ContextLoop.of(vertx.getOrCreateContext());
    }

    @Override
    public Loop next() {
        return ContextLoop.of(((VertxInternal) vertx).createEventLoopContext());
    }

    /**
     * One loop, by way of one of its contexts.
     *
     * @param here who asked for it was on it; else it is taken for no other's
     */
    private record ContextLoop(EventLoop thread, Context context, boolean here) implements Loop {
        static ContextLoop of(Context context) {
            EventLoop thread = ((ContextInternal) context).nettyEventLoop();
            return new ContextLoop(thread, context, thread.inEventLoop());
        }

        @Override
        public void execute(Runnable task) {
            context.runOnContext(go -> task.run());
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the very thread
        public boolean equals(Object other) {
            return this == other || (other instanceof ContextLoop loop && here && loop.here && loop.thread == thread);
        }

        @Override
        public int hashCode() {
            return thread.hashCode();
        }
    }
}
