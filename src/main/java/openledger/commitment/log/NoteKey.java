package openledger.commitment.log;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who signs notes, and the key that shows it: C2SP signed-note and tlog-cosignature, with Ed25519 (RFC 8032). Immutable; equal if name,
 * kind and key are.
 */
public final class NoteKey {
    private static final int KEY_BYTES = 32;
    static final int ID_BYTES = 4;
    private static final int SIGNATURE_BYTES = 64;
    /** What stands before an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
    private static final byte[] KEY_INFO = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Pattern NAME = Pattern.compile("[^\\p{IsWhite_Space}\\p{Cntrl}+]+");
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TEXT = 1_024;

    private final String name;
    private final Kind kind;
    private final byte[] id;
    private final byte[] encoded;
    private final PublicKey key;

    /** What a key signs. */
    public enum Kind {
        /** The text of a note: a log's key. */
        NOTE(0x01),
        /** The text of a checkpoint and a time: a witness's key. */
        COSIGNATURE(0x04);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    /**
     * A key.
     *
     * @param encoded its 32 bytes, as RFC 8032 writes them
     * @throws IllegalArgumentException if they are no key, or the name has a space, a plus or a control character
     */
    public NoteKey(String name, Kind kind, byte[] encoded) {
        if (!isName(name)) {
            throw new IllegalArgumentException("the name of a key has 1 to 255 characters, no spaces and no plus");
        }
        if (encoded.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes: " + encoded.length);
        }
        this.name = name;
        this.kind = kind;
        this.encoded = encoded.clone();
        this.key = keyOf(encoded);
        this.id = idOf(name, kind, encoded);
    }

    /** Points of an order below the curve's: whoever has one for a key has signed everything, and nothing. */
    private static final Set<String> SMALL_ORDER = Set.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

    /**
     * The same key under another name.
     *
     * @throws IllegalArgumentException if that cannot be the name of a key
     */
    NoteKey named(String other) {
        return new NoteKey(other, kind, encoded);
    }

    /** Whether somebody who signs with one signs with the other, whatever their names. */
    public boolean isSameKey(NoteKey other) {
        return Arrays.equals(encoded, other.encoded);
    }

    /** True if a signature line can name its key so. */
    static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    }

    private static PublicKey keyOf(byte[] encoded) {
        byte[] ordinate = encoded.clone();
        ordinate[KEY_BYTES - 1] &= 0x7f;
        if (SMALL_ORDER.contains(HexFormat.of().formatHex(ordinate)) || isAbovePrime(ordinate)) {
            throw new IllegalArgumentException("an Ed25519 key that anybody could sign with");
        }
        try {
            byte[] info = Arrays.copyOf(KEY_INFO, KEY_INFO.length + KEY_BYTES);
            System.arraycopy(encoded, 0, info, KEY_INFO.length, KEY_BYTES);
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
            // Only then is it looked at as a point.
            Signature.getInstance("Ed25519").initVerify(key);
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no Ed25519 key", e);
        }
    }

    /** At or above 2^255 - 19, little-endian: another way to write a smaller number. */
    private static boolean isAbovePrime(byte[] ordinate) {
        for (int i = 1; i < KEY_BYTES - 1; i++) {
            if (ordinate[i] != (byte) 0xff) {
                return false;
            }
        }
        return ordinate[KEY_BYTES - 1] == 0x7f && Byte.toUnsignedInt(ordinate[0]) >= 0xed;
    }

    private static byte[] idOf(String name, Kind kind, byte[] encoded) {
        MessageDigest digest = LogHasher.sha256();
        digest.update(Utf8.bytes(name));
        digest.update((byte) '\n');
        digest.update(kind.code);
        return Arrays.copyOf(digest.digest(encoded), ID_BYTES);
    }

    /**
     * Reads a verifier key: {@code <name>+<id in hex>+<kind and key in base64>}.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static NoteKey parse(String text) {
        String[] parts = text.length() > LONGEST_TEXT ? new String[0] : text.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a verifier key is <name>+<id>+<key>");
        }
        byte[] material = Base64.getDecoder().decode(parts[2]);
        if (material.length != 1 + KEY_BYTES) {
            throw new IllegalArgumentException("only Ed25519 keys are known here");
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(each -> each.code == material[0])
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("an unknown kind of key: " + material[0]));
        NoteKey key = new NoteKey(parts[0], kind, Arrays.copyOfRange(material, 1, material.length));
        if (!key.toString().equals(text)) {
            throw new IllegalArgumentException("the id of the verifier key is not that of its name and key");
        }
        return key;
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** What a signature says of its key: the first bytes of a hash, which identify and prove nothing. */
    byte[] id() {
        return id.clone();
    }

    /** True if this is the key's signature of the message. */
    boolean verifies(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey that
                && that.name.equals(name)
                && that.kind == kind
                && Arrays.equals(that.encoded, encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(id);
    }

    /** The verifier key. */
    @Override
    public String toString() {
        byte[] material = new byte[1 + KEY_BYTES];
        material[0] = kind.code;
        System.arraycopy(encoded, 0, material, 1, KEY_BYTES);
        return name + "+" + HexFormat.of().formatHex(id) + "+"
                + Base64.getEncoder().encodeToString(material);
    }
}
