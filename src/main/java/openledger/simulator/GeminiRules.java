package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What Gemini's API refuses of a request; our own translations are tested against it. */
final class GeminiRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}");
    /** By the member that holds them; empty for the request. A member that is not named is refused as it is by Gemini. */
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "", Set.of("contents", "systemInstruction", "tools", "toolConfig", "generationConfig"),
            "contents", Set.of("role", "parts"),
            "systemInstruction", Set.of("role", "parts"),
            "parts", Set.of("text", "inlineData", "fileData", "functionCall", "functionResponse", "thoughtSignature"),
            "functionCall", Set.of("id", "name", "args"),
            "functionResponse", Set.of("id", "name", "response"),
            "functionDeclarations", Set.of("name", "description", "parametersJsonSchema"),
            "functionCallingConfig", Set.of("mode", "allowedFunctionNames"),
            "generationConfig",
                    Set.of(
                            "temperature",
                            "topP",
                            "maxOutputTokens",
                            "stopSequences",
                            "candidateCount",
                            "seed",
                            "presencePenalty",
                            "frequencyPenalty",
                            "responseMimeType",
                            "responseJsonSchema",
                            "thinkingConfig"));

    private String objection = "";

    private GeminiRules() {}

    /** The first thing that is wrong; empty if nothing is. */
    static String objection(JsonNode request) {
        GeminiRules rules = new GeminiRules();
        rules.known("", request);
        rules.known("generationConfig", request.path("generationConfig"));
        MemberRules.within(request.path("generationConfig"))
                .number("temperature", 0, 2)
                .number("topP", 0, 1)
                .integer("maxOutputTokens", 1)
                .integer("candidateCount", 1, 8)
                .objection()
                .ifPresent(objection -> rules.require(false, objection.message()));
        rules.known("functionCallingConfig", request.at("/toolConfig/functionCallingConfig"));
        rules.content("systemInstruction", request.path("systemInstruction"));
        rules.contents(request.path("contents"));
        for (JsonNode tool : request.path("tools")) {
            for (JsonNode declared : tool.path("functionDeclarations")) {
                rules.known("functionDeclarations", declared);
                rules.require(NAME.matcher(declared.path("name").asText()).matches(), "Invalid function name");
            }
        }
        return rules.objection;
    }

    private void known(String of, JsonNode object) {
        object.fieldNames()
                .forEachRemaining(name -> require(
                        KNOWN.getOrDefault(of, Set.of()).contains(name),
                        "Invalid JSON payload received. Unknown name \"" + name + "\" at '" + of
                                + "': Cannot find field."));
    }

    private void contents(JsonNode contents) {
        require(!contents.isEmpty(), "contents is not specified");
        int open = 0;
        for (JsonNode content : contents) {
            content("contents", content);
            require(
                    Set.of("user", "model").contains(content.path("role").asText()),
                    "Please use a valid role: user, model.");
            int results = count(content, "functionResponse");
            require(
                    results == open,
                    "Please ensure that the number of function response parts is equal to the number of function call parts of"
                            + " the function call turn.");
            open = count(content, "functionCall");
        }
        require(open == 0, "a function call without its response");
        require(
                contents.isEmpty()
                        || "user"
                                .equals(contents.get(contents.size() - 1)
                                        .path("role")
                                        .asText()),
                "Please ensure that the last turn is the user's.");
    }

    private void content(String place, JsonNode content) {
        known(place, content);
        boolean signed = true;
        boolean first = true;
        for (JsonNode part : content.path("parts")) {
            known("parts", part);
            known("functionCall", part.path("functionCall"));
            known("functionResponse", part.path("functionResponse"));
            require(
                    !part.path("text").isTextual()
                            || !part.path("text").textValue().isEmpty(),
                    "an empty text parameter");
            require(
                    !part.has("functionResponse")
                            || part.at("/functionResponse/response").isObject(),
                    "response: no object");
            require(!part.has("inlineData") || part.at("/inlineData/mimeType").isTextual(), "inlineData: no MIME type");
            if (part.has("functionCall")) {
                signed &= !first || part.has("thoughtSignature");
                first = false;
            }
        }
        require(signed, "Function call is missing a thought_signature in functionCall parts.");
    }

    private static int count(JsonNode content, String kind) {
        int count = 0;
        for (JsonNode part : content.path("parts")) {
            count += part.has(kind) ? 1 : 0;
        }
        return count;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds && objection.isEmpty()) {
            objection = otherwise;
        }
    }
}
