package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import openledger.provider.translation.SourceMember;
import openledger.provider.translation.UntranslatableMember;

/**
 * A JSON schema that an answer or the input of a strict tool must satisfy, as the Messages API accepts it (its page "Structured outputs").
 * The schema may become narrower, so that whatever satisfies it satisfies the client's; it never becomes wider: a keyword that the Messages
 * API refuses is refused by its name.
 */
final class OutputSchema {
    private static final String MORE_PROPERTIES = "additionalProperties";
    private static final Set<String> REFUSED = Set.of(
            "additionalItems",
            "allOf",
            "contains",
            "dependencies",
            "dependentRequired",
            "dependentSchemas",
            "else",
            "exclusiveMaximum",
            "exclusiveMinimum",
            "if",
            "maxContains",
            "maxItems",
            "maxLength",
            "maxProperties",
            "maximum",
            "minContains",
            "minLength",
            "minProperties",
            "minimum",
            "multipleOf",
            "not",
            "oneOf",
            "patternProperties",
            "prefixItems",
            "propertyNames",
            "then",
            "unevaluatedItems",
            "unevaluatedProperties",
            "uniqueItems");
    private static final Set<String> FORMATS =
            Set.of("date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid");

    private final Map<String, SourceMember> references = new LinkedHashMap<>();

    private OutputSchema() {}

    /** The schema for the Messages API; the client's is changed in place. */
    static ObjectNode read(SourceMember schema) throws UntranslatableMember {
        OutputSchema read = new OutputSchema();
        ObjectNode out = read.subschema(schema);
        read.refuseRecursion(out);
        return out;
    }

    private ObjectNode subschema(SourceMember schema) throws UntranslatableMember {
        if (!(schema.value() instanceof ObjectNode out)) {
            throw schema.refused("must be an object");
        }
        for (SourceMember keyword : schema.members()) {
            keyword(keyword);
        }
        // It says which version of JSON Schema is spoken, and no more.
        out.remove("$schema");
        if (isOfObjects(out) && !out.has(MORE_PROPERTIES)) {
            out.put(MORE_PROPERTIES, false);
        }
        return out;
    }

    private void keyword(SourceMember keyword) throws UntranslatableMember {
        JsonNode value = keyword.value();
        switch (keyword.name()) {
            case "properties", "$defs", "definitions" -> {
                for (SourceMember each : keyword.members()) {
                    subschema(each);
                }
            }
            case "items" -> subschema(keyword);
            case "anyOf" -> {
                for (SourceMember each : keyword.elements()) {
                    subschema(each);
                }
            }
            case MORE_PROPERTIES -> {
                if (!value.isBoolean() || value.booleanValue()) {
                    throw keyword.refused("must be false for a provider that speaks the Messages API");
                }
            }
            case "minItems" -> {
                if (!value.canConvertToInt() || value.intValue() > 1) {
                    throw keyword.refused("must be 0 or 1 for a provider that speaks the Messages API");
                }
            }
            case "format" -> {
                if (!FORMATS.contains(keyword.text())) {
                    throw keyword.unknown();
                }
            }
            case "$ref" -> {
                if (!keyword.text().startsWith("#/")) {
                    throw keyword.unknown();
                }
                references.putIfAbsent(keyword.text(), keyword);
            }
            default -> {
                if (REFUSED.contains(keyword.name())) {
                    throw keyword.unknown();
                }
            }
        }
    }

    private static boolean isOfObjects(ObjectNode schema) {
        JsonNode type = schema.path("type");
        if (type instanceof ArrayNode types) {
            for (JsonNode each : types) {
                if ("object".equals(each.asText())) {
                    return true;
                }
            }
        }
        return "object".equals(type.asText()) || schema.has("properties");
    }

    /** The Messages API takes no schema that refers to itself, on whatever way. */
    private void refuseRecursion(ObjectNode root) throws UntranslatableMember {
        Map<String, Set<String>> leadsTo = new HashMap<>();
        for (Map.Entry<String, SourceMember> reference : references.entrySet()) {
            Set<String> within = new HashSet<>();
            collect(target(root, reference.getValue()), within);
            leadsTo.put(reference.getKey(), within);
        }
        Set<String> done = new HashSet<>();
        for (Map.Entry<String, SourceMember> reference : references.entrySet()) {
            if (returns(reference.getKey(), leadsTo, new HashSet<>(), done)) {
                throw reference
                        .getValue()
                        .refused("must not refer to itself for a provider that speaks the Messages API");
            }
        }
    }

    private static JsonNode target(ObjectNode root, SourceMember reference) throws UntranslatableMember {
        try {
            return root.at(reference.text().substring(1));
        } catch (IllegalArgumentException noPointer) {
            throw reference.unknown();
        }
    }

    private static void collect(JsonNode within, Set<String> references) {
        if (within.path("$ref").isTextual()) {
            references.add(within.path("$ref").textValue());
        }
        for (JsonNode each : within) {
            collect(each, references);
        }
    }

    private static boolean returns(String from, Map<String, Set<String>> leadsTo, Set<String> path, Set<String> done) {
        if (done.contains(from)) {
            return false;
        }
        if (!path.add(from)) {
            return true;
        }
        for (String next : leadsTo.getOrDefault(from, Set.of())) {
            if (returns(next, leadsTo, path, done)) {
                return true;
            }
        }
        path.remove(from);
        done.add(from);
        return false;
    }
}
