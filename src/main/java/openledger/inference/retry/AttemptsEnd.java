package openledger.inference.retry;

import java.time.Duration;
import java.util.Optional;
import openledger.budget.AttemptPermit;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;

/** How the attempts of a request ended. */
public sealed interface AttemptsEnd {
    /** Content has arrived. */
    record Answered(From from, UpstreamAnswer answer) implements AttemptsEnd {}

    /** What the record keeps of it: the answer has come from the target at {@code targetIndex} of the permit's tier. */
    record From(AttemptPermit permit, int targetIndex) {}

    /** The provider refuses the request itself. */
    record Refused(UpstreamRejection rejection, int httpStatus) implements AttemptsEnd {}

    /** The plan was not confirmed in time, and the client wants no answer then. */
    record Unconfirmed() implements AttemptsEnd {}

    /** Attempts are left, but what they did could not be recorded. */
    record Unrecordable() implements AttemptsEnd {}

    /** Nothing left; {@code retryAfter} is the shortest wait any provider asked for. */
    record Exhausted(Optional<Duration> retryAfter) implements AttemptsEnd {}
}
