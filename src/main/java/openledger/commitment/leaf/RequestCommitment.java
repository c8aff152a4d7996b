package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/**
 * Binds a leaf to a request without revealing which: the first 24 bytes of {@code SHA-256(requestId(16) ‖ digest(32) ‖ salt(16))}. The
 * digest is the SHA-256 of the body as received; with a nonce of the client's, the SHA-256 of that digest followed by the nonce.
 */
public final class RequestCommitment {
    private static final int LENGTH = 64;

    private RequestCommitment() {}

    /**
     * The commitment, with the request's number behind it.
     *
     * @param digest 32 bytes
     * @param salt {@link LaneSecret#salt} of the request, 16 bytes
     */
    public static RequestKey of(RequestId id, byte[] digest, byte[] salt) {
        byte[] message = ByteBuffer.allocate(LENGTH)
                .putLong(id.lane())
                .putLong(id.counter())
                .put(digest)
                .put(salt)
                .array();
        return RequestKey.of(RequestDigest.of(message), id.counter());
    }
}
