package openledger.provider;

import com.fasterxml.jackson.databind.JsonNode;

/** A stream of the Messages API for a client that speaks it. Its {@code message_stop} is withheld. */
final class NativeMessagesStream extends TypedStream {
    @Override
    Kind kindOf(String type) {
        return switch (type) {
            case "content_block_start", "content_block_delta", "message_delta" -> Kind.CONTENT;
            case "message_stop" -> Kind.END;
            case "error" -> Kind.ERROR;
            default -> Kind.SILENT;
        };
    }

    @Override
    boolean hasContent(String type, JsonNode data) {
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
