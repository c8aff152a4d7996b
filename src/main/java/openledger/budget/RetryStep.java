package openledger.budget;

import java.time.Duration;
import openledger.routing.Trigger;

/** The next step of a request in fast mode, as {@link FastRetries} decides it. */
public sealed interface RetryStep {
    /** No target of the tier was found. */
    int NO_TARGET = -1;

    /**
     * Call a target.
     *
     * @param permit of the attempt that this is
     * @param target its index within the permit's tier
     */
    record Call(AttemptPermit permit, int target) implements RetryStep {}

    /**
     * Spend an attempt without a call. {@link FastRetries#afterFailure} says what follows, as after a call that failed.
     *
     * @param permit of the attempt that this is
     * @param target index within the permit's tier of the target that would have been called, or {@link #NO_TARGET}
     * @param trigger why there is no call; a refusal
     */
    record Refuse(AttemptPermit permit, int target, Trigger trigger) implements RetryStep {}

    /** Wait that long, more than nothing; then ask for the {@linkplain FastRetries#next next} attempt. */
    record Wait(Duration delay) implements RetryStep {}

    /** Make no further attempt. */
    enum End implements RetryStep {
        /** The budget is spent, or the ledger is closed. */
        SPENT,
        /** Attempts are left, but they could not be recorded. */
        UNRECORDABLE
    }
}
