package openledger.provider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a chat as turns of the Messages API, which alternate: messages of one side that follow each other
 * become one turn, results of tools belong to the user's side, and what the system says stands before them all.
 */
final class MessagesTurns {
    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode turns = JsonNodeFactory.instance.arrayNode();

    private MessagesTurns() {}

    static MessagesTurns read(SourceMember messages) throws UntranslatableMember {
        MessagesTurns read = new MessagesTurns();
        SourceMember last = null;
        for (SourceMember message : messages.elements()) {
            read.message(message);
            last = message.required("role");
        }
        if (read.turns.isEmpty()) {
            throw messages.refused("must hold a message of the user");
        }
        if (last != null && last.is("assistant")) {
            throw last.refused(
                    "must not be the assistant's in the last message: the provider would go on with its text");
        }
        return read;
    }

    void into(ObjectNode request) {
        if (!system.isEmpty()) {
            request.set("system", system);
        }
        request.set("messages", turns);
    }

    private void message(SourceMember message) throws UntranslatableMember {
        SourceMember role = message.required("role");
        switch (role.text()) {
            case "system", "developer" -> system(message);
            case "user" -> user(message);
            case "assistant" -> assistant(message);
            case "tool" -> toolResult(message);
            default -> throw role.unknown();
        }
    }

    private void system(SourceMember message) throws UntranslatableMember {
        roleAndContentOnly(message);
        system.addAll(ContentParts.texts(message.required("content")));
    }

    private void user(SourceMember message) throws UntranslatableMember {
        roleAndContentOnly(message);
        SourceMember content = message.required("content");
        turn("user", content, ContentParts.textsAndImages(content));
    }

    private static void roleAndContentOnly(SourceMember message) throws UntranslatableMember {
        for (SourceMember member : message.members()) {
            if (!"role".equals(member.name()) && !"content".equals(member.name())) {
                throw member.unknown();
            }
        }
    }

    private void assistant(SourceMember message) throws UntranslatableMember {
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        SourceMember calls = null;
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                // Thinking is what an answer of ours may have shown; no provider wants it back without its signature.
                case "role", "reasoning_content" -> {}
                case "content" -> blocks.addAll(ContentParts.texts(member));
                case "tool_calls" -> calls = member;
                case "annotations" -> {
                    if (!member.elements().isEmpty()) {
                        throw member.unknown();
                    }
                }
                default -> throw member.unknown();
            }
        }
        for (SourceMember call : calls == null ? List.<SourceMember>of() : calls.elements()) {
            blocks.add(toolUse(call));
        }
        turn("assistant", message, blocks);
    }

    private static ObjectNode toolUse(SourceMember call) throws UntranslatableMember {
        for (SourceMember member : call.members()) {
            switch (member.name()) {
                case "id", "function" -> {}
                case "type" -> {
                    if (!member.is("function")) {
                        throw member.unknown();
                    }
                }
                default -> throw member.unknown();
            }
        }
        SourceMember function = call.required("function");
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        for (SourceMember member : function.members()) {
            switch (member.name()) {
                case "name" -> {}
                case "arguments" -> input = arguments(member);
                default -> throw member.unknown();
            }
        }
        ObjectNode block = JsonNodeFactory.instance
                .objectNode()
                .put("type", "tool_use")
                .put("id", call.required("id").text())
                .put("name", function.required("name").text());
        block.set("input", input);
        return block;
    }

    private static ObjectNode arguments(SourceMember member) throws UntranslatableMember {
        String text = member.text();
        try {
            if (text.isBlank()) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (StrictJson.read(text) instanceof ObjectNode arguments) {
                return arguments;
            }
        } catch (StrictJson.Malformed e) {
            throw member.refused("must be one JSON object as a string, with no member twice");
        }
        throw member.refused("must be one JSON object as a string");
    }

    private void toolResult(SourceMember message) throws UntranslatableMember {
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                // The name of the function says nothing that the call's id does not.
                case "role", "tool_call_id", "content", "name" -> {}
                default -> throw member.unknown();
            }
        }
        ObjectNode result = JsonNodeFactory.instance
                .objectNode()
                .put("type", "tool_result")
                .put("tool_use_id", message.required("tool_call_id").text());
        ArrayNode content = ContentParts.texts(message.required("content"));
        if (!content.isEmpty()) {
            result.set("content", content);
        }
        turn("user", message, JsonNodeFactory.instance.arrayNode().add(result));
    }

    private void turn(String side, SourceMember source, ArrayNode blocks) throws UntranslatableMember {
        if (blocks.isEmpty()) {
            throw source.refused("must not be empty for a provider that speaks the Messages API");
        }
        ArrayNode open = openTurnOf(side);
        if (open == null) {
            turns.addObject().put("role", side).set("content", blocks);
        } else {
            open.addAll(blocks);
        }
    }

    private @Nullable ArrayNode openTurnOf(String side) {
        boolean open = !turns.isEmpty()
                && turns.get(turns.size() - 1).path("role").asText().equals(side);
        return open && turns.get(turns.size() - 1).path("content") instanceof ArrayNode blocks ? blocks : null;
    }
}
