package openledger.chain;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Takes work of a millisecond or more to a worker thread. */
public final class OffLoop {
    private OffLoop() {}

    /** Runs it anew for each subscriber, in any order; the answer comes back on the caller's event loop if there is one. */
    public static <T> Uni<T> run(Vertx vertx, Callable<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work, false).toCompletionStage());
    }
}
