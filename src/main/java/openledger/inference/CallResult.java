package openledger.inference;

import java.time.Duration;
import java.util.Optional;
import openledger.routing.Trigger;

/** How one attempt went, as far as the decision to retry is concerned. */
public sealed interface CallResult {
    /** The provider's own id of the call, empty if it gave none. */
    String upstreamRequestId();

    /** HTTP status of the provider's answer, 0 if there was none. */
    int httpStatus();

    /** Content has arrived: this attempt serves. */
    record Answered(UpstreamAnswer answer, int httpStatus, String upstreamRequestId) implements CallResult {}

    /**
     * The provider refuses the request itself (400, 413, 415, 422): the client must change it, no retry can help.
     *
     * @param httpStatus of the answer; of an error within a 200, the one that the error names, else 400
     */
    record Rejected(UpstreamRejection rejection, int httpStatus, String upstreamRequestId) implements CallResult {}

    /**
     * It did not serve; another attempt may.
     *
     * @param connection what went wrong with the connection, if that is why
     */
    record Failed(
            Trigger trigger,
            int httpStatus,
            Optional<Duration> retryAfter,
            String upstreamRequestId,
            ConnectionFault connection)
            implements CallResult {
        /** One whose connection was sound, or never needed. */
        public Failed(Trigger trigger, int httpStatus, Optional<Duration> retryAfter, String upstreamRequestId) {
            this(trigger, httpStatus, retryAfter, upstreamRequestId, ConnectionFault.NONE);
        }
    }
}
