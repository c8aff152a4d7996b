package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;

/** Port: asking witnesses. Safe for several threads. */
public interface Witnesses {
    /**
     * Sends a request to a witness once subscribed to; cancelling gives it up. Completes on any thread, and never fails.
     *
     * @param body as {@link openledger.commitment.witness.AddCheckpoint} writes it
     */
    Uni<Reply> add(WitnessSettings.Peer witness, String body);

    /** What comes of a request. */
    sealed interface Reply {
        /**
         * An answer, whatever it means.
         *
         * @param type of its content; empty if there is none
         */
        record Answered(int status, String type, String body) implements Reply {}

        /** None in time, or a connection that could not be made or broke; in words fit for a log. */
        record Silent(String why) implements Reply {}

        /** More than any answer needs. */
        record TooLong() implements Reply {}
    }
}
