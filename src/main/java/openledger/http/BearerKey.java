package openledger.http;

import org.jspecify.annotations.Nullable;

/** The key in an {@code Authorization} header (RFC 6750). */
final class BearerKey {
    static final String HINT = "Send 'Authorization: Bearer <key>' with a key of this router.";
    private static final String SCHEME = "Bearer ";

    private BearerKey() {}

    /** The key, or empty text if the header is missing or of another scheme. */
    static String of(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return "";
        }
        return header.substring(SCHEME.length()).strip();
    }
}
