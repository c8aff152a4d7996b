package openledger.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import openledger.routing.Operation;

/** Headers that are part of an operation's language, so that a provider must see them as the client sent them. */
final class LanguageHeaders {
    private static final String[] MESSAGES = {"anthropic-version", "anthropic-beta"};
    private static final int LONGEST = 512;

    private LanguageHeaders() {}

    /** Those the client sent that are fit to be sent on: printable ASCII, at most 512 characters. */
    static Map<String, String> of(Operation operation, HttpServerRequest request) {
        return switch (operation) {
            case CHAT, EMBEDDINGS, RESPONSES -> Map.of();
            case MESSAGES -> {
                Map<String, String> headers = new HashMap<>();
                for (String name : MESSAGES) {
                    String value = request.getHeader(name);
                    if (value != null && isFit(value)) {
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
