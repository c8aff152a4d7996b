package openledger.audit.court;

import java.time.Duration;
import java.util.Optional;
import openledger.commitment.stake.VaultCall;
import org.jspecify.annotations.Nullable;

/**
 * When a game's answer was tried and is tried again, in seconds of the chain's time; forgotten with the process, because trying again does
 * no harm. Confined to the steps of the defence.
 */
final class AnswerTries {
    private static final Duration SOON = Duration.ofMinutes(1);
    /** Longest between two tries: a game that nothing answers, however often it is tried, must not keep others from their turn. */
    private static final Duration LONGEST = Duration.ofHours(1);
    /** A deposit on L1 costs, and takes some minutes to arrive. */
    private static final Duration BETWEEN_DETOURS = LONGEST;
    /** Parts of the time that is left, of which at most one passes until the next try. */
    private static final int PARTS_LEFT = 8;

    private final long deadline;
    private long again;
    private long wait;
    private long detourAgain;
    private boolean sent;
    private String said = "";
    private VaultCall.@Nullable Answer found;

    /** Of a game that was never tried. */
    AnswerTries(long deadline) {
        this.deadline = deadline;
    }

    boolean isDue(long now) {
        return isReached(again, now);
    }

    void next(long now, Duration after) {
        again = now + after.toSeconds();
    }

    /** What had no answer is tried again after twice the time, and more often when little is left. */
    void later(long now) {
        wait = Math.min(2 * Math.max(wait, SOON.toSeconds() / 2), LONGEST.toSeconds());
        again = now + Math.max(SOON.toSeconds(), Math.min(wait, (deadline - now) / PARTS_LEFT));
    }

    /** Whether it goes around the sequencer now; if so, not again for a while. */
    boolean takesDetour(long now) {
        if (!isReached(detourAgain, now)) {
            return false;
        }
        detourAgain = now + BETWEEN_DETOURS.toSeconds();
        return true;
    }

    void sent() {
        sent = true;
    }

    boolean isSent() {
        return sent;
    }

    void found(VaultCall.Answer answer) {
        found = answer;
    }

    Optional<VaultCall.Answer> found() {
        return Optional.ofNullable(found);
    }

    boolean isNew(String reason) {
        boolean isNew = !reason.equals(said);
        said = reason;
        return isNew;
    }

    /** A time that is further away than any that we set is from a node that was wrong about the time. */
    private static boolean isReached(long at, long now) {
        return now >= at || at - now > LONGEST.toSeconds();
    }
}
