package openledger.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * What {@code clients/vectors/receipts.json} recorded of a real router and chain, and a node over HTTP that answers as that chain did. Of
 * what that chain was never asked, it has nothing.
 */
public final class RecordedChain implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final JsonNode recorded;
    private final Map<JsonNode, JsonNode> answers = new HashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** Changes an answer; is given the question as its member {@code question}. */
    public volatile UnaryOperator<ObjectNode> changed = answer -> answer;
    /** What it answers in place of everything; empty: the truth. */
    public volatile String always = "";

    public volatile boolean refusesBatches;

    public RecordedChain() throws IOException {
        recorded = JSON.readTree(Path.of("clients/vectors/receipts.json").toFile());
        for (JsonNode answer : recorded.get("answers")) {
            answers.put(key(answer), answer);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            JsonNode asked = JSON.readTree(exchange.getRequestBody());
            JsonNode said;
            if (asked.isArray() && refusesBatches) {
                said = JSON.createObjectNode()
                        .set("error", JSON.createObjectNode().put("message", "no batches"));
            } else if (asked.isArray()) {
                ArrayNode all = JSON.createArrayNode();
                asked.forEach(one -> all.add(answer(one)));
                said = all;
            } else {
                said = answer(asked);
            }
            byte[] bytes = always.isEmpty() ? JSON.writeValueAsBytes(said) : always.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    public URI rpc() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public long lane() {
        return recorded.get("lane").asLong();
    }

    /** The text of a genuine receipt. */
    public String genuine(String name) {
        for (JsonNode one : recorded.get("genuine")) {
            if (one.get("name").asText().equals(name)) {
                return one.get("receipt").asText();
            }
        }
        throw new IllegalArgumentException("there is no receipt " + name);
    }

    /** The text of a changed receipt: a genuine one, of which a part is exchanged. */
    public String forged(JsonNode forgery) {
        String text = recorded.get("genuine")
                .get(forgery.get("of").asInt())
                .get("receipt")
                .asText();
        int at = forgery.get("at").asInt();
        return text.substring(0, at)
                + forgery.get("put").asText()
                + text.substring(at + forgery.get("cut").asInt());
    }

    /** A promise that a router has signed: {@code body}, {@code nonce} and {@code header}. */
    public JsonNode promise() {
        return recorded.get("promises").get(0);
    }

    /** The header of the promise of the receipt "signed", whose request had the body of {@link #promise} and no nonce. */
    public String signedHeader() throws IOException {
        JsonNode receipt = JSON.readTree(genuine("signed"));
        JsonNode promise = receipt.get("promise");
        int kind = promise.get("kind").asText().equals("PLAN") ? 1 : 2;
        return "lane=" + promise.get("lane") + ", anchor_by=" + promise.get("anchor_by") + ", signed_at="
                + promise.get("signed_at") + ", kind=" + kind + ", signature=" + promise.get("signature")
                + ", chain_id=" + promise.get("chain_id") + ", registry=" + promise.get("registry") + ", request="
                + receipt.get("request") + ", request_key=" + promise.get("request_key") + ", leaf_hash="
                + promise.get("leaf_hash") + ", salt="
                + receipt.get("commitment").get("salt");
    }

    /** When that promise was signed, Unix seconds. */
    public long signedAt() throws IOException {
        return JSON.readTree(genuine("signed")).get("promise").get("signed_at").asLong();
    }

    /** Writes a receipt to a file. */
    public static Path file(Path folder, String receipt) throws IOException {
        return Files.writeString(folder.resolve("receipt.json"), receipt);
    }

    /** What a verifier is started with. */
    public List<String> options() {
        return List.of("--rpc", rpc().toString(), "--lane", Long.toString(lane()));
    }

    private static JsonNode key(JsonNode question) {
        return JSON.createArrayNode()
                .add(question.path("method").asText())
                .add(question.path("params").deepCopy());
    }

    private ObjectNode answer(JsonNode question) {
        ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", question.get("id"));
        JsonNode known = answers.get(key(question));
        if (known != null && known.has("error")) {
            answer.set("error", known.get("error"));
        } else {
            answer.set("result", known != null ? known.path("result") : nothing(question));
        }
        answer.set("question", question);
        ObjectNode told = changed.apply(answer);
        told.remove("question");
        return told;
    }

    private JsonNode nothing(JsonNode question) {
        return switch (question.path("method").asText()) {
            case "eth_call" -> JSON.getNodeFactory().textNode("0x" + "00".repeat(5 * 32));
            case "eth_getCode" -> JSON.getNodeFactory().textNode("0x");
            case "eth_getLogs" -> JSON.createArrayNode();
            default -> JSON.nullNode();
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
