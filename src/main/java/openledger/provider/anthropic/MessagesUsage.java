package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The token usage of an answer of the Messages API. There, input is what was neither read from a cache nor written to one; chat completions
 * count all three as the prompt.
 */
record MessagesUsage(long input, long cacheWritten, long cacheRead, long output) {
    static final MessagesUsage NONE = new MessagesUsage(0, 0, 0, 0);

    /** This with what a later report says; its counts are totals, not increments. */
    MessagesUsage updated(JsonNode usage) {
        return new MessagesUsage(
                count(usage, "input_tokens", input),
                count(usage, "cache_creation_input_tokens", cacheWritten),
                count(usage, "cache_read_input_tokens", cacheRead),
                count(usage, "output_tokens", output));
    }

    private static long count(JsonNode usage, String name, long before) {
        JsonNode count = usage.path(name);
        return count.isIntegralNumber() && count.canConvertToInt() ? Math.max(0, count.intValue()) : before;
    }

    /** The member {@code usage} of a chat completion. */
    ObjectNode toChat() {
        long prompt = input + cacheWritten + cacheRead;
        ObjectNode usage = JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", output)
                .put("total_tokens", prompt + output);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", cacheRead)
                .put("cache_write_tokens", cacheWritten);
        return usage;
    }
}
