package openledger.verifier;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * A node of the chain, asked by JSON-RPC. All questions go in one trip if the node takes that, else one by one. Blocks; fails with {@link
 * NodeSilence} only. Thread-safe.
 */
final class RpcNode implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int LARGEST = 8 << 20;
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 100;
    private static final int OK = 200;
    /** Some nodes send a JSON-RPC error with it. */
    private static final int BAD_REQUEST = 400;
    /** A kept connection may have been closed by the node a moment ago, so it is asked again. */
    private static final int TRIES = 2;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .build();

    private final URI address;
    private final BoundedHttp http;
    private final String shown;
    private volatile boolean isOneByOne;

    /**
     * A node that is not asked yet.
     *
     * @throws IllegalArgumentException if the address is not one of http or https; it is not repeated, for it often holds a key
     */
    RpcNode(URI address, BoundedHttp http) {
        if (!BoundedHttp.isUsable(address)) {
            throw new IllegalArgumentException("a node's address begins with http:// or https://, and has no user");
        }
        this.address = address;
        this.http = http;
        this.shown = BoundedHttp.shown(address);
    }

    /** A method with its parameters: texts, truths, and lists and maps of these. */
    record Question(String method, List<?> parameters) {
        static Question of(String method, Object... parameters) {
            return new Question(method, List.of(parameters));
        }
    }

    /**
     * The answers, in the order of the questions.
     *
     * @param until {@link System#nanoTime} by which all have to be there
     */
    List<NodeAnswer> ask(List<Question> questions, long until) {
        if (!isOneByOne) {
            ArrayNode batch = JSON.createArrayNode();
            for (int id = 0; id < questions.size(); id++) {
                batch.add(tree(questions.get(id), id));
            }
            JsonNode together = post(batch, until);
            if (together.isArray()) {
                return matched(questions.size(), together);
            }
            isOneByOne = true;
        }
        List<NodeAnswer> answers = new ArrayList<>();
        for (Question question : questions) {
            answers.add(ask(question, until));
        }
        return answers;
    }

    NodeAnswer ask(Question question, long until) {
        NodeAnswer answer = answer(post(tree(question, 0), until));
        if (!answer.node().has("error") && answer.node().path("id").asLong(-1) != 0) {
            throw new NodeSilence("a node returned the answer to another request");
        }
        return answer;
    }

    private static ObjectNode tree(Question question, int id) {
        return JSON.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("method", question.method)
                .put("id", id)
                .set("params", JSON.valueToTree(question.parameters));
    }

    /** Answers of a batch come in any order. */
    private static List<NodeAnswer> matched(int count, JsonNode answers) {
        Map<Long, JsonNode> byId = new HashMap<>();
        for (JsonNode answer : answers) {
            byId.put(answer.path("id").asLong(-1), answer);
        }
        List<NodeAnswer> matched = new ArrayList<>(count);
        for (long id = 0; id < count; id++) {
            JsonNode found = byId.get(id);
            if (found == null) {
                throw new NodeSilence("a node left out an answer of a batch");
            }
            matched.add(answer(found));
        }
        return matched;
    }

    private static NodeAnswer answer(JsonNode tree) {
        if (!tree.isObject()) {
            throw invalid();
        }
        return new NodeAnswer(tree);
    }

    private JsonNode post(JsonNode question, long until) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .header("user-agent", "openledger")
                .POST(HttpRequest.BodyPublishers.ofString(question.toString()))
                .build();
        for (int left = TRIES - 1; ; left--) {
            try {
                return json(
                        http.send(request, remaining(until), LARGEST, status -> status == OK || status == BAD_REQUEST));
            } catch (IOException lost) {
                if (left == 0) {
                    throw new NodeSilence("no node answers: " + shown + " is not reachable, or hung up");
                }
            } catch (TimeoutException late) {
                throw new NodeSilence("no node answers: " + shown + " did not answer in time");
            } catch (InterruptedException givenUp) {
                Thread.currentThread().interrupt();
                throw new NodeSilence("the question was given up");
            }
        }
    }

    private static Duration remaining(long until) {
        long nanos = Math.max(1_000_000, until - System.nanoTime());
        return nanos < LONGEST.toNanos() ? Duration.ofNanos(nanos) : LONGEST;
    }

    private JsonNode json(BoundedHttp.Answer answer) {
        if (answer.status() != OK && answer.status() != BAD_REQUEST) {
            throw new NodeSilence("no node answers: " + shown + " answered with status " + answer.status());
        }
        byte[] body = answer.body()
                .orElseThrow(() ->
                        new NodeSilence("no node answers: " + shown + " answered more than " + LARGEST + " bytes"));
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException noJson) {
            // Not with the parser's words: they quote what the node said.
            throw invalid();
        } catch (IOException noText) {
            throw invalid();
        }
    }

    private static NodeSilence invalid() {
        return new NodeSilence("a node returned an invalid JSON-RPC answer");
    }

    @Override
    public void close() {
        http.close();
    }
}
