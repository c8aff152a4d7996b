package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** Port: how far plans have been confirmed on the chain. Safe for several threads. */
public interface Confirmations {
    /** How the lane stands with the chain; cheap. */
    Standing standing();

    /**
     * Completes, on any thread, once the plan of {@code id} has reached {@code level}; never by itself if it does not: the
     * caller bounds the wait and cancels. To be asked for before the plan is recorded, so that nothing is missed.
     */
    Uni<Void> reached(RequestId id, ConfirmationLevel level);

    /**
     * How a lane stands with the chain.
     *
     * @param newest the newest block seen SEQUENCED, whose hash goes into seeds
     * @param newestNumber its number
     * @param lag for how long what we sent has been waiting, or the chain has said nothing; empty if all is as it should be
     */
    record Standing(Hash32 newest, long newestNumber, Optional<Duration> lag) {}
}
