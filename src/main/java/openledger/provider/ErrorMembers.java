package openledger.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Tells whether the top-level members of a document, as far as it has come, say that it is an error. */
final class ErrorMembers {
    private static final JsonFactory JSON = new JsonFactory();

    private ErrorMembers() {}

    /** True for a {@code type} of {@code error}, a {@code status} of {@code failed}, an {@code error} that is not null. */
    static boolean in(byte[] document) {
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                String text = value == JsonToken.VALUE_STRING ? parser.getText() : "";
                if (("type".equals(name) && "error".equals(text))
                        || ("status".equals(name) && "failed".equals(text))
                        || ("error".equals(name) && value != JsonToken.VALUE_NULL)) {
                    return true;
                }
                parser.skipChildren();
            }
            return false;
        } catch (IOException cutOff) {
            return false;
        }
    }
}
