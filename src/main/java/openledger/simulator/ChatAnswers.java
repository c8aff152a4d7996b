package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** OpenAI's chat completions: a sentence, or a call of the first tool. */
final class ChatAnswers implements SimulatedDialect {
    private static final CharSequence JSON_TYPE = HttpHeaders.createOptimized("application/json");
    private static final int MOST_CHOICES = 8;

    private final SimulatedWords words;
    private final Buffer prebuilt;
    private volatile Buffer lastGood = Buffer.buffer();

    ChatAnswers(SimulatedWords words) {
        this.words = words;
        this.prebuilt = new Answer("sim-large", false, false, "", 1).document();
    }

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public Optional<Buffer> refusal(HttpServerRequest request, JsonNode root) {
        return MemberRules.ofBody(root)
                .text("model")
                .turns("messages")
                .number("temperature", 0, 2)
                .number("top_p", 0, 1)
                .integer("max_tokens", 1)
                .integer("max_completion_tokens", 1)
                .integer("n", 1, 128)
                .flag("stream")
                .objection()
                .map(SimulatedWords::openAiRefusal);
    }

    @Override
    public SimulatedAnswer to(HttpServerRequest request, JsonNode root) {
        String tool = root.path("tools").path(0).path("function").path("name").asText("");
        return new Answer(
                root.path("model").asText("?"),
                root.path("stream").asBoolean(),
                root.path("stream_options").path("include_usage").asBoolean(),
                "none".equals(root.path("tool_choice").asText()) ? "" : tool,
                Math.clamp(root.path("n").asInt(1), 1, MOST_CHOICES));
    }

    @Override
    public Buffer error(int status, String message) {
        return SimulatedWords.openAiError(status, message, "messages");
    }

    /** Answers at once, with an answer that was made beforehand. A load repeats its bodies: one that equals the last good one is not read. */
    void instant(HttpServerRequest request, Buffer body) {
        Optional<Buffer> refusal =
                body.equals(lastGood) ? Optional.empty() : refusal(request, SimulatedWords.read(body));
        lastGood = refusal.isPresent() ? lastGood : body;
        HttpServerResponse response = request.response();
        response.setStatusCode(refusal.isPresent() ? 400 : 200).headers().set(HttpHeaders.CONTENT_TYPE, JSON_TYPE);
        response.end(refusal.orElse(prebuilt));
    }

    /** To one request; {@code tool} is empty for a sentence. */
    private final class Answer implements SimulatedAnswer {
        private final String model;
        private final boolean stream;
        private final boolean usage;
        private final String tool;
        private final int choices;

        private Answer(String model, boolean stream, boolean usage, String tool, int choices) {
            this.model = model;
            this.stream = stream;
            this.usage = usage;
            this.tool = tool;
            this.choices = choices;
        }

        @Override
        public boolean isStream() {
            return stream;
        }

        @Override
        public Buffer document() {
            ObjectNode root = head("chat.completion");
            for (int i = 0; i < choices; i++) {
                ObjectNode choice = root.withArray("choices").addObject().put("index", i);
                ObjectNode message = choice.putObject("message").put("role", "assistant");
                if (tool.isEmpty()) {
                    message.put("content", words.sentence());
                } else {
                    message.putNull("content");
                    call(message.withArray("tool_calls").addObject());
                }
                choice.put("finish_reason", finishReason()).putNull("logprobs");
            }
            root.set("usage", usage());
            return SimulatedWords.document(root);
        }

        @Override
        public Buffer huge(int bytes) {
            ObjectNode root = head("chat.completion");
            root.withArray("choices")
                    .addObject()
                    .put("index", 0)
                    .put("finish_reason", "stop")
                    .putObject("message")
                    .put("role", "assistant")
                    .put("content", "x".repeat(bytes));
            return SimulatedWords.document(root);
        }

        @Override
        public Buffer errorDocument() {
            return SimulatedWords.document(SimulatedWords.openAiOverload());
        }

        @Override
        public Buffer firstEvents() {
            ObjectNode root = head("chat.completion.chunk");
            delta(root).put("role", "assistant").put("content", "");
            return SimulatedWords.event(root);
        }

        @Override
        public Buffer token(int index) {
            ObjectNode root = head("chat.completion.chunk");
            if (tool.isEmpty()) {
                delta(root).put("content", words.word(index));
            } else {
                ObjectNode call =
                        delta(root).withArray("tool_calls").addObject().put("index", 0);
                if (index == 0) {
                    call(call);
                } else {
                    call.putObject("function").put("arguments", "");
                }
            }
            return SimulatedWords.event(root);
        }

        @Override
        public Buffer lastEvents() {
            ObjectNode end = head("chat.completion.chunk");
            delta(end);
            ((ObjectNode) end.withArray("choices").get(0)).put("finish_reason", finishReason());
            Buffer events = SimulatedWords.event(end);
            if (usage) {
                ObjectNode root = head("chat.completion.chunk");
                root.putArray("choices");
                root.set("usage", usage());
                events.appendBuffer(SimulatedWords.event(root));
            }
            return events.appendString("data: [DONE]\n\n");
        }

        @Override
        public Buffer errorEvents() {
            return SimulatedWords.event(SimulatedWords.openAiOverload());
        }

        private ObjectNode head(String object) {
            return SimulatedWords.object()
                    .put("id", "chatcmpl-" + words.name())
                    .put("object", object)
                    .put("created", SimulatedWords.CREATED)
                    .put("model", model);
        }

        private String finishReason() {
            return tool.isEmpty() ? "stop" : "tool_calls";
        }

        private void call(ObjectNode call) {
            call.put("id", "call_1")
                    .put("type", "function")
                    .putObject("function")
                    .put("name", tool)
                    .put("arguments", SimulatedWords.ARGUMENTS);
        }

        private static ObjectNode delta(ObjectNode root) {
            return root.withArray("choices")
                    .addObject()
                    .put("index", 0)
                    .putNull("finish_reason")
                    .putObject("delta");
        }

        private ObjectNode usage() {
            return SimulatedWords.object()
                    .put("prompt_tokens", SimulatedWords.PROMPT_TOKENS)
                    .put("completion_tokens", words.tokens())
                    .put("total_tokens", SimulatedWords.PROMPT_TOKENS + words.tokens());
        }
    }
}
