package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.provider.answer.NoAnswer;
import openledger.provider.answer.TranslatedDocument;

/** An answer of {@code generateContent} that becomes a chat completion. */
final class GeminiDocument extends TranslatedDocument {
    private final Instant created;

    /**
     * An answer that is about to come.
     *
     * @param created what the completion says about when it was made
     */
    GeminiDocument(Instant created) {
        this.created = created;
    }

    @Override
    protected ObjectNode completion(JsonNode answer) throws NoAnswer {
        Map<Integer, Integer> calls = new HashMap<>();
        List<GeminiCandidate> candidates =
                GeminiCandidate.in(answer, choice -> calls.merge(choice, 1, Integer::sum) - 1);
        if (candidates.isEmpty()) {
            throw new NoAnswer("no candidates");
        }
        ObjectNode completion = JsonNodeFactory.instance
                .objectNode()
                .put("id", answer.path("responseId").asText(""))
                .put("object", "chat.completion")
                .put("created", created.getEpochSecond())
                .put("model", answer.path("modelVersion").asText(""));
        ArrayNode choices = completion.putArray("choices");
        for (GeminiCandidate candidate : candidates) {
            choices.add(choice(candidate));
        }
        completion.set(
                "usage", GeminiUsage.NONE.updated(answer.path("usageMetadata")).toChat());
        return completion;
    }

    private static ObjectNode choice(GeminiCandidate candidate) {
        ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", candidate.index());
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        if (candidate.text().isEmpty() && !candidate.calls().isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", candidate.text());
        }
        message.putNull("refusal");
        if (!candidate.thoughts().isEmpty()) {
            message.put("reasoning_content", candidate.thoughts());
        }
        if (!candidate.calls().isEmpty()) {
            message.putArray("tool_calls").addAll(candidate.calls());
        }
        String ending = candidate.ending().isEmpty() ? "stop" : candidate.ending();
        boolean calls = "stop".equals(ending) && !candidate.calls().isEmpty();
        return choice.putNull("logprobs").put("finish_reason", calls ? "tool_calls" : ending);
    }
}
