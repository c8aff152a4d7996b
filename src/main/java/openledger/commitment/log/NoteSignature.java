package openledger.commitment.log;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line below a note: who has signed it, and the signature (C2SP signed-note). Immutable.
 *
 * <p>It says by which key it is; only {@link #by} says whether it is.
 */
public final class NoteSignature {
    private static final Pattern LINE = Pattern.compile("\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})");

    private final String name;
    private final byte[] id;
    private final byte[] signature;

    NoteSignature(String name, byte[] id, byte[] signature) {
        this.name = name;
        this.id = id;
        this.signature = signature;
    }

    /**
     * Reads a line, without the newline at its end.
     *
     * @throws IllegalArgumentException if it is none
     */
    static NoteSignature parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !NoteKey.isName(parts.group(1))) {
            throw new IllegalArgumentException("a signature line is \u2014 <name> <base64>");
        }
        byte[] bytes = Base64.getDecoder().decode(parts.group(2));
        if (bytes.length <= NoteKey.ID_BYTES) {
            throw new IllegalArgumentException("a signature is longer than the id of its key");
        }
        return new NoteSignature(
                parts.group(1),
                Arrays.copyOf(bytes, NoteKey.ID_BYTES),
                Arrays.copyOfRange(bytes, NoteKey.ID_BYTES, bytes.length));
    }

    /** True if it says that it is by this key. */
    boolean names(NoteKey key) {
        return key.name().equals(name) && Arrays.equals(key.id(), id);
    }

    /** True if it is by this key, of this text. */
    boolean by(NoteKey key, String text) {
        return names(key)
                && switch (key.kind()) {
                    case NOTE -> key.verifies(Utf8.bytes(text), signature);
                    case COSIGNATURE ->
                        signature.length > Long.BYTES
                                && timestamp() >= 0
                                && key.verifies(
                                        cosigned(text, timestamp()),
                                        Arrays.copyOfRange(signature, Long.BYTES, signature.length));
                };
    }

    private long timestamp() {
        return ByteBuffer.wrap(signature).getLong();
    }

    /** When a witness has signed, by its own clock, Unix seconds; empty for the key of a log. */
    OptionalLong seconds(NoteKey key) {
        return key.kind() == NoteKey.Kind.COSIGNATURE ? OptionalLong.of(timestamp()) : OptionalLong.empty();
    }

    /** What a witness signs: C2SP tlog-cosignature. */
    static byte[] cosigned(String text, long seconds) {
        return Utf8.bytes("cosignature/v1\ntime " + seconds + "\n" + text);
    }

    /** The line, without the newline at its end. */
    @Override
    public String toString() {
        byte[] bytes = Arrays.copyOf(id, NoteKey.ID_BYTES + signature.length);
        System.arraycopy(signature, 0, bytes, NoteKey.ID_BYTES, signature.length);
        return "\u2014 " + name + " " + Base64.getEncoder().encodeToString(bytes);
    }
}
