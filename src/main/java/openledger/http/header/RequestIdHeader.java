package openledger.http.header;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** The client's own name for a request: echoed and recorded if it is valid, else ignored. */
public final class RequestIdHeader {
    private static final int LONGEST = 128;

    private RequestIdHeader() {}

    public static String of(HttpServerRequest request) {
        return checked(request.getHeader(FactHeaders.REQUEST_ID));
    }

    /** Sets it on the answer, whatever that will be, unless it is not fit to be. */
    public static void echo(HttpServerRequest request) {
        String id = of(request);
        if (!id.isEmpty()) {
            request.response().headers().set(FactHeaders.REQUEST_ID, id);
        }
    }

    /** {@code text} if it is 1 to 128 letters, digits, dots, dashes, underscores or colons; else empty. */
    static String checked(@Nullable String text) {
        if (text == null || text.length() > LONGEST) {
            return "";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '.' && c != '-' && c != '_' && c != ':') {
                return "";
            }
        }
        return text;
    }
}
