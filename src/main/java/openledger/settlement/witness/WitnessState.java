package openledger.settlement.witness;

import java.time.Duration;
import java.time.Instant;
import openledger.settlement.log.LogReads.Head;

/**
 * What is known of one witness, and so whether it is to be asked. Pure: the same answers lead to the same states. Immutable.
 *
 * <pre>
 *   due ── cosigned ──→ idle until there is a longer log
 *    │ ←─ first 409 with a size that the log has had
 *    └── anything else → left alone for a while, which doubles up to five minutes; after no answer up to 15 s
 * </pre>
 *
 * @param known size of the log as the witness knows it, as far as we know
 * @param cosigned largest size whose cosignature we have, 0 if none
 * @param failures in a row
 * @param corrected its last answer was a size, from which it is asked at once, but not twice in a row
 * @param notBefore when it may be asked again
 */
record WitnessState(long known, long cosigned, int failures, boolean corrected, Instant notBefore) {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    /** One that was away may be back at any time, and plans may wait for it. */
    private static final Duration LONGEST_AWAY = Duration.ofSeconds(15);

    private static final int MOST_DOUBLINGS = 9;

    /** One that has cosigned a log of that size last, 0 if it has not. */
    static WitnessState of(long cosigned) {
        return new WitnessState(cosigned, cosigned, 0, false, Instant.MIN);
    }

    /** What follows from an answer. */
    record Step(WitnessState next, WitnessOutcome outcome) {}

    /** Whether the witness should cosign this head, and may be asked now. */
    boolean isDue(Head head, Instant now) {
        return lacks(head) && known <= head.size() && !now.isBefore(notBefore);
    }

    /** Whether its cosignature of this head, or of a longer log, is missing. */
    boolean lacks(Head head) {
        return cosigned < head.size();
    }

    /** After an answer to a request for {@code asked}, which began at {@link #known}. */
    Step after(Head asked, WitnessAnswer answer, Instant now) {
        return switch (answer) {
            case WitnessAnswer.Cosigned _ ->
                new Step(
                        new WitnessState(asked.size(), Math.max(cosigned, asked.size()), 0, false, Instant.MIN),
                        WitnessOutcome.COSIGNED);
            case WitnessAnswer.Knows(var size) -> knows(asked, size, now);
            case WitnessAnswer.Inconsistent _ -> new Step(paused(now), WitnessOutcome.INCONSISTENT);
            case WitnessAnswer.Refused _ -> new Step(paused(now), WitnessOutcome.REFUSED);
            case WitnessAnswer.Invalid _ -> new Step(paused(now), WitnessOutcome.INVALID);
            case WitnessAnswer.Silent _ -> new Step(paused(now, LONGEST_AWAY), WitnessOutcome.SILENT);
        };
    }

    private Step knows(Head asked, long size, Instant now) {
        if (size > asked.size()) {
            return new Step(paused(now), WitnessOutcome.AHEAD);
        }
        if (size == known) {
            // It was asked from the size that it says it knows. If that is this one, then it knows another root.
            return new Step(paused(now), size == asked.size() ? WitnessOutcome.INCONSISTENT : WitnessOutcome.CONFLICT);
        }
        WitnessState told = new WitnessState(size, cosigned, failures, true, notBefore);
        return new Step(corrected ? told.paused(now) : told, WitnessOutcome.CONFLICT);
    }

    /** Left alone for a while, longer each time. */
    WitnessState paused(Instant now) {
        return paused(now, LONGEST_PAUSE);
    }

    private WitnessState paused(Instant now, Duration longest) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return new WitnessState(
                known, cosigned, failures + 1, false, now.plus(pause.compareTo(longest) < 0 ? pause : longest));
    }
}
