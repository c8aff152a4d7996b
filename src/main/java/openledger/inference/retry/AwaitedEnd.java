package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a request's attempts, as a Uni: it connects the callbacks of attempts with the pipeline that continues from their end. The
 * subscriber is dropped once notified, because a request may be kept for long. Confined to the request's event loop.
 */
public final class AwaitedEnd {
    private @Nullable UniEmitter<? super AttemptsEnd> waiting;

    /** Runs {@code begin} when subscribed to, and completes with what comes of it. */
    public Uni<AttemptsEnd> after(Runnable begin) {
        return Uni.createFrom().emitter(to -> {
            waiting = to;
            begin.run();
        });
    }

    /** Tells the end to the one that waits; there must be one. */
    public void complete(AttemptsEnd end) {
        taken().complete(end);
    }

    /** Tells a bug; there must be one that waits. */
    public void fail(Throwable bug) {
        taken().fail(bug);
    }

    private UniEmitter<? super AttemptsEnd> taken() {
        UniEmitter<? super AttemptsEnd> to = Objects.requireNonNull(waiting, "nobody waits for the end");
        waiting = null;
        return to;
    }
}
