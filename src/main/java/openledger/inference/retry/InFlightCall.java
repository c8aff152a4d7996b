package openledger.inference.retry;

import io.smallrye.mutiny.subscription.Cancellable;
import openledger.budget.AttemptPermit;
import openledger.routing.Target;
import org.jspecify.annotations.Nullable;

/** A call in flight. Confined to the event loop of its request. */
final class InFlightCall {
    final AttemptPermit permit;
    final Target target;
    /** Of the target within its tier. */
    final int index;

    final long startNanos;

    @Nullable Cancellable call;

    InFlightCall(AttemptPermit permit, Target target, int index, long startNanos) {
        this.permit = permit;
        this.target = target;
        this.index = index;
        this.startNanos = startNanos;
    }
}
