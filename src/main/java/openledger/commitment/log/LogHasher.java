package openledger.commitment.log;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import openledger.unit.Hash32;

/**
 * The hashes of a log, SHA-256: {@code H(0x00 ‖ entry)} of an entry, {@code H(0x01 ‖ left ‖ right)} of a node (RFC 9162, section 2.1.1).
 * One instance takes any number of them, one after the other; confined to one thread.
 */
public final class LogHasher {
    /** The root of a log without entries: the hash of nothing. */
    public static final Hash32 EMPTY_ROOT = Hash32.of(sha256().digest());

    private static final byte ENTRY = 0x00;
    private static final byte NODE = 0x01;

    private static final int PAIR = 2 * Hash32.BYTES;

    private final MessageDigest digest = sha256();
    /** What is hashed stands here whole: a digest takes one array faster than a byte and an array. */
    private byte[] whole = new byte[1 + PAIR];

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of an entry. */
    public Hash32 entry(byte[] entry) {
        return entry(entry, 0, entry.length);
    }

    /** The hash of the entry that has {@code length} bytes of {@code from}, from {@code offset} on. */
    public Hash32 entry(byte[] from, int offset, int length) {
        digest.update(ENTRY);
        digest.update(from, offset, length);
        return Hash32.of(digest.digest());
    }

    /** Writes the hash of the entry that has {@code length} bytes of {@code from}, from {@code offset} on, to {@code out} at {@code at}. */
    void entry(byte[] from, int offset, int length, byte[] out, int at) {
        write(ENTRY, from, offset, length, out, at);
    }

    /** The hash of the node above two others. */
    public Hash32 node(Hash32 left, Hash32 right) {
        whole[0] = NODE;
        left.copyTo(whole, 1);
        right.copyTo(whole, 1 + Hash32.BYTES);
        digest.update(whole, 0, 1 + PAIR);
        return Hash32.of(digest.digest());
    }

    /** Writes the hash of the node above the two hashes that stand at {@code offset} to {@code out} at {@code at}, which may be the same; allocates nothing. */
    void node(byte[] from, int offset, byte[] out, int at) {
        write(NODE, from, offset, PAIR, out, at);
    }

    private void write(byte kind, byte[] from, int offset, int length, byte[] out, int at) {
        if (whole.length <= length) {
            whole = new byte[1 + length];
        }
        whole[0] = kind;
        System.arraycopy(from, offset, whole, 1, length);
        digest.update(whole, 0, 1 + length);
        try {
            digest.digest(out, at, Hash32.BYTES);
        } catch (DigestException e) {
            throw new IllegalArgumentException("no room for a hash at " + at, e);
        }
    }
}
