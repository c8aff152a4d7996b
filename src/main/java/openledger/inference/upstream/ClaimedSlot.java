package openledger.inference.upstream;

import io.smallrye.mutiny.Uni;
import openledger.budget.AttemptPermit;
import openledger.routing.Target;

/**
 * A slot of a target that is taken, for both modes to see, before it is known who will use it. It ends exactly once: by a call,
 * which gives it back as any call does, or by {@link #release}. Safe for several threads.
 */
public interface ClaimedSlot {
    /** Whose slot it is. */
    Target target();

    /**
     * Makes one attempt in this slot, as {@link ProviderGateway#call} does. If the target has closed meanwhile the slot is given
     * back and the attempt fails for want of capacity, and so it does if the slot was used or released before. The slot is the
     * call's from the subscription on.
     */
    Uni<CallResult> call(AttemptPermit permit, UpstreamRequest request);

    /** Gives it back unused; harmless if it was used or given back before. */
    void release();
}
