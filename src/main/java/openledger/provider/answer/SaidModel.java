package openledger.provider.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import openledger.provider.error.Failures;

/** The model that an answer names, which may differ from the requested one. */
public final class SaidModel {
    private static final JsonFactory JSON = new JsonFactory();
    /** What events of typed streams hold, of which the model is said. */
    private static final Set<String> HOLDERS = Set.of("message", "response");

    private SaidModel() {}

    /** The top-level member {@code model}, or that of a message or response on top; empty if there is none fit for our records. */
    public static String in(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? in(parser, true) : "";
        } catch (IOException cutOff) {
            return "";
        }
    }

    private static String in(JsonParser parser, boolean isTop) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if ("model".equals(name)) {
                return value == JsonToken.VALUE_STRING ? Failures.printable(parser.getText()) : "";
            }
            if (isTop && HOLDERS.contains(name) && value == JsonToken.START_OBJECT) {
                return in(parser, false);
            }
            parser.skipChildren();
        }
        return "";
    }
}
