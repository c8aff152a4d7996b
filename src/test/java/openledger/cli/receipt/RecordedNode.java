package openledger.cli.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** A node on a free port that answers as the chain did of which {@code clients/vectors/receipts.json} is; what it was never asked it does not have. */
final class RecordedNode implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LANE_WORDS = 5;

    private final Map<String, JsonNode> answers = new HashMap<>();
    private final String registry;
    private final HttpServer server;

    RecordedNode(JsonNode recorded) throws IOException {
        recorded.get("answers").forEach(each -> answers.put(question(each), each.path("result")));
        registry = JSON.readTree(recorded.at("/genuine/0/receipt").asText())
                .at("/batch/registry")
                .asText();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
        JsonNode said = asked;
        if (asked.isArray()) {
            ArrayNode all = JSON.createArrayNode();
            asked.forEach(each -> all.add(answer(each)));
            said = all;
        } else {
            said = answer(asked);
        }
        byte[] body = JSON.writeValueAsBytes(said);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private ObjectNode answer(JsonNode asked) {
        JsonNode known = answers.get(question(asked));
        ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", asked.get("id"));
        answer.set("result", known == null ? nothing(asked) : known);
        return answer;
    }

    private JsonNode nothing(JsonNode asked) {
        return switch (asked.get("method").asText()) {
            case "eth_call" ->
                JSON.getNodeFactory()
                        .textNode(
                                registry.equals(asked.at("/params/0/to").asText())
                                        ? "0x" + "00".repeat(32 * LANE_WORDS)
                                        : "0x");
            case "eth_getCode" -> JSON.getNodeFactory().textNode("0x");
            case "eth_getLogs" -> JSON.createArrayNode();
            default -> JSON.nullNode();
        };
    }

    /** What is asked, however the asker writes it. */
    private static String question(JsonNode asked) {
        JsonNode first = asked.at("/params/0");
        String method = asked.get("method").asText();
        return switch (method) {
            case "eth_call" ->
                method + first.get("to").asText() + first.path("data").asText();
            case "eth_getLogs" -> method + first.get("address").asText() + first.get("topics");
            default -> method + asked.get("params");
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
