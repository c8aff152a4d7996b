package openledger.http.header;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** The header that names the session of a request, for routes with affinity. */
public final class SessionHeader {
    public static final String NAME = "openledger-session";
    public static final String RULE = "An openledger-session must be 1 to 256 printable ASCII characters.";
    private static final int LONGEST = 256;

    private SessionHeader() {}

    /** The session's key, "" if there is none; empty if it is not one. */
    public static Optional<String> of(HttpServerRequest request) {
        String text = request.getHeader(NAME);
        if (text == null) {
            return Optional.of("");
        }
        boolean isKey =
                !text.isEmpty() && text.length() <= LONGEST && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return isKey ? Optional.of(text) : Optional.empty();
    }
}
