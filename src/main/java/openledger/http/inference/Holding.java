package openledger.http.inference;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request's hold on a shared resource. It is given back once: when it is released, when the answer is over, or when the connection is
 * lost, even before it was taken. Thread-safe.
 */
public final class Holding {
    private final AtomicBoolean held = new AtomicBoolean(true);
    private final Runnable giveBack;

    private Holding(Runnable giveBack) {
        this.giveBack = giveBack;
    }

    /** What was taken for a request, until its end at the latest. */
    public static Holding until(RoutingContext end, Runnable giveBack) {
        Holding holding = new Holding(giveBack);
        end.addEndHandler(over -> holding.letGo());
        // A connection that was lost before calls no handler.
        if (isOver(end)) {
            holding.letGo();
        }
        return holding;
    }

    public static boolean isOver(RoutingContext request) {
        return request.response().closed() || request.response().ended();
    }

    public void letGo() {
        if (held.compareAndSet(true, false)) {
            giveBack.run();
        }
    }
}
