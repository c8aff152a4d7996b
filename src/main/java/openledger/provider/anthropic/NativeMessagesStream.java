package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import openledger.provider.sse.TypedStream;

/**
 * A stream of the Messages API for a client of that API. Its {@code message_stop} is withheld. Its usage is in two events: the first one
 * has the input, the last but one the output.
 */
public final class NativeMessagesStream extends TypedStream {
    private static final String USAGE = "\"usage\"";
    /** Of each of the two. */
    private static final int MOST_KEPT = 1_024;

    private byte[] atBeginning = new byte[0];
    private byte[] atEnd = new byte[0];

    @Override
    public void described(byte[] data) {
        int usage = new String(data, StandardCharsets.ISO_8859_1).lastIndexOf(USAGE);
        if (usage >= 0) {
            int from = usage + USAGE.length();
            atBeginning = Arrays.copyOfRange(data, from, Math.min(data.length, from + MOST_KEPT));
        }
    }

    @Override
    public void seen(String type, byte[] data) {
        if ("message_delta".equals(type)) {
            atEnd = Arrays.copyOfRange(data, Math.max(0, data.length - MOST_KEPT), data.length);
        }
    }

    /** The later event, then what the first one says of the usage: who looks for a name takes the first that is there. */
    @Override
    public Buffer lastWords() {
        return Buffer.buffer(atEnd.length + atBeginning.length)
                .appendBytes(atEnd)
                .appendBytes(atBeginning);
    }

    @Override
    public Kind kindOf(String type) {
        return switch (type) {
            case "content_block_start", "content_block_delta", "message_delta" -> Kind.CONTENT;
            case "message_stop" -> Kind.END;
            case "error" -> Kind.ERROR;
            default -> Kind.SILENT;
        };
    }

    @Override
    public boolean hasContent(String type, JsonNode data) {
        return switch (type) {
            case "content_block_start" -> {
                String block = data.path("content_block").path("type").asText();
                yield !"text".equals(block) && !"thinking".equals(block);
            }
            case "content_block_delta" ->
                data.path("delta").properties().stream()
                        .anyMatch(member -> !"type".equals(member.getKey()) && !isEmpty(member.getValue()));
            default -> data.path("delta").hasNonNull("stop_reason");
        };
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || (value.isTextual() && value.asText().isEmpty());
    }
}
