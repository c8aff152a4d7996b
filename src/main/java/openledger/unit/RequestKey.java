package openledger.unit;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What leaves and snapshots call a request: 24 bytes that bind them to it without revealing which it is, and its number in its lane, 8
 * bytes, big-endian. Immutable.
 */
public final class RequestKey extends FixedBytes {
    public static final int BYTES = 32;
    /** Length of what binds to the request. */
    public static final int COMMITMENT_BYTES = 24;

    private RequestKey(byte[] bytes) {
        super(bytes);
    }

    /**
     * The key of a request.
     *
     * @param commitment its first 24 bytes are taken
     * @param counter the request's number in its lane, from 1
     */
    public static RequestKey of(byte[] commitment, long counter) {
        return checked(ByteBuffer.allocate(BYTES)
                .put(commitment, 0, COMMITMENT_BYTES)
                .putLong(counter)
                .array());
    }

    /**
     * One read from 32 bytes of {@code from} at {@code offset}.
     *
     * @throws IllegalArgumentException if no request has such a number
     */
    public static RequestKey read(byte[] from, int offset) {
        return checked(Arrays.copyOfRange(from, offset, offset + BYTES));
    }

    /** Takes the bytes as they are. */
    private static RequestKey checked(byte[] bytes) {
        RequestKey key = new RequestKey(bytes);
        if (key.counter() < 1) {
            throw new IllegalArgumentException(
                    "counter: 1..9223372036854775807, not " + Long.toUnsignedString(key.counter()));
        }
        return key;
    }

    /** Reads {@code 0x} and 64 hex digits. */
    public static RequestKey parse(String text) {
        byte[] bytes = parseHex(text, "a request's key");
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a request's key has 32 bytes: " + bytes.length);
        }
        return checked(bytes);
    }

    /** The same 32 bytes as a word of the EVM. */
    public Hash32 word() {
        return Hash32.of(bytes());
    }

    /** The request's number in its lane, from 1. */
    public long counter() {
        return wordAt(COMMITMENT_BYTES);
    }
}
