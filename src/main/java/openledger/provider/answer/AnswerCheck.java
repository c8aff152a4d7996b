package openledger.provider.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import openledger.provider.error.Failures;
import openledger.provider.sse.EventLines;

/**
 * Distinguishes a document that is an answer from one that only has the status of one: an error in any place, an empty object, a truncated
 * document. Reads it once, without building objects, and remembers the model that it names. Confined to one thread.
 */
public final class AnswerCheck {
    private static final JsonFactory JSON = new JsonFactory();
    /** A typed document has at least one of these. */
    private static final Set<String> NAMING = Set.of("type", "object", "id");

    private final Kind kind;
    private String model = "";

    AnswerCheck(Kind kind) {
        this.kind = kind;
    }

    /** What an answer must have. */
    public enum Kind {
        /** Choices, at least one, of which none is an error. */
        CHAT("choices"),
        /** Data, at least one. */
        EMBEDDINGS("data"),
        /** A number of tokens. */
        TOKEN_COUNT("input_tokens"),
        /** Its type says what it is: Messages, Responses. */
        TYPED("");

        private final String member;

        Kind(String member) {
            this.member = member;
        }
    }

    /** True for a whole document that is an answer. */
    boolean isAnswer(byte[] document) {
        try (JsonParser parser = JSON.createParser(document)) {
            return isAnswer(parser) && parser.nextToken() == null;
        } catch (IOException noJson) {
            return false;
        }
    }

    /** True for the beginning of a long document that says nothing against it. */
    boolean beginsLikeAnswer(byte[] beginning) {
        try (JsonParser parser = JSON.createParser(beginning)) {
            return isAnswer(parser);
        } catch (IOException cutOff) {
            return beginsObject(beginning);
        }
    }

    /** The model that what was read says it is of; empty if it says none that is fit for our records. */
    String model() {
        return model;
    }

    private static boolean beginsObject(byte[] text) {
        int first = EventLines.skipSpace(text, 0, text.length);
        return first < text.length && text[first] == '{';
    }

    private boolean isAnswer(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        boolean complete = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals(kind.member) && kind == Kind.TOKEN_COUNT) {
                complete = value == JsonToken.VALUE_NUMBER_INT;
            } else if (name.equals(kind.member)) {
                int elements = value == JsonToken.START_ARRAY ? elements(parser) : 0;
                if (elements == 0) {
                    return false;
                }
                complete = true;
            } else if (saysError(parser, name, value)) {
                return false;
            } else if ("model".equals(name) && value == JsonToken.VALUE_STRING) {
                model = Failures.printable(parser.getText());
            }
            complete |= kind == Kind.TYPED && NAMING.contains(name);
        }
        return complete;
    }

    /** How many stand in the array, or 0 if one of them is an error. */
    private int elements(JsonParser parser) throws IOException {
        int count = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            count++;
            if (kind != Kind.CHAT || token != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean broken = "finish_reason".equals(name) && "error".equals(parser.getText());
                if (broken || saysError(parser, name, value)) {
                    return 0;
                }
            }
        }
        return count;
    }

    /** Goes to the end of the value. */
    private boolean saysError(JsonParser parser, String name, JsonToken value) throws IOException {
        if ("error".equals(name)) {
            return isSaid(parser, value);
        }
        String text = kind == Kind.TYPED && value == JsonToken.VALUE_STRING ? parser.getText() : "";
        parser.skipChildren();
        return ("type".equals(name) && "error".equals(text)) || ("status".equals(name) && "failed".equals(text));
    }

    /** Many providers send an empty {@code error} with each answer. */
    private static boolean isSaid(JsonParser parser, JsonToken value) throws IOException {
        return switch (value) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> !parser.getText().isEmpty();
            case START_OBJECT -> parser.nextToken() != JsonToken.END_OBJECT;
            case START_ARRAY -> parser.nextToken() != JsonToken.END_ARRAY;
            default -> true;
        };
    }
}
