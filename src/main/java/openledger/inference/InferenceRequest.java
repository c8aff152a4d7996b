package openledger.inference;

import openledger.routing.Route;
import openledger.routing.RoutingMode;

/**
 * An admitted request.
 *
 * @param tenant who asks
 * @param route what for
 * @param mode how it is settled
 * @param body as received
 * @param clientRequestId the client's {@code x-request-id}, empty if none
 * @param departure what happens if the client leaves
 * @param arrivalMillis Unix ms
 * @param arrivalNanos the same moment in {@link Timekeeper#nanoTime()}
 */
public record InferenceRequest(
        String tenant,
        Route route,
        RoutingMode mode,
        ChatBody body,
        String clientRequestId,
        Departure departure,
        long arrivalMillis,
        long arrivalNanos) {
    /** What becomes of the call in flight when the client leaves; retries end at once in either case. */
    public enum Departure {
        /** Cancelled at once. */
        CANCEL,
        /** The client gave an idempotency key, so it may come back: the call may run on for the orphan grace. */
        GRACE
    }
}
