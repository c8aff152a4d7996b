package openledger.commitment.leaf;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The digest that stands for a request's body: its SHA-256; if the client sent a nonce, the SHA-256 of that digest followed by the nonce,
 * which only that client knows. Safe for several threads.
 */
public final class RequestDigest {
    public static final int BYTES = 32;
    /** Longest nonce; printable ASCII. */
    public static final int LONGEST_NONCE = 64;

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(RequestDigest::sha256);

    private RequestDigest() {}

    /**
     * The digest, 32 bytes.
     *
     * @param body as received
     * @param nonce empty if there is none
     */
    public static byte[] of(byte[] body, String nonce) {
        return withNonce(of(body), nonce);
    }

    /** The digest of a request without a nonce, 32 bytes. */
    public static byte[] of(byte[] body) {
        return SHA_256.get().digest(body);
    }

    /**
     * The digest of a request, 32 bytes.
     *
     * @param digest of its body
     * @param nonce empty if there is none, and then the result is that digest
     */
    public static byte[] withNonce(byte[] digest, String nonce) {
        if (nonce.isEmpty()) {
            return digest;
        }
        MessageDigest sha = SHA_256.get();
        sha.update(digest);
        return sha.digest(nonce.getBytes(StandardCharsets.US_ASCII));
    }

    /** True for 1 to 64 printable ASCII characters. */
    public static boolean isNonce(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NONCE && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
