package openledger.commitment.leaf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import openledger.commitment.tree.Keccak256;
import openledger.unit.FixedBytes;

/**
 * Binds a leaf to the answer and the providers' own names of its calls: the first 16 bytes of
 * {@code keccak256(salt(16) ‖ responseDigest(32) ‖ ids)}, where each attempt's upstream request id, in order, is a length
 * byte and its UTF-8. The response digest is the SHA-256 of the answer's body as the client got it, of a stream without the
 * events that are ours; all zero if there was none. Immutable.
 */
public final class AnswerCommitment extends FixedBytes {
    public static final int BYTES = 16;

    private static final int LONGEST_ID = 255;

    private AnswerCommitment(byte[] bytes) {
        super(bytes);
    }

    /**
     * The commitment.
     *
     * @param salt 16 bytes
     * @param responseDigest 32 bytes
     * @param upstreamRequestIds one an attempt, in order, empty where the provider gave none; at most 255 bytes each
     */
    public static AnswerCommitment of(byte[] salt, byte[] responseDigest, List<String> upstreamRequestIds) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(salt.length + responseDigest.length);
        message.writeBytes(salt);
        message.writeBytes(responseDigest);
        for (String id : upstreamRequestIds) {
            byte[] text = id.getBytes(StandardCharsets.UTF_8);
            if (text.length > LONGEST_ID) {
                throw new IllegalArgumentException("an upstream request id has at most 255 bytes: " + text.length);
            }
            message.write(text.length);
            message.writeBytes(text);
        }
        return new AnswerCommitment(Arrays.copyOf(Keccak256.digest(message.toByteArray()), BYTES));
    }

    /** One read back from the 16 bytes of {@code from} at {@code offset}. */
    static AnswerCommitment read(byte[] from, int offset) {
        return new AnswerCommitment(Arrays.copyOfRange(from, offset, offset + BYTES));
    }
}
