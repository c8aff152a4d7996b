package openledger.audit.usage;

import java.time.Duration;
import java.time.Instant;

/**
 * What a comparison may conclude from something being absent.
 *
 * @param from begin of the time that both records cover
 * @param to its end, not before {@code from}
 * @param skew by how much the two clocks may differ, and the records be late, 0 or more
 * @param failures whether the provider's record has calls that it refused
 * @param others whether the provider's record has calls that are not of this log
 */
public record UsageScope(Instant from, Instant to, Duration skew, Failures failures, Others others) {
    public UsageScope {
        if (to.isBefore(from) || skew.isNegative()) {
            throw new IllegalArgumentException("a time ends after it begins, and clocks differ by 0 or more");
        }
    }

    /** Whether a provider's record has what it refused. */
    public enum Failures {
        /** A claimed refusal that is not there was not seen by the provider. */
        LISTED,
        /** Nothing follows from a claimed refusal that is not there. */
        LEFT_OUT
    }

    /** Whose calls a provider's record has. */
    public enum Others {
        /** A call that the log does not have is a difference. */
        NONE,
        /** Others use the account as well, or the log is a part. */
        SOME
    }

    /** True if a call was, whichever clock is right, within the time that both cover. */
    boolean holds(LoggedCall call) {
        return !call.start().minus(skew).isBefore(from)
                && !call.end().plus(skew).isAfter(to);
    }

    /** True if an interval is wholly within the time that both cover. */
    boolean holds(Instant begin, Instant end) {
        return !begin.isBefore(from) && !end.isAfter(to);
    }

    boolean holds(ProviderCall call) {
        return !call.time().isBefore(from) && !call.time().isAfter(to);
    }
}
