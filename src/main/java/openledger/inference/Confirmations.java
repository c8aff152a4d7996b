package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.PlanLevel;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** Port: how far plans have been confirmed, on the chain or by witnesses. Safe for several threads. */
public interface Confirmations {
    /** How the lane stands with the chain; cheap. */
    Standing standing();

    /**
     * How late those are from whom a level is to come: the chain, or the witnesses; cheap. Empty if all is as it should be. A plan that would
     * wait for less than that cannot be expected to be confirmed.
     */
    Optional<Duration> lag(PlanLevel level);

    /**
     * Completes, on any thread, once the plan of {@code id} has reached {@code level}; never by itself if it does not: the
     * caller bounds the wait and cancels. To be asked for before the plan is recorded, so that nothing is missed.
     */
    Uni<Void> reached(RequestId id, PlanLevel level);

    /**
     * How a lane stands with the chain.
     *
     * @param newest the newest block seen SEQUENCED, whose hash goes into seeds
     * @param newestNumber its number
     * @param lag for how long what we sent has been waiting, or the chain has said nothing; empty if all is as it should be
     */
    record Standing(Hash32 newest, long newestNumber, Optional<Duration> lag) {}
}
