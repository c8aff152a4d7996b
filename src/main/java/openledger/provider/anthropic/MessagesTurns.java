package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import openledger.provider.translation.ChatMembers;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.ToolIds;
import openledger.provider.translation.UntranslatableMember;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a chat as turns of the Messages API, which alternate: messages of one side that follow each other become one turn,
 * results of tools belong to the user's side, and system messages come before them all.
 */
final class MessagesTurns {
    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode turns = JsonNodeFactory.instance.arrayNode();

    private final ToolIds ids;
    private @Nullable SourceMember latest;

    private MessagesTurns(ToolIds ids) {
        this.ids = ids;
    }

    static MessagesTurns read(SourceMember messages) throws UntranslatableMember {
        MessagesTurns read = new MessagesTurns(new ToolIds(messages.value()));
        for (SourceMember message : messages.elements()) {
            read.message(message);
        }
        SourceMember last = read.latest;
        if (last == null) {
            throw messages.refused("must have a message of the user that is not blank");
        }
        if (last.required("role").is("assistant")) {
            throw last.required("role")
                    .refused("must not be the assistant's in the last message that is not blank:"
                            + " the provider would continue its text");
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
        ArrayNode blocks = ContentParts.texts(message.required("content"));
        cacheUpTo(blocks, message);
        system.addAll(blocks);
    }

    private void user(SourceMember message) throws UntranslatableMember {
        roleAndContentOnly(message);
        turn("user", message, ContentParts.textsAndImages(message.required("content")));
    }

    private static void roleAndContentOnly(SourceMember message) throws UntranslatableMember {
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                case "role", "content", CacheControl.NAME -> {}
                default -> throw member.unknown();
            }
        }
    }

    private static void cacheUpTo(ArrayNode blocks, SourceMember message) throws UntranslatableMember {
        if (message.value().hasNonNull(CacheControl.NAME)) {
            CacheControl.onLast(blocks, message.required(CacheControl.NAME));
        }
    }

    private void assistant(SourceMember message) throws UntranslatableMember {
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        SourceMember calls = null;
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                case "role", CacheControl.NAME -> {}
                case "content" -> blocks.addAll(ContentParts.ofAnswer(member));
                case "refusal" -> ContentParts.addText(blocks, member.text());
                case "tool_calls" -> calls = member;
                default -> {
                    if (!ChatMembers.isLeftOver(member)) {
                        throw member.unknown();
                    }
                }
            }
        }
        for (SourceMember call : calls == null ? List.<SourceMember>of() : calls.elements()) {
            blocks.add(toolUse(call));
        }
        turn("assistant", message, blocks);
    }

    private ObjectNode toolUse(SourceMember call) throws UntranslatableMember {
        for (SourceMember member : call.members()) {
            switch (member.name()) {
                case "id", "function" -> {}
                default -> {
                    boolean isFunction = "type".equals(member.name()) && member.is("function");
                    if (!isFunction && !ChatMembers.isLeftOverOfCall(member)) {
                        throw member.unknown();
                    }
                }
            }
        }
        SourceMember function = call.required("function");
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        for (SourceMember member : function.members()) {
            switch (member.name()) {
                case "name" -> {}
                case "arguments" -> input = ChatMembers.arguments(member);
                default -> {
                    if (!ChatMembers.isLeftOverOfCall(member)) {
                        throw member.unknown();
                    }
                }
            }
        }
        ObjectNode block = JsonNodeFactory.instance
                .objectNode()
                .put("type", "tool_use")
                .put("id", ids.ofCall(call.required("id").text()))
                .put("name", MessagesTools.name(function));
        block.set("input", input);
        return block;
    }

    private void toolResult(SourceMember message) throws UntranslatableMember {
        for (SourceMember member : message.members()) {
            switch (member.name()) {
                // The name of the function says nothing that the call's id does not.
                case "role", "tool_call_id", "content", "name", CacheControl.NAME -> {}
                default -> {
                    if (!member.isEmpty()) {
                        throw member.unknown();
                    }
                }
            }
        }
        ObjectNode result = JsonNodeFactory.instance
                .objectNode()
                .put("type", "tool_result")
                .put(
                        "tool_use_id",
                        ids.ofResult(message.required("tool_call_id").text()));
        ArrayNode content = ContentParts.texts(message.required("content"));
        if (!content.isEmpty()) {
            result.set("content", content);
        }
        turn("user", message, JsonNodeFactory.instance.arrayNode().add(result));
    }

    /** A message that is blank says nothing: it is left out. */
    private void turn(String side, SourceMember message, ArrayNode blocks) throws UntranslatableMember {
        if (blocks.isEmpty()) {
            return;
        }
        cacheUpTo(blocks, message);
        latest = message;
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
