package openledger.provider.translation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Set;
import openledger.provider.translation.Translation.UsageChunk;

/** Members of a chat request that are read alike, whatever the request is translated to. */
public final class ChatMembers {
    /** What answers have and no provider needs back; thinking is taken back by none without its signature. */
    private static final Set<String> LEFT_OVER = Set.of(
            "annotations",
            "finish_reason",
            "id",
            "index",
            "logprobs",
            "parsed",
            "provider_specific_fields",
            "reasoning",
            "reasoning_content",
            "reasoning_details",
            "stop_reason",
            "thinking_blocks");

    private static final Set<String> LEFT_OVER_OF_CALLS =
            Set.of("extra_content", "index", "parsed", "parsed_arguments", "provider_specific_fields");

    private ChatMembers() {}

    /** True for a member of an assistant's message that may be left out: clients send back what answers had. */
    public static boolean isLeftOver(SourceMember member) {
        return LEFT_OVER.contains(member.name()) || member.isEmpty();
    }

    /** The same of a call, or of its function. */
    public static boolean isLeftOverOfCall(SourceMember member) {
        return LEFT_OVER_OF_CALLS.contains(member.name()) || member.isEmpty();
    }

    /** The arguments of a call: an object, as a text. */
    public static ObjectNode arguments(SourceMember member) throws UntranslatableMember {
        String text = member.text();
        try {
            if (text.isBlank()) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (StrictJson.read(text) instanceof ObjectNode arguments) {
                return arguments;
            }
        } catch (StrictJson.Malformed e) {
            throw member.refused("must be one JSON object as a string, without repeated members");
        }
        throw member.refused("must be one JSON object as a string");
    }

    /** A number of things. */
    public static int wholeNumberFrom1(SourceMember member) throws UntranslatableMember {
        JsonNode value = member.value();
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw member.refused("must be a whole number from 1");
        }
        return value.intValue();
    }

    /** What {@code stream_options} asks for. */
    public static UsageChunk usageChunk(SourceMember options) throws UntranslatableMember {
        UsageChunk usage = UsageChunk.LEFT_OUT;
        for (SourceMember option : options.members()) {
            if ("include_usage".equals(option.name())) {
                usage = option.flag() ? UsageChunk.SENT : UsageChunk.LEFT_OUT;
            } else if (!"include_obfuscation".equals(option.name()) || option.flag()) {
                throw option.unknown();
            }
        }
        return usage;
    }

    /**
     * Members that may be left out with a note: they steer speed, price, storage or how well an answer can be repeated, and every answer
     * that can be given with them can be given without them.
     */
    public static boolean onlySteers(SourceMember member) {
        return switch (member.name()) {
            case "seed" -> member.value().isIntegralNumber();
            case "prediction" -> member.value().isObject() && !member.isEmpty();
            case "metadata" -> member.value().isObject() && !member.isEmpty();
            case "prompt_cache_retention" -> member.value().isTextual();
            case "store" -> member.value().isBoolean() && member.value().booleanValue();
            case "service_tier" -> member.is("flex") || member.is("priority");
            default -> false;
        };
    }

    /** Members that may be left out, because with this value they ask for what happens anyway, or not of the answer. */
    public static boolean changesNothing(SourceMember member) {
        JsonNode value = member.value();
        return switch (member.name()) {
            case "model", "openledger" -> true;
            case "prompt_cache_key" -> value.isTextual();
            case "n" -> value.isNumber() && value.decimalValue().compareTo(BigDecimal.ONE) == 0;
            case "frequency_penalty", "presence_penalty", "top_logprobs" ->
                value.isNumber() && value.decimalValue().signum() == 0;
            case "logprobs", "store" -> value.isBoolean() && !value.booleanValue();
            case "logit_bias", "metadata" -> value.isObject() && value.isEmpty();
            case "functions" -> value.isArray() && value.isEmpty();
            case "modalities" ->
                value.isArray()
                        && value.size() == 1
                        && "text".equals(value.get(0).asText());
            case "service_tier" -> member.is("auto") || member.is("default");
            case "verbosity" -> member.is("medium");
            default -> false;
        };
    }
}
