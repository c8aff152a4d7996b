package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import openledger.simulator.MemberRules.Objection;

/** Anthropic's Messages: a sentence, or a use of the first tool. */
final class MessagesAnswers implements SimulatedDialect {
    private static final String VERSION = "anthropic-version";

    private final SimulatedWords words;

    MessagesAnswers(SimulatedWords words) {
        this.words = words;
    }

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public Optional<Buffer> refusal(HttpServerRequest request, JsonNode root) {
        return rules(request, root)
                .needed("max_tokens")
                .integer("max_tokens", 1)
                .number("temperature", 0, 1)
                .number("top_p", 0, 1)
                .flag("stream")
                .also(MessagesRules.objection(root))
                .objection()
                .map(objection -> error(400, objection.message()));
    }

    /** What a count of a message's tokens needs as well. */
    static MemberRules rules(HttpServerRequest request, JsonNode root) {
        return MemberRules.ofBody(root)
                .require(request.getHeader(VERSION) != null, () -> Objection.missing(VERSION))
                .text("model")
                .turns("messages");
    }

    @Override
    public SimulatedAnswer to(HttpServerRequest request, JsonNode root) {
        boolean refused = "none".equals(root.path("tool_choice").path("type").asText());
        return new Answer(
                root.path("model").asText("?"),
                root.path("stream").asBoolean(),
                refused ? "" : root.path("tools").path(0).path("name").asText(""));
    }

    @Override
    public Buffer error(int status, String message) {
        return SimulatedWords.document(problem(typeOf(status), message));
    }

    private static String typeOf(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static ObjectNode problem(String type, String message) {
        ObjectNode root = SimulatedWords.object().put("type", "error");
        root.putObject("error").put("type", type).put("message", message);
        return root;
    }

    @Override
    public String credential(HttpServerRequest request) {
        String sent = request.getHeader("x-api-key");
        return sent == null ? "" : sent;
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    /** To one request; {@code tool} is empty for a sentence. */
    private final class Answer implements SimulatedAnswer {
        private final String model;
        private final boolean stream;
        private final String tool;

        private Answer(String model, boolean stream, String tool) {
            this.model = model;
            this.stream = stream;
            this.tool = tool;
        }

        @Override
        public boolean isStream() {
            return stream;
        }

        @Override
        public Buffer document() {
            ObjectNode root = head(words.tokens()).put("stop_reason", stopReason());
            ObjectNode block = root.withArray("content").addObject();
            if (tool.isEmpty()) {
                block.put("type", "text").put("text", words.sentence());
            } else {
                toolUse(block);
                block.withObject("input").put("city", "Bern");
            }
            return SimulatedWords.document(root);
        }

        @Override
        public Buffer huge(int bytes) {
            ObjectNode root = head(words.tokens()).put("stop_reason", "end_turn");
            root.withArray("content").addObject().put("type", "text").put("text", "x".repeat(bytes));
            return SimulatedWords.document(root);
        }

        @Override
        public Buffer errorDocument() {
            return SimulatedWords.document(problem("overloaded_error", "simulated overload"));
        }

        @Override
        public Buffer firstEvents() {
            ObjectNode start = typed("message_start");
            start.set("message", head(1));
            Buffer events = SimulatedWords.typedEvent(start);
            if (tool.isEmpty()) {
                ObjectNode block = typed("content_block_start").put("index", 0);
                block.putObject("content_block").put("type", "text").put("text", "");
                events.appendBuffer(SimulatedWords.typedEvent(block));
            }
            return events.appendBuffer(SimulatedWords.typedEvent(typed("ping")));
        }

        @Override
        public Buffer token(int index) {
            ObjectNode delta = typed("content_block_delta").put("index", 0);
            if (tool.isEmpty()) {
                delta.putObject("delta").put("type", "text_delta").put("text", words.word(index));
                return SimulatedWords.typedEvent(delta);
            }
            delta.putObject("delta")
                    .put("type", "input_json_delta")
                    .put("partial_json", index == 0 ? SimulatedWords.ARGUMENTS : "");
            if (index > 0) {
                return SimulatedWords.typedEvent(delta);
            }
            ObjectNode block = typed("content_block_start").put("index", 0);
            toolUse(block.putObject("content_block"));
            return SimulatedWords.typedEvent(block).appendBuffer(SimulatedWords.typedEvent(delta));
        }

        @Override
        public Buffer lastEvents() {
            ObjectNode end = typed("message_delta");
            end.putObject("delta").put("stop_reason", stopReason()).putNull("stop_sequence");
            end.putObject("usage").put("output_tokens", words.tokens());
            return SimulatedWords.typedEvent(typed("content_block_stop").put("index", 0))
                    .appendBuffer(SimulatedWords.typedEvent(end))
                    .appendBuffer(SimulatedWords.typedEvent(typed("message_stop")));
        }

        @Override
        public Buffer errorEvents() {
            return SimulatedWords.typedEvent(problem("overloaded_error", "simulated overload"));
        }

        private String stopReason() {
            return tool.isEmpty() ? "end_turn" : "tool_use";
        }

        private void toolUse(ObjectNode block) {
            block.put("type", "tool_use").put("id", "toolu_1").put("name", tool).putObject("input");
        }

        private ObjectNode head(int outputTokens) {
            ObjectNode root = SimulatedWords.object()
                    .put("id", "msg_" + words.name())
                    .put("type", "message")
                    .put("role", "assistant")
                    .put("model", model)
                    .putNull("stop_reason")
                    .putNull("stop_sequence");
            root.putArray("content");
            root.putObject("usage")
                    .put("input_tokens", SimulatedWords.PROMPT_TOKENS)
                    .put("cache_creation_input_tokens", 0)
                    .put("cache_read_input_tokens", 0)
                    .put("output_tokens", outputTokens);
            return root;
        }

        private static ObjectNode typed(String type) {
            return SimulatedWords.object().put("type", type);
        }
    }
}
