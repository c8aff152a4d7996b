package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.PlanWitness;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.record.Intent;
import openledger.inference.upstream.UpstreamRequest;
import openledger.unit.RequestId;

/**
 * The attempts of one request, within one ledger: how a mode reacts to arrivals, departures and returns. Confined to the event loop of the
 * request.
 */
public interface RetryLoop {
    /** Begins when subscribed to, and completes with how the attempts ended; fails by a bug only. Never after {@link #cancel}. */
    Uni<AttemptsEnd> start();

    /** Attempts taken so far. */
    int spent();

    /** Later requests that the best tier served before this request's attempts there ended. */
    int overtakes();

    /** What the view of the best tier showed when this request was refused there or left it. */
    BestTierView view();

    /** No further attempt until {@link #resumeRetries}; calls in flight go on. */
    void stopRetrying();

    /** A client is there again: what was held back goes on. */
    void resumeRetries();

    /** Ends calls in flight; only {@link #goOn} brings it back. */
    void cancel();

    /** Nobody is there: lets go of the body. */
    void rest();

    /** Goes on, as {@link #start} does, with what is left of the ledger, for a client that came back with the same request. */
    Uni<AttemptsEnd> goOn(UpstreamRequest again);

    /** True if an attempt is left. */
    boolean canGoOn();

    /** No attempt is taken from this ledger any more. */
    void close();

    boolean isInFlight();

    /** Runs {@code then} as soon as nothing more can happen to attempts that were cancelled; usually at once. */
    void whenStill(Runnable then);

    /** What confirms the route of this request; empty in mode FAST. The same for the life of the request. */
    Optional<PlanConfirmation> watch();

    /** Makes the attempts of a request in the mode it is in. */
    @FunctionalInterface
    interface Factory {
        RetryLoop begin(RequestContext request, AttemptLog log);
    }

    /**
     * A request that has got its name, and what is asked of providers in it.
     *
     * @param spent attempts of its budget that another router has spent, or may have, before it came here; less than the budget
     */
    record RequestContext(
            RequestId id, Intent intent, int spent, UpstreamRequest upstream, Optional<PlanWitness> witness) {}
}
