package openledger.http.header;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;

/** Tells a client how long to wait (RFC 9110, section 10.2.3): whole seconds, rounded up, at least one. */
public final class RetryAfterHeader {
    private RetryAfterHeader() {}

    public static void add(MultiMap headers, Duration wait) {
        headers.set(HttpHeaders.RETRY_AFTER, seconds(wait));
    }

    /** The header's value. */
    public static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }
}
