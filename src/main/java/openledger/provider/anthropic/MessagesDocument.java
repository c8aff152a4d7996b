package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import openledger.provider.answer.NoAnswer;
import openledger.provider.answer.TranslatedDocument;
import openledger.provider.translation.StrictJson;

/** A message of the Messages API that becomes a chat completion. */
public final class MessagesDocument extends TranslatedDocument {
    private final Instant created;

    /**
     * An answer that is about to come.
     *
     * @param created what the completion says about when it was made
     */
    public MessagesDocument(Instant created) {
        this.created = created;
    }

    @Override
    protected ObjectNode completion(JsonNode message) throws NoAnswer {
        if (!"message".equals(message.path("type").asText())
                || !message.path("content").isArray()) {
            throw new NoAnswer("no message");
        }
        ObjectNode completion = JsonNodeFactory.instance
                .objectNode()
                .put("id", message.path("id").asText(""))
                .put("object", "chat.completion")
                .put("created", created.getEpochSecond())
                .put("model", message.path("model").asText(""));
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.set("message", answer(message.path("content")));
        choice.putNull("logprobs").put("finish_reason", StopReasons.finishReason(message.path("stop_reason")));
        completion.set(
                "usage", MessagesUsage.NONE.updated(message.path("usage")).toChat());
        return completion;
    }

    private static ObjectNode answer(JsonNode blocks) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (JsonNode block : blocks) {
            switch (block.path("type").asText()) {
                case "text" -> text.append(block.path("text").asText(""));
                case "thinking" -> thinking.append(block.path("thinking").asText(""));
                case "tool_use" -> calls.add(call(block));
                // Blocks of tools that the provider runs itself: a translated request cannot ask for them.
                default -> {}
            }
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        if (text.isEmpty() && !calls.isEmpty()) {
            answer.putNull("content");
        } else {
            answer.put("content", text.toString());
        }
        answer.putNull("refusal");
        if (!thinking.isEmpty()) {
            answer.put("reasoning_content", thinking.toString());
        }
        if (!calls.isEmpty()) {
            answer.set("tool_calls", calls);
        }
        return answer;
    }

    private static ObjectNode call(JsonNode block) {
        ObjectNode call = JsonNodeFactory.instance
                .objectNode()
                .put("id", block.path("id").asText(""))
                .put("type", "function");
        JsonNode input = block.path("input");
        call.putObject("function")
                .put("name", block.path("name").asText(""))
                .put("arguments", input.isObject() ? StrictJson.write(input).toString() : "{}");
        return call;
    }
}
