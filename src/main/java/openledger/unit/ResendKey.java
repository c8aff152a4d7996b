package openledger.unit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a request with an idempotency key is found by at any router: the first 16 bytes of SHA-256({@code tenant ‖ 0 ‖ key}), the tenant
 * in UTF-8, the key in ASCII. Two of a billion requests in a window share one with a chance below 10⁻²⁰; a client who looks for a
 * collision finds its own requests only, for the tenant is in it. Immutable.
 *
 * @param high the first 8 bytes, big-endian
 * @param low the next 8
 */
public record ResendKey(long high, long low) {
    /** In how many ranges the keys lie. */
    public static final int RANGES = 1_024;

    /** Of {@link #bytes}. */
    public static final int LENGTH = 2 * Long.BYTES;

    private static final int RANGE_BITS = 10;

    /**
     * The key of a tenant's name for its request.
     *
     * @param idempotencyKey not empty
     */
    public static ResendKey of(String tenant, String idempotencyKey) {
        if (idempotencyKey.isEmpty()) {
            throw new IllegalArgumentException("a request without a key has none");
        }
        MessageDigest digest = sha256();
        digest.update(tenant.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(idempotencyKey.getBytes(StandardCharsets.UTF_8));
        return of(digest.digest());
    }

    /** The key that begins with these bytes, 16 or more. */
    public static ResendKey of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new ResendKey(in.getLong(), in.getLong());
    }

    /** The range that it lies in, 0 to {@link #RANGES} − 1: its first ten bits. */
    public int range() {
        return (int) (high >>> (Long.SIZE - RANGE_BITS));
    }

    /** Its 16 bytes. */
    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
