package openledger.inference.upstream;

import java.time.Duration;
import java.util.Optional;
import openledger.inference.record.AttemptDetail;
import openledger.routing.Trigger;

/** The result of one attempt, as far as the decision to retry is concerned. */
public sealed interface CallResult {
    /** The provider's own id of the call, empty if it gave none. */
    String upstreamRequestId();

    /** HTTP status of the provider's answer, 0 if there was none. */
    int httpStatus();

    /** What else is known of the call. */
    AttemptDetail detail();

    /** Content has arrived: this attempt serves. */
    record Answered(UpstreamAnswer answer, int httpStatus, String upstreamRequestId, AttemptDetail detail)
            implements CallResult {}

    /**
     * The provider refuses the request itself (400, 413, 415, 422): the client must change it, no retry can help.
     *
     * @param httpStatus of the answer; of an error within a 200, the one that the error names, else 400
     */
    record Rejected(UpstreamRejection rejection, int httpStatus, String upstreamRequestId, AttemptDetail detail)
            implements CallResult {}

    /** It did not serve; another attempt may. */
    record Failed(
            Trigger trigger,
            int httpStatus,
            Optional<Duration> retryAfter,
            String upstreamRequestId,
            AttemptDetail detail)
            implements CallResult {}
}
