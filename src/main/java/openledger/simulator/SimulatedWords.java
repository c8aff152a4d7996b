package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import openledger.simulator.MemberRules.Objection;

/** The text of a simulated provider in any dialect: a sentence of numbered words. It also reads and writes JSON. */
final class SimulatedWords {
    /** Tokens of any prompt. */
    static final int PROMPT_TOKENS = 9;

    /** What any tool is called with. */
    static final String ARGUMENTS = "{\"city\":\"Bern\"}";

    /** When any answer was made: seconds since 1970. */
    static final long CREATED = 1_700_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private final ProviderSpec spec;

    SimulatedWords(ProviderSpec spec) {
        this.spec = spec;
    }

    String name() {
        return spec.name();
    }

    int tokens() {
        return spec.tokens();
    }

    String sentence() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < spec.tokens(); i++) {
            text.append(word(i));
        }
        return text.toString();
    }

    String word(int index) {
        if (spec.pace().map(TokenPace::text).orElse(TokenPace.Text.NUMBER) == TokenPace.Text.SEND_TIME) {
            return "@" + System.nanoTime() + " ";
        }
        return index == 0 ? spec.name() : " " + index;
    }

    /** The body; missing if it is not JSON. */
    static JsonNode read(Buffer body) {
        try {
            return JSON.readTree(body.getBytes());
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Buffer document(ObjectNode root) {
        return Buffer.buffer(root.toString());
    }

    /** A server-sent event without a name. */
    static Buffer event(ObjectNode data) {
        return Buffer.buffer("data: " + data + "\n\n");
    }

    /** A server-sent event named for its data's {@code type}. */
    static Buffer typedEvent(ObjectNode data) {
        return Buffer.buffer("event: " + data.path("type").asText() + "\ndata: " + data + "\n\n");
    }

    /** OpenAI's body for a status. */
    static Buffer openAiError(int status, String message, String param) {
        return openAiError(status, message, param, "simulated_" + status);
    }

    /** OpenAI's body for a request that it refuses. */
    static Buffer openAiRefusal(Objection objection) {
        return openAiError(400, objection.message(), objection.member(), objection.code());
    }

    private static Buffer openAiError(int status, String message, String param, String code) {
        ObjectNode root = object();
        root.putObject("error")
                .put("message", message)
                .put("type", status < 500 ? "invalid_request_error" : "server_error")
                .put("param", param.isEmpty() ? null : param)
                .put("code", code);
        return document(root);
    }

    /** OpenAI's error inside a success. */
    static ObjectNode openAiOverload() {
        ObjectNode root = object();
        root.putObject("error")
                .put("message", "simulated overload")
                .put("type", "server_error")
                .putNull("param")
                .put("code", "overloaded");
        return root;
    }
}
