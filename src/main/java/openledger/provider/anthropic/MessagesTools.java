package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.ToolChoice;
import openledger.provider.translation.UntranslatableMember;
import org.jspecify.annotations.Nullable;

/** The functions of a chat request, and its rules for their use, as tools of the Messages API. */
final class MessagesTools {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    private final ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    private @Nullable SourceMember choice;
    private boolean oneAtATime;

    void offer(SourceMember offered) throws UntranslatableMember {
        for (SourceMember tool : offered.elements()) {
            SourceMember type = tool.required("type");
            if (!type.is("function")) {
                throw type.unknown();
            }
            ObjectNode translated = function(tool.required("function"));
            for (SourceMember member : tool.members()) {
                switch (member.name()) {
                    case "type", "function" -> {}
                    case CacheControl.NAME -> translated.set(CacheControl.NAME, CacheControl.read(member));
                    default -> throw member.unknown();
                }
            }
            tools.add(translated);
        }
    }

    private static ObjectNode function(SourceMember function) throws UntranslatableMember {
        ObjectNode tool = JsonNodeFactory.instance.objectNode();
        tool.put("name", name(function));
        SourceMember strict = null;
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        for (SourceMember member : function.members()) {
            switch (member.name()) {
                case "name" -> {}
                case "description" -> tool.put("description", member.text());
                case "parameters" -> {
                    if (!(member.value() instanceof ObjectNode parameters)) {
                        throw member.refused("must be an object");
                    }
                    schema = parameters;
                }
                case "strict" -> strict = member.flag() ? member : null;
                case CacheControl.NAME -> tool.set(CacheControl.NAME, CacheControl.read(member));
                default -> throw member.unknown();
            }
        }
        if (schema.path("type").isMissingNode()) {
            schema.put("type", "object");
        }
        tool.set("input_schema", schema);
        if (strict != null) {
            tool.put("strict", true);
            if (function.value().path("parameters").isObject()) {
                OutputSchema.read(function.required("parameters"));
            } else {
                schema.put("additionalProperties", false);
            }
        }
        return tool;
    }

    /** OpenAI has the same rule; who does not is told here, and not by the provider. */
    static String name(SourceMember function) throws UntranslatableMember {
        SourceMember name = function.required("name");
        if (!NAME.matcher(name.text()).matches()) {
            throw name.refused("must consist of at most 128 letters, digits, '_' and '-'");
        }
        return name.text();
    }

    void choose(SourceMember chosen) {
        choice = chosen;
    }

    void inParallel(boolean allowed) {
        oneAtATime = !allowed;
    }

    /** Without tools, what is said about their use changes nothing, unless it demands one. */
    void into(ObjectNode request) throws UntranslatableMember {
        ObjectNode translated = choice == null ? named("auto") : translate(choice);
        boolean demands = !translated.path("type").asText().equals("auto")
                && !translated.path("type").asText().equals("none");
        if (tools.isEmpty()) {
            if (choice != null && demands) {
                throw choice.refused("requires a tool, but 'tools' has none");
            }
            return;
        }
        request.set("tools", tools);
        boolean restricted =
                oneAtATime && !"none".equals(translated.path("type").asText());
        if (restricted) {
            translated.put("disable_parallel_tool_use", true);
        }
        if (choice != null || restricted) {
            request.set("tool_choice", translated);
        }
    }

    private static ObjectNode translate(SourceMember choice) throws UntranslatableMember {
        return switch (ToolChoice.of(choice)) {
            case ToolChoice.Auto _ -> named("auto");
            case ToolChoice.None _ -> named("none");
            case ToolChoice.Any _ -> named("any");
            case ToolChoice.Function(var function) -> named("tool").put("name", name(function));
        };
    }

    private static ObjectNode named(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
