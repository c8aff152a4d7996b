package openledger.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Tells whether the {@code choices} of a chat chunk carry content: anything but roles, nulls and empty texts. */
final class ChoicesContent {
    private ChoicesContent() {}

    /** Reads the array the parser stands at the start of, to its end. */
    static boolean in(JsonParser parser) throws IOException {
        boolean content = false;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if ("delta".equals(name) && value == JsonToken.START_OBJECT) {
                    content |= inDelta(parser);
                } else {
                    content |= "finish_reason".equals(name) && value != JsonToken.VALUE_NULL;
                    parser.skipChildren();
                }
            }
        }
        return content;
    }

    private static boolean inDelta(JsonParser parser) throws IOException {
        boolean content = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean empty = value == JsonToken.VALUE_NULL
                    || (value == JsonToken.VALUE_STRING && parser.getText().isEmpty());
            content |= !"role".equals(name) && !empty;
            parser.skipChildren();
        }
        return content;
    }
}
