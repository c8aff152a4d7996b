package openledger.http.header;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import openledger.inference.admission.ResendHint;
import org.jspecify.annotations.Nullable;

/** The headers that show whether a request was sent before. */
public final class ResendHeaders {
    public static final String KEY = "idempotency-key";
    public static final String KEY_RULE = "An Idempotency-Key must be 1 to 255 printable ASCII characters.";
    private static final int MOST_RETRIES = 99;

    private ResendHeaders() {}

    /** The mark of a request; empty if its key is none. */
    public static Optional<ResendHint> of(HttpServerRequest request) {
        return mark(request.getHeader(KEY), request.getHeader("x-stainless-retry-count"));
    }

    static Optional<ResendHint> mark(@Nullable String key, @Nullable String retryCount) {
        if (key == null) {
            return Optional.of(retryCount == null ? ResendHint.NONE : new ResendHint("", count(retryCount)));
        }
        boolean usable = !key.isBlank()
                && key.length() <= ResendHint.LONGEST_KEY
                && key.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        return usable ? Optional.of(new ResendHint(key, retryCount == null ? 0 : count(retryCount))) : Optional.empty();
    }

    /** A number of retries; whatever is none is 0. */
    private static int count(String text) {
        boolean number = text.length() <= 2 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Math.min(MOST_RETRIES, Integer.parseInt(text)) : 0;
    }
}
