package openledger.commitment.leaf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import openledger.unit.FixedBytes;

/**
 * Binds a leaf to the answer, the providers' own names of its calls, and what they took: the first 16 bytes of {@code SHA-256("openledger
 * outcome v2" ‖ salt(16) ‖ responseDigest(32) ‖ u8 attempts ‖ ids ‖ usage)}, where each attempt's upstream request id, in order, is a length
 * byte and its UTF-8, and the usage is {@link UsageRecord#bytes}. The response digest is the SHA-256 of the answer's body as the client got
 * it, of a stream without the events that are ours; all zero if there was none. Immutable.
 */
public final class OutcomeCommitment extends FixedBytes {
    public static final int BYTES = 16;

    private static final byte[] DOMAIN = "openledger outcome v2".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST = 255;

    private OutcomeCommitment(byte[] bytes) {
        super(bytes);
    }

    /**
     * The commitment.
     *
     * @param salt 16 bytes
     * @param responseDigest 32 bytes
     * @param upstreamRequestIds one an attempt, in order, empty where the provider gave none; at most 255 of at most 255 bytes
     */
    public static OutcomeCommitment of(
            byte[] salt, byte[] responseDigest, List<String> upstreamRequestIds, UsageRecord usage) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(DOMAIN);
        message.writeBytes(salt);
        message.writeBytes(responseDigest);
        message.write(bounded("attempts", upstreamRequestIds.size()));
        for (String id : upstreamRequestIds) {
            byte[] text = id.getBytes(StandardCharsets.UTF_8);
            message.write(bounded("bytes of an upstream request id", text.length));
            message.writeBytes(text);
        }
        message.writeBytes(usage.bytes());
        return new OutcomeCommitment(Arrays.copyOf(RequestDigest.of(message.toByteArray()), BYTES));
    }

    /** One read back from the 16 bytes of {@code from} at {@code offset}. */
    static OutcomeCommitment read(byte[] from, int offset) {
        return new OutcomeCommitment(Arrays.copyOfRange(from, offset, offset + BYTES));
    }

    private static int bounded(String what, int count) {
        if (count > MOST) {
            throw new IllegalArgumentException(what + ": at most 255, not " + count);
        }
        return count;
    }
}
