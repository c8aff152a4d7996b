package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** What a simulated provider says, in OpenAI's words: a sentence of numbered words, or a call of the first tool. */
final class ChatAnswers {
    /** An error as it comes inside a success. */
    static final String ERROR =
            "{\"error\":{\"message\":\"simulated overload\",\"type\":\"server_error\",\"param\":null,\"code\":\"overloaded\"}}";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final CharSequence JSON_TYPE = HttpHeaders.createOptimized("application/json");
    private static final long CREATED = 1_700_000_000;

    private final ProviderSpec spec;
    private final AtomicLong ids = new AtomicLong();
    private final Buffer prebuilt;

    ChatAnswers(ProviderSpec spec) {
        this.spec = spec;
        this.prebuilt = document(new Wish("sim-large", false, false, "", 1));
    }

    /** What of a request changes the answer. */
    record Wish(String model, boolean stream, boolean usage, String tool, int choices) {
        static Wish of(Buffer body) {
            try {
                JsonNode root = JSON.readTree(body.getBytes());
                boolean refused = "none".equals(root.path("tool_choice").asText());
                String tool =
                        root.path("tools").path(0).path("function").path("name").asText("");
                return new Wish(
                        root.path("model").asText("?"),
                        root.path("stream").asBoolean(),
                        root.path("stream_options").path("include_usage").asBoolean(),
                        refused ? "" : tool,
                        Math.clamp(root.path("n").asInt(1), 1, 8));
            } catch (IOException e) {
                return new Wish("?", false, false, "", 1);
            }
        }

        Wish streamed() {
            return new Wish(model, true, usage, tool, choices);
        }
    }

    String nextId() {
        return "sim-" + spec.name() + "-" + ids.incrementAndGet();
    }

    int tokens() {
        return spec.tokens();
    }

    /** Answers at once, with an answer that was made beforehand. */
    void instant(HttpServerResponse response) {
        response.headers().set(HttpHeaders.CONTENT_TYPE, JSON_TYPE);
        response.end(prebuilt);
    }

    Buffer document(Wish wish) {
        ObjectNode root = head("chat.completion", wish.model());
        for (int i = 0; i < wish.choices(); i++) {
            ObjectNode choice = root.withArray("choices").addObject().put("index", i);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            if (wish.tool().isEmpty()) {
                message.put("content", sentence());
            } else {
                message.putNull("content");
                call(message, wish.tool());
            }
            choice.put("finish_reason", wish.tool().isEmpty() ? "stop" : "tool_calls")
                    .putNull("logprobs");
        }
        root.set("usage", usage());
        return Buffer.buffer(root.toString());
    }

    Buffer huge(int bytes) {
        ObjectNode root = head("chat.completion", "sim-large");
        root.withArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", "stop")
                .putObject("message")
                .put("role", "assistant")
                .put("content", "x".repeat(bytes));
        return Buffer.buffer(root.toString());
    }

    Buffer role() {
        ObjectNode root = head("chat.completion.chunk", "sim-large");
        delta(root, 0).put("role", "assistant").put("content", "");
        return event(root);
    }

    Buffer token(Wish wish, int index) {
        ObjectNode root = head("chat.completion.chunk", wish.model());
        if (wish.tool().isEmpty()) {
            delta(root, 0).put("content", word(index));
        } else {
            ObjectNode call = delta(root, 0).withArray("tool_calls").addObject().put("index", 0);
            if (index == 0) {
                call.put("id", "call_1").put("type", "function");
                call.putObject("function").put("name", wish.tool()).put("arguments", "{\"city\":\"Bern\"}");
            } else {
                call.putObject("function").put("arguments", "");
            }
        }
        return event(root);
    }

    Buffer lastEvents(Wish wish) {
        ObjectNode end = head("chat.completion.chunk", wish.model());
        delta(end, 0);
        ((ObjectNode) end.withArray("choices").get(0))
                .put("finish_reason", wish.tool().isEmpty() ? "stop" : "tool_calls");
        Buffer events = event(end);
        if (wish.usage()) {
            ObjectNode root = head("chat.completion.chunk", wish.model());
            root.putArray("choices");
            root.set("usage", usage());
            events.appendBuffer(event(root));
        }
        return events.appendString("data: [DONE]\n\n");
    }

    static Buffer error(int code, String message) {
        ObjectNode root = NODES.objectNode();
        root.putObject("error")
                .put("message", message)
                .put("type", code < 500 ? "invalid_request_error" : "server_error")
                .put("param", "messages")
                .put("code", "simulated_" + code);
        return Buffer.buffer(root.toString());
    }

    private ObjectNode head(String object, String model) {
        return NODES.objectNode()
                .put("id", "chatcmpl-" + spec.name())
                .put("object", object)
                .put("created", CREATED)
                .put("model", model);
    }

    private static ObjectNode delta(ObjectNode root, int index) {
        return root.withArray("choices")
                .addObject()
                .put("index", index)
                .putNull("finish_reason")
                .putObject("delta");
    }

    private static void call(ObjectNode message, String tool) {
        message.withArray("tool_calls")
                .addObject()
                .put("id", "call_1")
                .put("type", "function")
                .putObject("function")
                .put("name", tool)
                .put("arguments", "{\"city\":\"Bern\"}");
    }

    private ObjectNode usage() {
        return NODES.objectNode()
                .put("prompt_tokens", 9)
                .put("completion_tokens", spec.tokens())
                .put("total_tokens", 9 + spec.tokens());
    }

    private String sentence() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < spec.tokens(); i++) {
            text.append(word(i));
        }
        return text.toString();
    }

    private String word(int index) {
        return index == 0 ? spec.name() : " " + index;
    }

    private static Buffer event(ObjectNode root) {
        return Buffer.buffer("data: " + root + "\n\n");
    }
}
