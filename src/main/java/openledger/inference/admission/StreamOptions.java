package openledger.inference.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The member {@code stream_options} of a chat request: whether the client wants the usage of its stream. */
final class StreamOptions {
    /** The member with the comma before it. */
    static final byte[] MEMBER = ",\"stream_options\":{\"include_usage\":true}".getBytes(StandardCharsets.US_ASCII);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INCLUDE_USAGE = "include_usage";

    private StreamOptions() {}

    /** True if the value asks for it; false for what is no object as well, an empty text among it. */
    static boolean askForUsage(byte[] value) {
        return value.length > 0 && read(value).path(INCLUDE_USAGE).asBoolean();
    }

    /** The value asking for it; what is neither an object nor null is left for the provider to refuse. */
    static byte[] askingForUsage(byte[] value) {
        JsonNode said = read(value);
        if (!said.isObject() && !said.isNull()) {
            return value;
        }
        ObjectNode asking = said instanceof ObjectNode object ? object : JSON.createObjectNode();
        try {
            return JSON.writeValueAsBytes(asking.put(INCLUDE_USAGE, true));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode read(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException noJson) {
            // The scanner is stricter than this parser, but for numbers that are too long.
            return JSON.missingNode();
        }
    }
}
