package openledger.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The stored form of a key: its SHA-256. Since the digest is looked up and not the key, the time of a look-up says nothing about how much
 * of a guess was right.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record KeyDigest(String hex) {
    private static final int LONGEST_KEY = 512;
    private static final int LENGTH = 64;
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(KeyDigest::sha256);

    public KeyDigest {
        if (hex.length() != LENGTH || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("must be 64 lower-case hexadecimal digits");
        }
    }

    /** The digest of a key's UTF-8 bytes. */
    public static KeyDigest of(String key) {
        return of(SHA_256.get().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** A digest's 32 bytes. */
    public static KeyDigest of(byte[] digest) {
        return new KeyDigest(HexFormat.of().formatHex(digest));
    }

    /** The digest of what somebody presents as a key; empty if no key is like that, so that it need not be digested. */
    static Optional<KeyDigest> ofPresented(String text) {
        return text.isEmpty() || text.length() > LONGEST_KEY ? Optional.empty() : Optional.of(of(text));
    }

    /** Whether {@code presented} is the key this is the digest of; takes as long for one wrong key as for another. */
    public boolean matches(String presented) {
        return ofPresented(presented)
                .filter(other -> MessageDigest.isEqual(bytes(), other.bytes()))
                .isPresent();
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
