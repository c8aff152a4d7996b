package openledger.inference;

import openledger.inference.resend.ReplayBuffer;
import openledger.routing.DecisionStatus;
import org.jspecify.annotations.Nullable;

/**
 * The phase of a {@link RequestSession}.
 *
 * <pre>
 *   from        event                                            to
 *   ──────────  ───────────────────────────────────────────────  ──────────
 *   New         its first client arrives                         Attempting
 *   Attempting  content comes, and the record is durable         Answering
 *               nobody serves, or a bug                          Ended
 *               the deadline passes                              Expiring
 *               its last client leaves, after the grace if keyed Away
 *   Expiring    cancelled attempts are still                     Ended
 *   Answering   the answer is whole and has reached a client     Ended
 *               it ends or breaks, and a client may come back    Away
 *               it breaks, and none may                          Ended
 *               its last reader leaves, after the grace if kept  Away, or Ended if none may come back
 *   Away        a client comes back                              Attempting, or Answering if the answer is here
 *               the window is over                               Ended
 *   Ended       the window is over                               Ended, and forgotten
 * </pre>
 *
 * An event changes nothing in a state that the table does not give it.
 */
sealed interface SessionPhase {
    record New() implements SessionPhase {}

    /** Providers are called, or are about to be. */
    record Attempting(AttemptPhase attempts) implements SessionPhase {}

    /** Its deadline has passed, and the attempts that were cancelled are not still yet. */
    record Expiring() implements SessionPhase {}

    /** A provider's answer flows, or has come whole and is being read. */
    record Answering(ReplayBuffer answer) implements SessionPhase {}

    /**
     * No client, nothing in flight: it goes on if one comes back within the window.
     *
     * @param unlessBack what its record is sealed as if none does
     * @param kept of the answer
     */
    record Away(DecisionStatus unlessBack, @Nullable ReplayBuffer kept) implements SessionPhase {}

    /**
     * Its record is sealed; what its clients were told is kept for the window, if it has a key.
     *
     * @param told instead of an answer
     * @param kept of the answer
     */
    record Ended(@Nullable InferenceOutcome told, @Nullable ReplayBuffer kept) implements SessionPhase {}

    /** What there is of an answer. */
    default @Nullable ReplayBuffer answer() {
        return switch (this) {
            case Answering(var answer) -> answer;
            case Away(var _, var kept) -> kept;
            case Ended(var _, var kept) -> kept;
            case New _, Attempting _, Expiring _ -> null;
        };
    }
}
