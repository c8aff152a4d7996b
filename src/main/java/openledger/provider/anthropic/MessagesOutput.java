package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.UntranslatableMember;

/** Translates a chat request's options for the form of the answer and the effort to {@code output_config}. */
final class MessagesOutput {
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    /**
     * The form of the answer.
     *
     * @param dropped gets the names of what could not be said
     */
    void format(SourceMember format, List<String> dropped) throws UntranslatableMember {
        SourceMember type = format.required("type");
        switch (type.text()) {
            case "text" -> {}
            case "json_schema" -> schema(format, dropped);
            // The Messages API has no JSON without a schema: one that allows any object allows none of its members.
            default -> throw type.unknown();
        }
    }

    private void schema(SourceMember format, List<String> dropped) throws UntranslatableMember {
        SourceMember wanted = format.required("json_schema");
        ObjectNode schema = OutputSchema.read(wanted.required("schema"));
        for (SourceMember member : format.members()) {
            if (!"type".equals(member.name()) && !"json_schema".equals(member.name())) {
                throw member.unknown();
            }
        }
        for (SourceMember member : wanted.members()) {
            switch (member.name()) {
                // A provider that speaks the Messages API is always strict, which is what 'strict: false' allows as
                // well.
                case "name", "schema", "strict" -> {}
                case "description" -> {
                    if (schema.has("description")) {
                        dropped.add(member.path());
                    } else {
                        schema.put("description", member.text());
                    }
                }
                default -> throw member.unknown();
            }
        }
        config.putObject("format").put("type", "json_schema").set("schema", schema);
    }

    /** The effort. Budgets of thinking are not said: the models of today refuse them. */
    void effort(SourceMember effort, List<String> dropped) throws UntranslatableMember {
        switch (effort.text()) {
            // Some models cannot be kept from thinking, and others do not think unless they are asked to.
            case "none" -> dropped.add(effort.path());
            case "minimal" -> config.put("effort", "low");
            case "low", "medium", "high", "xhigh", "max" -> config.put("effort", effort.text());
            default -> throw effort.unknown();
        }
    }

    void into(ObjectNode request) {
        if (!config.isEmpty()) {
            request.set("output_config", config);
        }
    }
}
