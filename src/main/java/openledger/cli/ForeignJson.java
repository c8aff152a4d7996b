package openledger.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Reads JSON that may come from anybody: bounded in depth and in the length of each value, and never quoted in error messages. */
public final class ForeignJson {
    private static final int DEEPEST = 32;
    private static final int LONGEST_TEXT = 1 << 16;
    private static final int LONGEST_NUMBER = 32;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_TEXT)
                            .maxNameLength(LONGEST_TEXT)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ForeignJson() {}

    /**
     * One object.
     *
     * @throws IOException with a reason for people, if it is none
     */
    public static JsonNode read(byte[] bytes) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "an answer is not one JSON object of " + DEEPEST
                            + " levels at most, with values of ordinary length",
                    e);
        }
        if (root == null || !root.isObject()) {
            throw new IOException("an answer is not a JSON object");
        }
        return root;
    }
}
