package openledger.chain.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import openledger.chain.rpc.RpcFailure.Kind;
import org.web3j.protocol.core.Request;

/** JSON to and from nodes. Unknown members of their answers are skipped; absent ones are null. */
public final class NodeJson {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 100;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private NodeJson() {}

    static Buffer write(Request<?, ?> question) {
        return bytes(tree(question), question.getMethod());
    }

    /** A batch of questions. */
    static Buffer write(List<? extends Request<?, ?>> questions) {
        ArrayNode batch = MAPPER.createArrayNode();
        questions.forEach(question -> batch.add(tree(question)));
        return bytes(batch, "a batch");
    }

    /** By name: Jackson would look at all methods of web3j's class, and some of them need RxJava, which is not packaged. */
    private static ObjectNode tree(Request<?, ?> question) {
        return MAPPER.createObjectNode()
                .put("jsonrpc", question.getJsonrpc())
                .put("method", question.getMethod())
                .put("id", question.getId())
                .set("params", MAPPER.valueToTree(question.getParams()));
    }

    private static Buffer bytes(JsonNode question, String name) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(question));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a JSON-RPC request cannot be written: " + name, e);
        }
    }

    /** Throws {@link RpcFailure} if it is none of that. */
    public static <T> T read(Buffer said, Class<T> type, String node) {
        try {
            return present(MAPPER.readValue(said.getBytes(), type), node);
        } catch (IOException e) {
            throw malformed(node);
        }
    }

    /** Throws {@link RpcFailure} if it is no JSON. */
    public static JsonNode tree(Buffer said, String node) {
        try {
            return present(MAPPER.readTree(said.getBytes()), node);
        } catch (IOException e) {
            throw malformed(node);
        }
    }

    /** Throws {@link RpcFailure} if it is none of that. */
    static <T> T read(JsonNode said, Class<T> type, String node) {
        try {
            return present(MAPPER.treeToValue(said, type), node);
        } catch (JsonProcessingException e) {
            throw malformed(node);
        }
    }

    private static <T> T present(T value, String node) {
        if (value == null) {
            throw malformed(node);
        }
        return value;
    }

    private static RpcFailure malformed(String node) {
        // Not with the parser's words: they quote what the node said.
        return new RpcFailure(Kind.NODE, node + " returned an invalid JSON-RPC answer");
    }
}
