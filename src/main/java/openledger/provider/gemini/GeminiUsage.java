package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The token usage of an answer. Gemini includes cached tokens in the prompt's, and counts its thoughts apart from the answer's; chat
 * completions include both.
 *
 * @param prompt those of the prompt and of the results of tools that the provider runs
 */
record GeminiUsage(long prompt, long cached, long output, long thoughts) {
    static final GeminiUsage NONE = new GeminiUsage(0, 0, 0, 0);

    /** This with what a later {@code usageMetadata} says; its counts are totals, not increments. */
    GeminiUsage updated(JsonNode said) {
        return new GeminiUsage(
                said.has("promptTokenCount")
                        ? count(said, "promptTokenCount", 0) + count(said, "toolUsePromptTokenCount", 0)
                        : prompt,
                count(said, "cachedContentTokenCount", cached),
                count(said, "candidatesTokenCount", output),
                count(said, "thoughtsTokenCount", thoughts));
    }

    private static long count(JsonNode said, String name, long before) {
        JsonNode count = said.path(name);
        return count.isIntegralNumber() && count.canConvertToInt() ? Math.max(0, count.intValue()) : before;
    }

    /** The member {@code usage} of a chat completion. */
    ObjectNode toChat() {
        ObjectNode usage = JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", output + thoughts)
                .put("total_tokens", prompt + output + thoughts);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", thoughts);
        return usage;
    }
}
