package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import openledger.provider.translation.ChatMembers;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.StrictJson;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.UsageChunk;
import openledger.provider.translation.UntranslatableMember;
import org.jspecify.annotations.Nullable;

/**
 * A request of OpenAI's chat completions as one of Gemini's {@code generateContent} ({@code docs/explanation/0005-dialects.md} has the
 * tables). A member without an equivalent is refused by its name; the few members that only affect how an answer is made are left out with
 * a note.
 */
final class GeminiRequest {
    private static final int MOST_CANDIDATES = 8;
    private static final int MOST_STOPS = 5;

    private final ObjectNode out = JsonNodeFactory.instance.objectNode();
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();
    private final Notes notes = new Notes();
    private final GeminiTools tools = new GeminiTools(notes);
    private UsageChunk usage = UsageChunk.LEFT_OUT;
    private @Nullable SourceMember maxTokens;

    private GeminiRequest() {}

    /**
     * Translates a body.
     *
     * @param chat one JSON object, as received
     */
    static Translation translate(byte[] chat) {
        try {
            return new GeminiRequest().readAll(SourceMember.root(chat, "Gemini's API"));
        } catch (UntranslatableMember e) {
            return e.outcome();
        }
    }

    private Translation readAll(SourceMember root) throws UntranslatableMember {
        GeminiTurns.read(root.required("messages"), notes).into(out);
        for (SourceMember member : root.members()) {
            read(member);
        }
        tools.into(out);
        if (!config.isEmpty()) {
            out.set("generationConfig", config);
        }
        return new Translation.Translated(StrictJson.write(out), usage, notes.all());
    }

    private void read(SourceMember member) throws UntranslatableMember {
        switch (member.name()) {
            case "messages" -> {}
            case "max_tokens", "max_completion_tokens" -> maxTokens(member);
            case "temperature" -> config.set("temperature", number(member, 0, 2));
            case "top_p" -> config.set("topP", number(member, 0, 1));
            case "presence_penalty" -> penalty("presencePenalty", member);
            case "frequency_penalty" -> penalty("frequencyPenalty", member);
            case "n" -> candidates(member);
            case "seed" -> seed(member);
            case "stop" -> stop(member);
            // It is the address that says it.
            case "stream" -> member.flag();
            case "stream_options" -> usage = ChatMembers.usageChunk(member);
            case "tools" -> tools.offer(member);
            case "tool_choice" -> tools.choose(member);
            case "parallel_tool_calls" -> tools.inParallel(member);
            case "response_format" -> format(member);
            case "reasoning_effort" -> effort(member);
            case Notes.CACHE_CONTROL -> notes.leftOut(member);
            default -> {
                if (onlySteers(member)) {
                    notes.leftOut(member);
                } else if (!ChatMembers.changesNothing(member)) {
                    throw member.unknown();
                }
            }
        }
    }

    private void maxTokens(SourceMember member) throws UntranslatableMember {
        int most = ChatMembers.wholeNumberFrom1(member);
        if (maxTokens != null && maxTokens.value().intValue() != most) {
            throw member.refused("contradicts '" + maxTokens.name() + "'");
        }
        maxTokens = member;
        config.put("maxOutputTokens", most);
    }

    private static JsonNode number(SourceMember member, int from, int to) throws UntranslatableMember {
        if (!member.value().isNumber()) {
            throw member.refused("must be a number");
        }
        BigDecimal number = member.value().decimalValue();
        if (number.compareTo(BigDecimal.valueOf(from)) < 0 || number.compareTo(BigDecimal.valueOf(to)) > 0) {
            throw member.refused("must be from " + from + " to " + to);
        }
        return member.value();
    }

    /** None is not sent: some models refuse the member itself. */
    private void penalty(String name, SourceMember member) throws UntranslatableMember {
        JsonNode number = number(member, -2, 2);
        if (number.decimalValue().signum() != 0) {
            config.set(name, number);
        }
    }

    private void candidates(SourceMember member) throws UntranslatableMember {
        int count = ChatMembers.wholeNumberFrom1(member);
        if (count > MOST_CANDIDATES) {
            throw member.refused("must be at most " + MOST_CANDIDATES + " for a provider that speaks Gemini's API");
        }
        if (count > 1) {
            config.put("candidateCount", count);
        }
    }

    /** One that is no 32-bit number only makes the answer harder to repeat. */
    private void seed(SourceMember member) throws UntranslatableMember {
        if (!member.value().isIntegralNumber()) {
            throw member.refused("must be a whole number");
        }
        if (member.value().canConvertToInt()) {
            config.set("seed", member.value());
        } else {
            notes.leftOut(member);
        }
    }

    private void stop(SourceMember member) throws UntranslatableMember {
        ArrayNode sequences = JsonNodeFactory.instance.arrayNode();
        for (SourceMember sequence : member.value().isTextual() ? List.of(member) : member.elements()) {
            if (sequence.text().isEmpty()) {
                throw sequence.refused("must not be empty for a provider that speaks Gemini's API");
            }
            sequences.add(sequence.text());
        }
        if (sequences.size() > MOST_STOPS) {
            throw member.refused("must have at most " + MOST_STOPS + " texts for a provider that speaks Gemini's API");
        }
        if (!sequences.isEmpty()) {
            config.set("stopSequences", sequences);
        }
    }

    private void format(SourceMember format) throws UntranslatableMember {
        SourceMember type = format.required("type");
        for (SourceMember member : format.members()) {
            if (!"type".equals(member.name()) && !type.is(member.name())) {
                throw member.unknown();
            }
        }
        switch (type.text()) {
            case "text" -> {}
            case "json_object" -> config.put("responseMimeType", "application/json");
            case "json_schema" -> {
                config.put("responseMimeType", "application/json");
                config.set("responseJsonSchema", schema(format.required("json_schema")));
            }
            default -> throw type.unknown();
        }
    }

    private ObjectNode schema(SourceMember wanted) throws UntranslatableMember {
        ObjectNode schema = GeminiSchema.read(wanted.required("schema"));
        for (SourceMember member : wanted.members()) {
            switch (member.name()) {
                // Gemini is always strict, which is what 'strict: false' allows as well.
                case "name", "schema", "strict" -> {}
                case "description" -> {
                    if (schema.has("description") || schema.has("$ref")) {
                        notes.leftOut(member);
                    } else {
                        schema.put("description", member.text());
                    }
                }
                default -> throw member.unknown();
            }
        }
        return schema;
    }

    private void effort(SourceMember effort) throws UntranslatableMember {
        switch (effort.text()) {
            // The models of today cannot be kept from thinking.
            case "none" -> notes.leftOut(effort);
            case "minimal" -> thinkingLevel("MINIMAL");
            case "low" -> thinkingLevel("LOW");
            case "medium" -> thinkingLevel("MEDIUM");
            case "high" -> thinkingLevel("HIGH");
            default -> throw effort.unknown();
        }
    }

    private void thinkingLevel(String level) {
        config.putObject("thinkingConfig").put("thinkingLevel", level);
    }

    /** Members that may be left out with a note: every answer that can be given with them can be given without them. */
    private static boolean onlySteers(SourceMember member) {
        return switch (member.name()) {
            case "user", "safety_identifier" -> member.value().isTextual();
            default -> ChatMembers.onlySteers(member);
        };
    }
}
