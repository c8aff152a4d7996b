package openledger.inference.record;

import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.Operation;
import openledger.unit.ResendKey;
import openledger.unit.RouteId;

/**
 * What we know of a request when it is admitted: the part of its record that is durable before the client sees anything.
 *
 * @param arrivalMillis Unix ms
 * @param tenant name of the tenant, at most 64 ASCII characters
 * @param route version of the route
 * @param operation what was asked of it
 * @param mode how it is to be settled; not released
 * @param budget the route's retry budget
 * @param form how the client wants its answer
 * @param bodyDigest {@link openledger.commitment.leaf.RequestDigest} of the body as received and the nonce, 32 bytes; never changed
 *     after construction
 * @param clientRequestId the client's {@code x-request-id}, at most 128 printable ASCII characters, empty if none
 * @param nonce the client's {@code openledger-nonce}, 1 to 64 printable ASCII characters, empty if none
 * @param resendKey what it is found by if it is sent again; empty if its client named no key
 */
@SuppressWarnings("ArrayRecordComponent") // a record of bytes on the hot path; nobody compares intents
public record Intent(
        long arrivalMillis,
        String tenant,
        RouteId route,
        Operation operation,
        LeafMode mode,
        int budget,
        AnswerForm form,
        byte[] bodyDigest,
        String clientRequestId,
        String nonce,
        Optional<ResendKey> resendKey) {
    /** The intent of a request without a key. */
    public Intent(
            long arrivalMillis,
            String tenant,
            RouteId route,
            Operation operation,
            LeafMode mode,
            int budget,
            AnswerForm form,
            byte[] bodyDigest,
            String clientRequestId,
            String nonce) {
        this(
                arrivalMillis,
                tenant,
                route,
                operation,
                mode,
                budget,
                form,
                bodyDigest,
                clientRequestId,
                nonce,
                Optional.empty());
    }

    /** The same with a nonce and a key. */
    public Intent with(String itsNonce, Optional<ResendKey> itsKey) {
        return new Intent(
                arrivalMillis,
                tenant,
                route,
                operation,
                mode,
                budget,
                form,
                bodyDigest,
                clientRequestId,
                itsNonce,
                itsKey);
    }
}
