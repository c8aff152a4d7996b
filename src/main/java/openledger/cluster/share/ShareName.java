package openledger.cluster.share;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of a key's limit, the same at all routers, and nothing that a key could be guessed from. Ordered, so that whoever locks several
 * locks them in one order.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
public record ShareName(String hex) implements Comparable<ShareName> {
    private static final int BYTES = 16;

    /** Of a key's limit. */
    public static ShareName of(Kind kind, String keyId) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest((kind.name() + '\0' + keyId).getBytes(StandardCharsets.UTF_8));
            return new ShareName(HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public int compareTo(ShareName other) {
        return hex.compareTo(other.hex);
    }

    /** What is limited. Its word is part of the name. */
    public enum Kind {
        REQUESTS,
        TOKENS,
        SLOTS
    }
}
