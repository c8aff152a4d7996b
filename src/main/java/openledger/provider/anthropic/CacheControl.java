package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.UntranslatableMember;

/** Where the prompt may be cached up to: a member of the Messages API that clients of chat completions send as well. */
final class CacheControl {
    static final String NAME = "cache_control";

    private CacheControl() {}

    /** The member as the Messages API has it. */
    static ObjectNode read(SourceMember control) throws UntranslatableMember {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        SourceMember type = control.required("type");
        for (SourceMember member : control.members()) {
            switch (member.name()) {
                case "type", "ttl" -> out.put(member.name(), member.text());
                default -> throw member.unknown();
            }
        }
        if (!type.is("ephemeral")) {
            throw type.refused("must be 'ephemeral'");
        }
        return out;
    }

    /** Sets it on the last of the blocks; without blocks there is nothing to be cached. */
    static void onLast(ArrayNode blocks, SourceMember control) throws UntranslatableMember {
        ObjectNode read = read(control);
        if (!blocks.isEmpty() && blocks.get(blocks.size() - 1) instanceof ObjectNode last) {
            last.set(NAME, read);
        }
    }
}
