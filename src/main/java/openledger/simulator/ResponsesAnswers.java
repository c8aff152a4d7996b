package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import openledger.simulator.MemberRules.Objection;

/**
 * OpenAI's Responses: a sentence, or a call of the first function, and encrypted reasoning before it if that is asked for. Only what this
 * provider has made can be referred to. Long because the events of a stream and the document say the same.
 */
final class ResponsesAnswers implements SimulatedDialect {
    private static final String ITEM = "item_1";

    private final SimulatedWords words;
    private final MadeResponses made;

    ResponsesAnswers(SimulatedWords words) {
        this.words = words;
        this.made = new MadeResponses(words.name());
    }

    @Override
    public String path() {
        return "/v1/responses";
    }

    @Override
    public Optional<Buffer> refusal(HttpServerRequest request, JsonNode root) {
        return MemberRules.ofBody(root)
                .text("model")
                .require(continues(root) || root.hasNonNull("input"), () -> Objection.missing("input"))
                .textOrList("input")
                .number("temperature", 0, 2)
                .number("top_p", 0, 1)
                .integer("max_output_tokens", 16)
                .flag("stream")
                .also(made.objectionTo(root))
                .objection()
                .map(SimulatedWords::openAiRefusal);
    }

    /** An answer that goes on from something needs no input of its own. */
    private static boolean continues(JsonNode root) {
        return root.hasNonNull("previous_response_id") || root.hasNonNull("conversation") || root.hasNonNull("prompt");
    }

    @Override
    public SimulatedAnswer to(HttpServerRequest request, JsonNode root) {
        boolean refused = "none".equals(root.path("tool_choice").asText());
        return new Answer(
                root.path("model").asText("?"),
                root.path("stream").asBoolean(),
                refused ? "" : root.path("tools").path(0).path("name").asText(""),
                made.next(root));
    }

    @Override
    public Buffer error(int status, String message) {
        return SimulatedWords.openAiError(status, message, "input");
    }

    /** To one request; {@code tool} is empty for a sentence. Numbers its events as they are made. */
    private final class Answer implements SimulatedAnswer {
        private final String model;
        private final boolean stream;
        private final String tool;
        private final MadeResponses.Names names;
        private int sequence;

        private Answer(String model, boolean stream, String tool, MadeResponses.Names names) {
            this.model = model;
            this.stream = stream;
            this.tool = tool;
            this.names = names;
        }

        @Override
        public boolean isStream() {
            return stream;
        }

        @Override
        public Buffer document() {
            return SimulatedWords.document(completed(words.sentence()));
        }

        @Override
        public Buffer huge(int bytes) {
            return SimulatedWords.document(completed("x".repeat(bytes)));
        }

        @Override
        public Buffer errorDocument() {
            return SimulatedWords.document(failed());
        }

        @Override
        public Buffer firstEvents() {
            Buffer events = about("response.created", response("in_progress"))
                    .appendBuffer(about("response.in_progress", response("in_progress")));
            if (names.hasReasoning()) {
                events.appendBuffer(reasoning("response.output_item.added"))
                        .appendBuffer(reasoning("response.output_item.done"));
            }
            events.appendBuffer(item("response.output_item.added", "in_progress", ""));
            return tool.isEmpty() ? events.appendBuffer(part("response.content_part.added", "")) : events;
        }

        @Override
        public Buffer token(int index) {
            if (tool.isEmpty()) {
                ObjectNode delta = inPart("response.output_text.delta").put("delta", words.word(index));
                delta.putArray("logprobs");
                return SimulatedWords.typedEvent(delta);
            }
            return SimulatedWords.typedEvent(inItem("response.function_call_arguments.delta")
                    .put("delta", index == 0 ? SimulatedWords.ARGUMENTS : ""));
        }

        @Override
        public Buffer lastEvents() {
            Buffer events = Buffer.buffer();
            if (tool.isEmpty()) {
                ObjectNode done = inPart("response.output_text.done").put("text", words.sentence());
                done.putArray("logprobs");
                events.appendBuffer(SimulatedWords.typedEvent(done))
                        .appendBuffer(part("response.content_part.done", words.sentence()));
            } else {
                events.appendBuffer(SimulatedWords.typedEvent(inItem("response.function_call_arguments.done")
                        .put("name", tool)
                        .put("arguments", SimulatedWords.ARGUMENTS)));
            }
            return events.appendBuffer(item("response.output_item.done", "completed", words.sentence()))
                    .appendBuffer(about("response.completed", completed(words.sentence())));
        }

        @Override
        public Buffer errorEvents() {
            return about("response.failed", failed());
        }

        private ObjectNode event(String type) {
            return SimulatedWords.object().put("type", type).put("sequence_number", sequence++);
        }

        private ObjectNode inItem(String type) {
            return event(type).put("item_id", ITEM).put("output_index", names.hasReasoning() ? 1 : 0);
        }

        private ObjectNode inPart(String type) {
            return inItem(type).put("content_index", 0);
        }

        private Buffer about(String type, ObjectNode response) {
            ObjectNode event = event(type);
            event.set("response", response);
            return SimulatedWords.typedEvent(event);
        }

        private Buffer item(String type, String status, String text) {
            ObjectNode event = event(type).put("output_index", names.hasReasoning() ? 1 : 0);
            event.set("item", output(status, text));
            return SimulatedWords.typedEvent(event);
        }

        private Buffer reasoning(String type) {
            ObjectNode event = event(type).put("output_index", 0);
            event.set("item", names.reasoning());
            return SimulatedWords.typedEvent(event);
        }

        private Buffer part(String type, String text) {
            ObjectNode event = inPart(type);
            event.set("part", outputText(text));
            return SimulatedWords.typedEvent(event);
        }

        private ObjectNode output(String status, String text) {
            ObjectNode item = SimulatedWords.object().put("id", ITEM).put("status", status);
            boolean begun = !text.isEmpty();
            if (tool.isEmpty()) {
                item.put("type", "message").put("role", "assistant").putArray("content");
                if (begun) {
                    item.withArray("content").add(outputText(text));
                }
                return item;
            }
            return item.put("type", "function_call")
                    .put("call_id", "call_1")
                    .put("name", tool)
                    .put("arguments", begun ? SimulatedWords.ARGUMENTS : "");
        }

        private static ObjectNode outputText(String text) {
            ObjectNode part = SimulatedWords.object().put("type", "output_text").put("text", text);
            part.putArray("annotations");
            part.putArray("logprobs");
            return part;
        }

        private ObjectNode completed(String text) {
            ObjectNode response = response("completed");
            if (names.hasReasoning()) {
                response.withArray("output").add(names.reasoning());
            }
            response.withArray("output").add(output("completed", text));
            ObjectNode usage = response.putObject("usage")
                    .put("input_tokens", SimulatedWords.PROMPT_TOKENS)
                    .put("output_tokens", words.tokens())
                    .put("total_tokens", SimulatedWords.PROMPT_TOKENS + words.tokens());
            usage.putObject("input_tokens_details").put("cache_write_tokens", 0).put("cached_tokens", 0);
            usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
            return response;
        }

        private ObjectNode failed() {
            ObjectNode response = response("failed");
            response.putObject("error").put("code", "server_error").put("message", "simulated overload");
            return response;
        }

        private ObjectNode response(String status) {
            ObjectNode response = SimulatedWords.object()
                    .put("id", names.response())
                    .put("object", "response")
                    .put("created_at", SimulatedWords.CREATED)
                    .put("status", status)
                    .putNull("error")
                    .putNull("incomplete_details")
                    .putNull("instructions")
                    .put("model", model)
                    .put("parallel_tool_calls", true)
                    .put("temperature", 1)
                    .put("tool_choice", "auto")
                    .put("top_p", 1);
            if (!names.conversation().isEmpty()) {
                response.putObject("conversation").put("id", names.conversation());
            }
            response.putArray("output");
            response.putArray("tools");
            response.putObject("metadata");
            return response;
        }
    }
}
