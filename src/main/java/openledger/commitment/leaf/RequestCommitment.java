package openledger.commitment.leaf;

import java.nio.ByteBuffer;
import openledger.commitment.tree.Keccak256;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/**
 * Binds a leaf to a request without revealing which: {@code keccak256(requestId(16) ‖ digest(32) ‖ salt(16))}. The digest is the SHA-256 of
 * the body as received; with a nonce of the client's, the SHA-256 of that digest followed by the nonce.
 */
public final class RequestCommitment {
    private static final int LENGTH = 64;

    private RequestCommitment() {}

    /**
     * The commitment.
     *
     * @param digest 32 bytes
     * @param salt {@link LaneSecret#salt} of the request, 16 bytes
     */
    public static Hash32 of(RequestId id, byte[] digest, byte[] salt) {
        byte[] message = ByteBuffer.allocate(LENGTH)
                .putLong(id.lane())
                .putLong(id.counter())
                .put(digest)
                .put(salt)
                .array();
        return Hash32.of(Keccak256.digest(message));
    }
}
