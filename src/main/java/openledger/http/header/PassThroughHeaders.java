package openledger.http.header;

import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.routing.Operation;

/** Headers that are part of an operation's API, so that a provider must see them as the client sent them. */
public final class PassThroughHeaders {
    private static final String[] MESSAGES = {"anthropic-version", "anthropic-beta"};
    /** As much as a head may have, so that none of it is lost. */
    private static final int LONGEST = 16 * 1024;

    private PassThroughHeaders() {}

    /**
     * Those the client sent that are fit to be sent on: printable ASCII, at most 16 KiB. Several lines of one name become one, joined
     * by commas, which says the same (RFC 9110, section 5.3).
     */
    public static Map<String, String> of(Operation operation, HttpServerRequest request) {
        return switch (operation) {
            case CHAT, EMBEDDINGS, RESPONSES -> Map.of();
            case MESSAGES, COUNT_TOKENS -> {
                Map<String, String> headers = new HashMap<>();
                for (String name : MESSAGES) {
                    List<String> lines = request.headers().getAll(name);
                    String value = lines.size() == 1 ? lines.getFirst() : String.join(",", lines);
                    if (!value.isEmpty() && isFit(value)) {
                        headers.put(name, value);
                    }
                }
                yield Map.copyOf(headers);
            }
        };
    }

    private static boolean isFit(String value) {
        return value.length() <= LONGEST && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}
