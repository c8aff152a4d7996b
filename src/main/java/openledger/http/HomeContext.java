package openledger.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;

/**
 * The event loop and the context that a request came on. Answers of other rooms may come on any thread, but the database is queried, and a
 * connection written to, from here alone.
 */
public record HomeContext(Context context) {
    public static HomeContext here() {
        return new HomeContext(Objects.requireNonNull(Vertx.currentContext(), "on an event loop"));
    }

    /** The same, but completing here. */
    public <T> Uni<T> back(Uni<T> from) {
        return from.emitOn(task -> context.runOnContext(go -> task.run()));
    }
}
