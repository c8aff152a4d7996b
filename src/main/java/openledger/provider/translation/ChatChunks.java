package openledger.provider.translation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Makes the events of one streamed chat completion.
 *
 * @param id of the completion, in every chunk
 * @param model that answers, in every chunk
 * @param created when it was made, in every chunk
 * @param choice number of the choice, from 0
 */
public record ChatChunks(String id, String model, Instant created, int choice) {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    public Buffer role() {
        return delta(object().put("role", "assistant").put("content", ""));
    }

    public Buffer content(String text) {
        return delta(object().put("content", text));
    }

    public Buffer reasoning(String text) {
        return delta(object().put("reasoning_content", text));
    }

    /** The beginning of the call with that number, from 0. */
    public Buffer toolCall(int index, String callId, String name) {
        ObjectNode call = object().put("index", index).put("id", callId).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", "");
        return toolCall(call);
    }

    public Buffer arguments(int index, String part) {
        ObjectNode call = object().put("index", index);
        call.putObject("function").put("arguments", part);
        return toolCall(call);
    }

    public Buffer finish(String reason) {
        return event(chunk(choice(object()).put("finish_reason", reason)));
    }

    /** The chunk that is of no choice and says what all of them took. */
    public Buffer usage(ObjectNode usage) {
        ObjectNode chunk = chunk();
        chunk.set("usage", usage);
        return event(chunk);
    }

    /** All or some of a call, with its number in {@code index}. */
    public Buffer toolCall(ObjectNode call) {
        ObjectNode delta = object();
        delta.putArray("tool_calls").add(call);
        return delta(delta);
    }

    private Buffer delta(ObjectNode delta) {
        return event(chunk(choice(delta).putNull("finish_reason")));
    }

    private ObjectNode choice(ObjectNode delta) {
        ObjectNode choice = object().put("index", this.choice);
        choice.set("delta", delta);
        return choice.putNull("logprobs");
    }

    private ObjectNode chunk(ObjectNode... choices) {
        ObjectNode chunk = object().put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created.getEpochSecond())
                .put("model", model);
        ArrayNode list = chunk.putArray("choices");
        for (ObjectNode choice : choices) {
            list.add(choice);
        }
        return chunk;
    }

    private static Buffer event(ObjectNode chunk) {
        Buffer json = StrictJson.write(chunk);
        return Buffer.buffer(DATA.length + json.length() + END.length)
                .appendBytes(DATA)
                .appendBuffer(json)
                .appendBytes(END);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
