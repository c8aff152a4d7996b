package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import openledger.provider.gemini.GeminiParts.Speaker;
import openledger.provider.translation.ChatMembers;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.ToolIds;
import openledger.provider.translation.UntranslatableMember;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a chat as {@code contents}: neighbours of one side become one, results of tools are contents of their own, and system
 * messages become the {@code systemInstruction}.
 */
final class GeminiTurns {
    /** What Google's own translation of chat completions calls the signature of a thought; clients send back what they got. */
    static final String EXTRA = "extra_content";

    /**
     * Stands for the signature of a thought in a call that Gemini has not made: models from Gemini 3 on refuse one without
     * (ai.google.dev, "Thought signatures").
     */
    private static final String FOREIGN = "skip_thought_signature_validator";

    /** Whose turn it is; to Gemini a result of a tool is the user's. */
    private enum Side {
        USER("user"),
        MODEL("model"),
        RESULTS("user");

        private final String role;

        Side(String role) {
            this.role = role;
        }
    }

    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();
    private final Map<String, String> functions = new HashMap<>();
    private final ToolIds ids;
    private final Notes notes;
    private ArrayNode open = JsonNodeFactory.instance.arrayNode();
    private @Nullable Side side;
    private @Nullable SourceMember latest;

    private GeminiTurns(ToolIds ids, Notes notes) {
        this.ids = ids;
        this.notes = notes;
    }

    static GeminiTurns read(SourceMember messages, Notes notes) throws UntranslatableMember {
        GeminiTurns read = new GeminiTurns(new ToolIds(messages.value()), notes);
        for (SourceMember message : messages.elements()) {
            read.message(message);
        }
        SourceMember last = read.latest;
        if (last == null) {
            throw messages.refused("must have a message of the user that is not empty");
        }
        if (last.required("role").is("assistant")) {
            throw last.required("role")
                    .refused("must not be the assistant's in the last message that is not empty:"
                            + " the provider would continue its text");
        }
        return read;
    }

    void into(ObjectNode request) {
        if (!system.isEmpty()) {
            request.putObject("systemInstruction").set("parts", system);
        }
        request.set("contents", contents);
    }

    private void message(SourceMember message) throws UntranslatableMember {
        SourceMember role = message.required("role");
        switch (role.text()) {
            case "system", "developer" -> system.addAll(content(message, Speaker.OTHER));
            case "user" -> turn(Side.USER, message, content(message, Speaker.USER));
            case "assistant" -> turn(Side.MODEL, message, answer(message));
            case "tool" -> turn(Side.RESULTS, message, result(message));
            default -> throw role.unknown();
        }
    }

    private ArrayNode content(SourceMember message, Speaker speaker) throws UntranslatableMember {
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                case "role", "content" -> {}
                case Notes.CACHE_CONTROL -> notes.leftOut(member);
                default -> throw member.unknown();
            }
        }
        return GeminiParts.read(message.required("content"), speaker, notes);
    }

    private ArrayNode answer(SourceMember message) throws UntranslatableMember {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                case "role" -> {}
                case Notes.CACHE_CONTROL -> notes.leftOut(member);
                case "content", "refusal" -> parts.addAll(GeminiParts.read(member, Speaker.ASSISTANT, notes));
                case "tool_calls" -> {
                    for (SourceMember call : member.elements()) {
                        calls.add(call(call, calls.isEmpty()));
                    }
                }
                default -> {
                    if (!ChatMembers.isLeftOver(member)) {
                        throw member.unknown();
                    }
                }
            }
        }
        return parts.addAll(calls);
    }

    private ObjectNode call(SourceMember call, boolean isFirst) throws UntranslatableMember {
        for (SourceMember member : call.members()) {
            boolean isFunction = "type".equals(member.name()) && member.is("function");
            boolean isRead = "id".equals(member.name()) || "function".equals(member.name());
            if (!isFunction && !isRead && !ChatMembers.isLeftOverOfCall(member)) {
                throw member.unknown();
            }
        }
        SourceMember function = call.required("function");
        String name = GeminiTools.name(function);
        String id = ids.ofCall(call.required("id").text());
        functions.put(id, name);
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        ObjectNode said = part.putObject("functionCall").put("id", id).put("name", name);
        for (SourceMember member : function.members()) {
            if ("arguments".equals(member.name())) {
                said.set("args", ChatMembers.arguments(member));
            } else if (!"name".equals(member.name()) && !ChatMembers.isLeftOverOfCall(member)) {
                throw member.unknown();
            }
        }
        JsonNode signature = call.value().path(EXTRA).path("google").path("thought_signature");
        if (signature.isTextual() && !signature.textValue().isEmpty()) {
            part.set("thoughtSignature", signature);
        } else if (isFirst) {
            part.put("thoughtSignature", FOREIGN);
        }
        return part;
    }

    private ArrayNode result(SourceMember message) throws UntranslatableMember {
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                // The name is that of the call; it is read only if there is none.
                case "role", "tool_call_id", "content", "name" -> {}
                case Notes.CACHE_CONTROL -> notes.leftOut(member);
                default -> {
                    if (!member.isEmpty()) {
                        throw member.unknown();
                    }
                }
            }
        }
        SourceMember call = message.required("tool_call_id");
        String id = ids.ofResult(call.text());
        String known = functions.get(id);
        if (known == null && !message.value().hasNonNull("name")) {
            throw call.refused(
                    "must be the id of a call in a message before it, for a provider that speaks Gemini's API");
        }
        String function = known == null ? GeminiTools.name(message) : known;
        StringBuilder text = new StringBuilder();
        for (JsonNode part : GeminiParts.read(message.required("content"), Speaker.OTHER, notes)) {
            text.append(part.path("text").asText());
        }
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        parts.addObject()
                .putObject("functionResponse")
                .put("id", id)
                .put("name", function)
                .putObject("response")
                .put("output", text.toString());
        return parts;
    }

    /** A message that is empty says nothing: it is left out. */
    private void turn(Side of, SourceMember message, ArrayNode parts) {
        if (parts.isEmpty()) {
            return;
        }
        latest = message;
        if (side != of) {
            side = of;
            open = contents.addObject().put("role", of.role).putArray("parts");
        }
        open.addAll(parts);
    }
}
