package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import openledger.provider.answer.NoAnswer;
import openledger.provider.translation.ChatChunks;
import openledger.provider.translation.StrictJson;
import openledger.provider.translation.Translation.UsageChunk;
import org.jspecify.annotations.Nullable;

/** Translates each event of the Messages API to chunks of a chat completion. */
final class ChunkTranslation {
    private static final int MOST_CALLS = 1_024;

    private final Instant created;
    private final UsageChunk usageChunk;
    private final Map<Integer, OpenCall> calls = new HashMap<>();
    private MessagesUsage usage = MessagesUsage.NONE;
    private @Nullable ChatChunks chunks;
    private int begunCalls;
    private boolean finished;

    ChunkTranslation(Instant created, UsageChunk usageChunk) {
        this.created = created;
        this.usageChunk = usageChunk;
    }

    /** A tool call whose block has not ended. */
    private static final class OpenCall {
        private final int number;
        private final JsonNode input;
        private boolean argumentsSent;

        private OpenCall(int number, JsonNode input) {
            this.number = number;
            this.input = input;
        }
    }

    /** The chunks for an event of one of the six types that make a message; often none. */
    Buffer translate(String type, JsonNode event) throws NoAnswer {
        if ("message_start".equals(type)) {
            return start(event.path("message"));
        }
        ChatChunks say = begun();
        return switch (type) {
            case "content_block_start" -> blockStart(say, index(event), event.path("content_block"));
            case "content_block_delta" -> blockDelta(say, index(event), event.path("delta"));
            case "content_block_stop" -> blockStop(say, index(event));
            case "message_delta" -> messageDelta(say, event);
            default -> messageStop(say);
        };
    }

    private Buffer start(JsonNode message) throws NoAnswer {
        if (chunks != null) {
            throw new NoAnswer("a message begins twice");
        }
        ChatChunks say = new ChatChunks(
                message.path("id").asText(""), message.path("model").asText(""), created, 0);
        chunks = say;
        usage = usage.updated(message.path("usage"));
        return say.role();
    }

    private Buffer blockStart(ChatChunks say, int index, JsonNode block) throws NoAnswer {
        return switch (block.path("type").asText()) {
            case "text" -> say(block.path("text").asText(""), say::content);
            case "thinking" -> say(block.path("thinking").asText(""), say::reasoning);
            case "tool_use" -> {
                if (begunCalls == MOST_CALLS) {
                    throw new NoAnswer("too many calls");
                }
                OpenCall call = new OpenCall(begunCalls++, block.path("input"));
                calls.put(index, call);
                yield say.toolCall(
                        call.number,
                        block.path("id").asText(""),
                        block.path("name").asText(""));
            }
            default -> Buffer.buffer();
        };
    }

    private Buffer blockDelta(ChatChunks say, int index, JsonNode delta) throws NoAnswer {
        return switch (delta.path("type").asText()) {
            case "text_delta" -> say(delta.path("text").asText(""), say::content);
            case "thinking_delta" -> say(delta.path("thinking").asText(""), say::reasoning);
            case "input_json_delta" -> {
                OpenCall call = calls.get(index);
                if (call == null) {
                    // Of a tool that the provider runs itself: a translated request cannot ask for one.
                    yield Buffer.buffer();
                }
                String part = delta.path("partial_json").asText("");
                call.argumentsSent |= !part.isEmpty();
                yield say(part, text -> say.arguments(call.number, text));
            }
            default -> Buffer.buffer();
        };
    }

    /** A call without arguments gets empty ones: a client would fail to parse nothing. */
    private Buffer blockStop(ChatChunks say, int index) {
        OpenCall call = calls.remove(index);
        if (call == null || call.argumentsSent) {
            return Buffer.buffer();
        }
        return say.arguments(
                call.number,
                call.input.isObject() ? StrictJson.write(call.input).toString() : "{}");
    }

    private Buffer messageDelta(ChatChunks say, JsonNode event) {
        usage = usage.updated(event.path("usage"));
        JsonNode reason = event.path("delta").path("stop_reason");
        if (finished || !reason.isTextual()) {
            return Buffer.buffer();
        }
        finished = true;
        return say.finish(StopReasons.finishReason(reason));
    }

    private Buffer messageStop(ChatChunks say) {
        Buffer last = finished ? Buffer.buffer() : say.finish("stop");
        return usageChunk == UsageChunk.SENT ? last.appendBuffer(say.usage(usage.toChat())) : last;
    }

    /** What the answer took so far, as the end of a completion says it. */
    Buffer usage() {
        return Buffer.buffer("{\"usage\":")
                .appendBuffer(StrictJson.write(usage.toChat()))
                .appendString("}");
    }

    /** What the message says that it is of; empty before it has begun. */
    String model() {
        return chunks == null ? "" : chunks.model();
    }

    private static Buffer say(String text, java.util.function.Function<String, Buffer> as) {
        return text.isEmpty() ? Buffer.buffer() : as.apply(text);
    }

    private static int index(JsonNode event) throws NoAnswer {
        JsonNode index = event.path("index");
        if (!index.isIntegralNumber() || !index.canConvertToInt()) {
            throw new NoAnswer("a block without its number");
        }
        return index.intValue();
    }

    private ChatChunks begun() throws NoAnswer {
        if (chunks == null) {
            throw new NoAnswer("a message does not begin with its start");
        }
        return chunks;
    }
}
