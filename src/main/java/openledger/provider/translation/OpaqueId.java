package openledger.provider.translation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A text as an identifier that every provider accepts: always the same one for the same text, and the text cannot be read from it. */
public final class OpaqueId {
    private OpaqueId() {}

    /** SHA-256 of the text in UTF-8, as base64url without padding: 43 characters out of {@code [A-Za-z0-9_-]}. */
    public static String of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
