package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;

/** Translates the stop reasons of the Messages API to those of chat completions. */
final class StopReasons {
    private StopReasons() {}

    /** The {@code finish_reason} for a {@code stop_reason}; one that is new to us is an ordinary end. */
    static String finishReason(JsonNode stopReason) {
        return switch (stopReason.asText()) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }
}
