package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** OpenAI's embeddings: the same unit vector for the same input, model or encoding aside. There is no stream of them. */
final class EmbeddingsAnswers implements SimulatedDialect {
    private static final int DIMENSIONS = 16;
    private static final int MOST_DIMENSIONS = 4_096;

    private enum Encoding {
        FLOAT,
        BASE64
    }

    @Override
    public String path() {
        return "/v1/embeddings";
    }

    @Override
    public Optional<Buffer> refusal(HttpServerRequest request, JsonNode root) {
        return MemberRules.ofBody(root)
                .text("model")
                .needed("input")
                .textOrList("input")
                .filled("input")
                .integer("dimensions", 1)
                .objection()
                .map(SimulatedWords::openAiRefusal);
    }

    @Override
    public SimulatedAnswer to(HttpServerRequest request, JsonNode root) {
        return new Answer(
                root.path("model").asText("?"),
                inputs(root.path("input")),
                "base64".equals(root.path("encoding_format").asText()) ? Encoding.BASE64 : Encoding.FLOAT,
                Math.clamp(root.path("dimensions").asInt(DIMENSIONS), 1, MOST_DIMENSIONS));
    }

    /** A text, a list of texts, a list of tokens, or a list of lists of tokens. */
    private static List<String> inputs(JsonNode input) {
        if (!input.isArray() || input.path(0).isNumber()) {
            return List.of(input.toString());
        }
        List<String> inputs = new ArrayList<>();
        input.forEach(one -> inputs.add(one.toString()));
        return inputs;
    }

    @Override
    public Buffer error(int status, String message) {
        return SimulatedWords.openAiError(status, message, "input");
    }

    private static float[] vector(String input, int dimensions) {
        Random random = new Random(input.hashCode());
        float[] vector = new float[dimensions];
        double square = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            square += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    /** Little-endian, as OpenAI does. */
    private static String packed(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** To one request. */
    private record Answer(String model, List<String> inputs, Encoding encoding, int dimensions)
            implements SimulatedAnswer {
        @Override
        public Buffer document() {
            return SimulatedWords.document(answer());
        }

        /** A member that nobody knows makes up the size, and clients have to bear it. */
        @Override
        public Buffer huge(int bytes) {
            return SimulatedWords.document(answer().put("padding", "x".repeat(bytes)));
        }

        private ObjectNode answer() {
            ObjectNode root = SimulatedWords.object().put("object", "list");
            ArrayNode data = root.putArray("data");
            for (String input : inputs) {
                ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
                float[] vector = vector(input, dimensions);
                if (encoding == Encoding.BASE64) {
                    entry.put("embedding", packed(vector));
                } else {
                    ArrayNode values = entry.putArray("embedding");
                    for (float value : vector) {
                        values.add(value);
                    }
                }
            }
            root.put("model", model);
            int tokens = SimulatedWords.PROMPT_TOKENS * inputs.size();
            root.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
            return root;
        }

        @Override
        public Buffer errorDocument() {
            return SimulatedWords.document(SimulatedWords.openAiOverload());
        }
    }
}
