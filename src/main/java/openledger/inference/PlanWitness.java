package openledger.inference;

import io.smallrye.mutiny.Uni;
import openledger.inference.record.PlannedRequest;

/** Port: receives proof of a request's plan before the plan is used. */
@FunctionalInterface
public interface PlanWitness {
    /**
     * Shows a plan whose record is durable. Completes, on any thread, once the witness has what it wanted, or will not get it:
     * bounded by whoever implements it, and never with a failure.
     */
    Uni<Void> pinned(PlannedRequest plan);
}
