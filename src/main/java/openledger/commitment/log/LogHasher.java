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

    private final MessageDigest digest = sha256();

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

    /** The hash of the node above two others. */
    public Hash32 node(Hash32 left, Hash32 right) {
        byte[] both = new byte[2 * Hash32.BYTES];
        left.copyTo(both, 0);
        right.copyTo(both, Hash32.BYTES);
        digest.update(NODE);
        return Hash32.of(digest.digest(both));
    }

    /** Writes the hash of the node above the two hashes that stand at {@code offset} to {@code out} at {@code at}, which may be the same; allocates nothing. */
    void node(byte[] from, int offset, byte[] out, int at) {
        digest.update(NODE);
        digest.update(from, offset, 2 * Hash32.BYTES);
        try {
            digest.digest(out, at, Hash32.BYTES);
        } catch (DigestException e) {
            throw new IllegalArgumentException("no room for a hash at " + at, e);
        }
    }
}
