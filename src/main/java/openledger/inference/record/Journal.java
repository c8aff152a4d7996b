package openledger.inference.record;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import openledger.unit.RequestId;

/**
 * Port: the durable record of intents and decisions. Appending never blocks; records become durable in groups, in the
 * order in which they were appended. Safe for several threads.
 */
public interface Journal {
    /** Names the request and records its intent. Refused, without a name, if the journal is full or not open. */
    Appended append(Intent intent);

    /**
     * Whether what begins now can be recorded. Asked before every call of a provider, so it is cheap and never blocks.
     */
    JournalState state();

    /**
     * Completes on the caller's event loop once everything up to {@code position} is durable; fails with
     * {@link JournalUnavailable} if that takes longer than the journal's bound. Waiting makes the group urgent.
     */
    Uni<Void> durable(long position);

    /** True if everything up to {@code position} is durable already, and the lane it was written to has not been lost since. */
    boolean isDurable(long position);

    /** Records that an attempt was taken; rides along with what else is written. Returns the position that it stands at. */
    long append(AttemptMark attempt);

    /** Records how a request ended; never refused once its intent was accepted, never waited for. */
    void append(Decision decision);

    /** Answer to an intent. */
    sealed interface Appended {
        /** It is in the journal at {@code position}, not yet durable. */
        record Accepted(RequestId id, long position) implements Appended {}

        /** It is not; trying again is worth while after {@code retryAfter}. */
        record Full(Duration retryAfter) implements Appended {}

        /** It is not, because the journal is in a {@link JournalState} other than open. */
        record NotOpen(JournalState why, Duration retryAfter) implements Appended {}
    }

    /** The record could not be made durable in time. */
    final class JournalUnavailable extends RuntimeException {
        public JournalUnavailable(String message) {
            super(message, null, false, false);
        }
    }
}
