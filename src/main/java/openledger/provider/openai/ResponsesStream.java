package openledger.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import openledger.provider.sse.TypedStream;

/**
 * A stream of OpenAI's Responses API. Its last event holds the whole response once more, so it must be sent in the end if it was withheld:
 * {@link #lastEvent()}.
 */
public final class ResponsesStream extends TypedStream {
    private final Consumer<String> made;

    /** @param made told by which names the response, and what it is made of, can be referred to */
    public ResponsesStream(Consumer<String> made) {
        this.made = made;
    }

    @Override
    public void described(byte[] data) {
        AnswerNames.in(data, made);
    }

    @Override
    public Kind kindOf(String type) {
        return switch (type) {
            case "response.completed", "response.incomplete" -> Kind.END;
            case "response.failed", "error" -> Kind.ERROR;
            default -> type.endsWith(".delta") ? Kind.CONTENT : Kind.SILENT;
        };
    }

    @Override
    public boolean hasContent(String type, JsonNode data) {
        JsonNode delta = data.path("delta");
        return !delta.isTextual() || !delta.asText().isEmpty();
    }
}
