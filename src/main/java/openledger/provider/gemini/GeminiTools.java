package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Pattern;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.ToolChoice;
import openledger.provider.translation.UntranslatableMember;
import org.jspecify.annotations.Nullable;

/** The functions of a chat request, and its rules for their use, as {@code tools} and {@code toolConfig}. */
final class GeminiTools {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}");

    private static final Set<String> OF_NONE =
            Set.of("type", "properties", "required", "additionalProperties", "$schema", "title", "description");

    private final ArrayNode functions = JsonNodeFactory.instance.arrayNode();
    private final Notes notes;
    private @Nullable SourceMember choice;
    private @Nullable SourceMember oneAtATime;
    private boolean strict;

    GeminiTools(Notes notes) {
        this.notes = notes;
    }

    void offer(SourceMember offered) throws UntranslatableMember {
        for (SourceMember tool : offered.elements()) {
            SourceMember type = tool.required("type");
            if (!type.is("function")) {
                throw type.unknown();
            }
            for (SourceMember member : tool.members()) {
                switch (member.name()) {
                    case "type", "function" -> {}
                    case Notes.CACHE_CONTROL -> notes.leftOut(member);
                    default -> throw member.unknown();
                }
            }
            functions.add(function(tool.required("function")));
        }
    }

    private ObjectNode function(SourceMember function) throws UntranslatableMember {
        ObjectNode declared = JsonNodeFactory.instance.objectNode().put("name", name(function));
        boolean isStrict = false;
        for (SourceMember member : function.members()) {
            switch (member.name()) {
                case "name" -> {}
                case "description" -> declared.put("description", member.text());
                case "parameters" -> {
                    if (!member.value().isObject()) {
                        throw member.refused("must be an object");
                    }
                    if (!saysNone(member.value())) {
                        declared.set("parametersJsonSchema", member.value());
                    }
                }
                case "strict" -> isStrict = member.flag();
                case Notes.CACHE_CONTROL -> notes.leftOut(member);
                default -> throw member.unknown();
            }
        }
        if (isStrict) {
            strict = true;
            if (declared.has("parametersJsonSchema")) {
                GeminiSchema.read(function.required("parameters"));
            }
        }
        return declared;
    }

    /** Gemini takes no object without properties: a function that has no parameters declares none. */
    private static boolean saysNone(JsonNode schema) {
        return schema.path("properties").isEmpty()
                && schema.path("required").isEmpty()
                && schema.properties().stream().allMatch(keyword -> OF_NONE.contains(keyword.getKey()));
    }

    static String name(SourceMember function) throws UntranslatableMember {
        SourceMember name = function.required("name");
        if (!NAME.matcher(name.text()).matches()) {
            throw name.refused(
                    "must begin with a letter or '_' and consist of at most 64 letters, digits, '_', '.', ':'"
                            + " and '-' for a provider that speaks Gemini's API");
        }
        return name.text();
    }

    void choose(SourceMember chosen) {
        choice = chosen;
    }

    void inParallel(SourceMember allowed) throws UntranslatableMember {
        oneAtATime = allowed.flag() ? null : allowed;
    }

    /** Without tools, what is said about their use changes nothing, unless it demands one. */
    void into(ObjectNode request) throws UntranslatableMember {
        ObjectNode config = choice == null ? mode("AUTO") : translate(choice);
        String mode = config.path("mode").asText();
        if (functions.isEmpty()) {
            if (choice != null && "ANY".equals(mode)) {
                throw choice.refused("requires a tool, but 'tools' has none");
            }
            return;
        }
        if (oneAtATime != null && !"NONE".equals(mode)) {
            throw oneAtATime.unknown();
        }
        if (strict && "AUTO".equals(mode)) {
            // As free as AUTO, but calls satisfy their schema; in the mode ANY they do so anyway.
            config.put("mode", "VALIDATED");
        }
        request.putArray("tools").addObject().set("functionDeclarations", functions);
        if (choice != null || strict) {
            request.putObject("toolConfig").set("functionCallingConfig", config);
        }
    }

    private static ObjectNode translate(SourceMember choice) throws UntranslatableMember {
        return switch (ToolChoice.of(choice)) {
            case ToolChoice.Auto _ -> mode("AUTO");
            case ToolChoice.None _ -> mode("NONE");
            case ToolChoice.Any _ -> mode("ANY");
            case ToolChoice.Function(var function) -> {
                ObjectNode named = mode("ANY");
                named.putArray("allowedFunctionNames").add(name(function));
                yield named;
            }
        };
    }

    private static ObjectNode mode(String mode) {
        return JsonNodeFactory.instance.objectNode().put("mode", mode);
    }
}
