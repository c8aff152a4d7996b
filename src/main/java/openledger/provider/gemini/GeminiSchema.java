package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.UntranslatableMember;

/**
 * A JSON schema that an answer or the arguments of a strict function must satisfy, as {@code responseJsonSchema} accepts it. Gemini ignores
 * keywords that it does not know, so that an answer might break them: they are refused by their names.
 */
final class GeminiSchema {
    /** These say nothing about what satisfies the schema, and Gemini does not know them. */
    private static final List<String> ANNOTATIONS = List.of("$schema", "$comment", "default", "examples");

    private static final Set<String> FORMATS = Set.of("date", "date-time", "time");

    private GeminiSchema() {}

    /** The schema for Gemini; the client's is changed in place. */
    static ObjectNode read(SourceMember schema) throws UntranslatableMember {
        if (!(schema.value() instanceof ObjectNode out)) {
            throw schema.refused("must be an object");
        }
        out.remove(ANNOTATIONS);
        boolean refers = out.has("$ref");
        for (SourceMember keyword : schema.members()) {
            if (refers && !keyword.name().startsWith("$")) {
                throw keyword.refused("must not stand beside '$ref' for a provider that speaks Gemini's API");
            }
            keyword(keyword);
        }
        return out;
    }

    private static void keyword(SourceMember keyword) throws UntranslatableMember {
        switch (keyword.name()) {
            case "properties", "$defs" -> {
                for (SourceMember each : keyword.members()) {
                    read(each);
                }
            }
            case "anyOf", "prefixItems" -> {
                for (SourceMember each : keyword.elements()) {
                    read(each);
                }
            }
            case "items" -> read(keyword);
            case "additionalProperties" -> {
                if (!keyword.value().isBoolean()) {
                    read(keyword);
                }
            }
            case "enum" -> {
                for (SourceMember each : keyword.elements()) {
                    JsonNode value = each.value();
                    if (!value.isTextual() && !value.isNumber()) {
                        throw each.refused("must be a string or a number for a provider that speaks Gemini's API");
                    }
                }
            }
            case "format" -> {
                if (!FORMATS.contains(keyword.text())) {
                    throw keyword.unknown();
                }
            }
            case "$ref" -> {
                if (!keyword.text().startsWith("#")) {
                    throw keyword.unknown();
                }
            }
            case "$id",
                    "$anchor",
                    "type",
                    "title",
                    "description",
                    "required",
                    "minItems",
                    "maxItems",
                    "minimum",
                    "maximum",
                    "propertyOrdering" -> {}
            default -> throw keyword.unknown();
        }
    }
}
