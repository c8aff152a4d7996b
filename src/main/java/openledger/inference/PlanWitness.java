package openledger.inference;

import io.smallrye.mutiny.Uni;
import openledger.inference.record.PlannedRequest;

/** Port: somebody who is to have proof of a request's plan before anything is done with it. */
@FunctionalInterface
public interface PlanWitness {
    /**
     * Shows a plan whose record is durable. Completes, on any thread, once the witness has what it wanted, or will not get it:
     * bounded by whoever implements it, and never with a failure.
     */
    Uni<Void> pinned(PlannedRequest plan);
}
