package openledger.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import openledger.provider.sse.EventLines;
import openledger.provider.translation.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chunks of a chat completion: which choices have begun, which have given their finish reason, and whether an error came
 * instead. Confined to one thread.
 */
final class ChatEnding {
    /** What a chunk says of itself, whatever else it has to say. */
    static final List<String> DESCRIBING =
            List.of("id", "object", "created", "model", "system_fingerprint", "service_tier");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CHOICES = 1_024;
    private static final byte[] NULL = EventLines.ascii("null");
    private static final byte[][] MATTERS = {
        EventLines.ascii("error\""),
        EventLines.ascii("finish_reason\""),
        EventLines.ascii("usage\""),
        EventLines.ascii("index\"")
    };

    private final BitSet begun = new BitSet();
    private final BitSet ended = new BitSet();
    private @Nullable ObjectNode described;
    private String model = "";

    /**
     * What a chunk says.
     *
     * @param isError it is none, or carries an error
     * @param hasContent some of the answer is in it
     * @param isEnding it says why a choice ended, or what all of them took
     * @param isUsageAlone it says what they took, and is of no choice
     */
    record Chunk(boolean isError, boolean hasContent, boolean isEnding, boolean isUsageAlone) {
        private static final Chunk ERROR = new Chunk(true, false, false, false);
    }

    /** All choices that have begun have said why they ended. */
    boolean isWhole() {
        return !ended.isEmpty() && ended.cardinality() == begun.cardinality();
    }

    /** What the chunks say that they are of; empty if they do not say. */
    String model() {
        return model;
    }

    /** A chunk of the same completion without a word, as they go before all others. */
    Buffer silentChunk() {
        ObjectNode chunk = described == null ? JsonNodeFactory.instance.objectNode() : described.deepCopy();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta");
        choice.putNull("finish_reason");
        return Buffer.buffer("data: ").appendBuffer(StrictJson.write(chunk)).appendString("\n\n");
    }

    /** True if a member may stand in {@code b[0..size)} that ends an answer or a choice, or begins another choice. */
    static boolean mayBeIn(byte[] b, int size) {
        for (int i = 0; i < size; i++) {
            if (b[i] == '"') {
                for (byte[] name : MATTERS) {
                    if (EventLines.startsWith(b, i + 1, size, name) && matters(b, i + 1 + name.length, size)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A value other than null, and other than the number of the first choice. */
    private static boolean matters(byte[] b, int behindName, int size) {
        int colon = EventLines.skipSpace(b, behindName, size);
        if (colon == size || b[colon] != ':') {
            return false;
        }
        int value = EventLines.skipSpace(b, colon + 1, size);
        boolean first = value < size && b[value] == '0';
        return !first && !EventLines.startsWith(b, value, size, NULL);
    }

    /**
     * Reads a chunk.
     *
     * @throws IOException if it is no JSON
     */
    Chunk read(byte[] b, int size) throws IOException {
        JsonNode chunk = JSON.readTree(b, 0, size);
        if (!chunk.isObject() || isSaid(chunk.path("error"))) {
            return Chunk.ERROR;
        }
        if (described == null || described.path("id").asText().isEmpty()) {
            // Some begin with a chunk that has names for nothing yet.
            described = description(chunk);
        }
        model = model.isEmpty() ? chunk.path("model").asText() : model;
        boolean content = false;
        boolean usageAlone = chunk.path("choices").isEmpty() && !isEmpty(chunk.path("usage"));
        boolean ending = usageAlone;
        for (JsonNode choice : chunk.path("choices")) {
            JsonNode reason = choice.path("finish_reason");
            if (isSaid(choice.path("error")) || "error".equals(reason.asText())) {
                return Chunk.ERROR;
            }
            int index = Math.clamp(choice.path("index").asInt(), 0, MOST_CHOICES);
            begun.set(index);
            boolean ends = !reason.isMissingNode() && !reason.isNull();
            ended.set(index, ends || ended.get(index));
            ending |= ends;
            content |= ends || hasContent(choice.path("delta"));
        }
        return new Chunk(false, content, ending, usageAlone);
    }

    private static ObjectNode description(JsonNode chunk) {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        for (String name : DESCRIBING) {
            if (chunk.has(name)) {
                said.set(name, chunk.get(name));
            }
        }
        return said;
    }

    /** Anything but a role and what is empty. */
    private static boolean hasContent(JsonNode delta) {
        return delta.properties().stream()
                .anyMatch(member -> !"role".equals(member.getKey()) && !isEmpty(member.getValue()));
    }

    /** An error; many providers send an empty one with each chunk. */
    private static boolean isSaid(JsonNode error) {
        return !isEmpty(error) && !(error.isBoolean() && !error.booleanValue());
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isContainerNode() && value.isEmpty());
    }
}
