package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import openledger.provider.answer.NoAnswer;
import openledger.provider.error.Failures;
import openledger.provider.sse.TranslatedStream;
import openledger.provider.translation.ChatChunks;
import openledger.provider.translation.StrictJson;
import openledger.provider.translation.Translation.UsageChunk;

/**
 * A stream of {@code streamGenerateContent} that becomes one of chat completions. It has no event that ends it: it is complete if it ends
 * after each of its candidates has given its finish reason.
 */
final class GeminiStream extends TranslatedStream {
    private final Instant created;
    private final UsageChunk usageChunk;
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private GeminiUsage usage = GeminiUsage.NONE;
    private String id = "";
    private String model = "";

    /** How far a candidate is. */
    private static final class Choice {
        private final ChatChunks chunks;
        private int calls;
        private boolean ended;

        private Choice(ChatChunks chunks) {
            this.chunks = chunks;
        }
    }

    /**
     * An answer that is about to come.
     *
     * @param created what the chunks say about when it was made
     * @param usage whether the client asked for the chunk that tells the usage
     */
    GeminiStream(Instant created, UsageChunk usage) {
        this.created = created;
        this.usageChunk = usage;
    }

    @Override
    protected void event(String type, byte[] data) throws StrictJson.Malformed, NoAnswer {
        JsonNode event = StrictJson.read(data);
        id = id.isEmpty() ? event.path("responseId").asText("") : id;
        model = model.isEmpty() ? event.path("modelVersion").asText("") : model;
        usage = usage.updated(event.path("usageMetadata"));
        for (GeminiCandidate candidate : GeminiCandidate.in(event, choice -> choice(choice).calls++)) {
            say(choice(candidate.index()), candidate);
        }
    }

    private Choice choice(int index) {
        Choice known = choices.get(index);
        if (known != null) {
            return known;
        }
        Choice begun = new Choice(chunks(index));
        choices.put(index, begun);
        begin(begun.chunks.role());
        return begun;
    }

    private ChatChunks chunks(int index) {
        return new ChatChunks(id, model, created, index);
    }

    private void say(Choice choice, GeminiCandidate candidate) {
        Buffer said = Buffer.buffer();
        if (!candidate.thoughts().isEmpty()) {
            said.appendBuffer(choice.chunks.reasoning(candidate.thoughts()));
        }
        if (!candidate.text().isEmpty()) {
            said.appendBuffer(choice.chunks.content(candidate.text()));
        }
        int number = choice.calls - candidate.calls().size();
        for (ObjectNode call : candidate.calls()) {
            said.appendBuffer(choice.chunks.toolCall(call.put("index", number++)));
        }
        say(said);
        if (!candidate.ending().isEmpty() && !choice.ended) {
            choice.ended = true;
            boolean calls = "stop".equals(candidate.ending()) && choice.calls > 0;
            sayAtEnd(choice.chunks.finish(calls ? "tool_calls" : candidate.ending()));
        }
    }

    @Override
    protected Buffer closing() {
        return usageChunk == UsageChunk.SENT ? chunks(0).usage(usage.toChat()) : Buffer.buffer();
    }

    @Override
    public boolean isWholeAtEnd() {
        return !hasError() && !choices.isEmpty() && choices.values().stream().allMatch(choice -> choice.ended);
    }

    @Override
    public Buffer lastWords() {
        return Buffer.buffer("{\"usage\":")
                .appendBuffer(StrictJson.write(usage.toChat()))
                .appendString("}");
    }

    @Override
    public String model() {
        return Failures.printable(model);
    }
}
