package openledger.http.access;

import org.jspecify.annotations.Nullable;

/** The key a client presents: {@code Authorization: Bearer} (RFC 6750), or {@code x-api-key} as Anthropic's clients do. */
public final class PresentedCredential {
    static final String HINT = "Send 'Authorization: Bearer <key>' or 'x-api-key: <key>', with a key of this router.";
    private static final String SCHEME = "Bearer ";

    private PresentedCredential() {}

    /** The bearer token if that header is there at all, else the other one; empty if there is neither. */
    public static String of(@Nullable String authorization, @Nullable String apiKey) {
        if (authorization == null) {
            return apiKey == null ? "" : apiKey;
        }
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }
}
