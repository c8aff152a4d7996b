package openledger.commitment.log;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Signs notes and checkpoints with an Ed25519 key (RFC 8032). Immutable; says nothing of its secret. */
public final class NoteSigner {
    /** Bytes of a secret. */
    public static final int SEED_BYTES = 32;

    /** What stands before an Ed25519 secret in a PrivateKeyInfo (RFC 8410). */
    private static final byte[] SECRET_INFO = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final NoteKey key;
    private final PrivateKey secret;

    /**
     * A signer.
     *
     * @param seed its secret, 32 bytes
     * @param encoded the public key that belongs to it, 32 bytes
     * @throws IllegalArgumentException if one does not belong to the other, or the name does not fit a key
     */
    public NoteSigner(String name, NoteKey.Kind kind, byte[] seed, byte[] encoded) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("the secret of a key has 32 bytes: " + seed.length);
        }
        this.key = new NoteKey(name, kind, encoded);
        try {
            byte[] info = Arrays.copyOf(SECRET_INFO, SECRET_INFO.length + SEED_BYTES);
            System.arraycopy(seed, 0, info, SECRET_INFO.length, SEED_BYTES);
            this.secret = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(info));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
        byte[] probe = Utf8.bytes(name);
        if (!key.verifies(probe, sign(probe))) {
            throw new IllegalArgumentException("the public key of " + name + " does not belong to its secret");
        }
    }

    private NoteSigner(NoteKey key, PrivateKey secret) {
        this.key = key;
        this.secret = secret;
    }

    /**
     * The same secret under another name.
     *
     * @throws IllegalArgumentException if the name does not fit a key
     */
    public NoteSigner named(String name) {
        return new NoteSigner(key.named(name), secret);
    }

    /** Whoever checks its signatures needs this. */
    public NoteKey key() {
        return key;
    }

    /** Its signature of a note's text, or of a checkpoint at a time; the time, in Unix seconds, counts for a cosignature only. */
    public NoteSignature sign(String text, long seconds) {
        byte[] signature = switch (key.kind()) {
            case NOTE -> sign(Utf8.bytes(text));
            case COSIGNATURE ->
                ByteBuffer.allocate(Long.BYTES + Long.BYTES * Long.BYTES)
                        .putLong(seconds)
                        .put(sign(NoteSignature.cosigned(text, seconds)))
                        .array();
        };
        return new NoteSignature(key.name(), key.id(), signature);
    }

    /** Its bare signature of a message, which says by its form what it is. */
    byte[] sign(byte[] message) {
        try {
            Signature sign = Signature.getInstance("Ed25519");
            sign.initSign(secret);
            sign.update(message);
            return sign.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform signs with Ed25519", e);
        }
    }
}
