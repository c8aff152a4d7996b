package openledger.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * How far a lane has been streamed.
 *
 * @param chunk of the journal, that the next decision is in or behind; 0 before the first
 * @param records of that chunk that are done with; intents count
 * @param level number of the last change of a batch's level that was streamed, 0 if none was
 * @param source of which database it is: lanes of two have the same numbers
 */
public record StreamCursor(long chunk, int records, long level, UUID source) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public StreamCursor {
        if (chunk < 0 || records < 0 || level < 0) {
            throw new IllegalArgumentException("a cursor is not below zero: " + chunk + ", " + records + ", " + level);
        }
    }

    /** Before everything. */
    public static StreamCursor start(UUID source) {
        return new StreamCursor(0, 0, 0, source);
    }

    /** The same, further on. */
    public StreamCursor at(long nextChunk, int doneOfIt, long lastLevel) {
        return new StreamCursor(nextChunk, doneOfIt, lastLevel, source);
    }

    /** JSON, UTF-8. */
    public byte[] encode() {
        return ("{\"record\":\"cursor\",\"chunk\":" + chunk + ",\"records\":" + records + ",\"level\":" + level
                        + ",\"source\":\"" + source + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads {@link #encode}; members that it does not know are passed over.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static StreamCursor decode(byte[] encoded) {
        try {
            JsonNode read = JSON.readTree(new String(encoded, StandardCharsets.UTF_8));
            if (!read.path("chunk").isIntegralNumber() || !read.path("source").isTextual()) {
                throw new IllegalArgumentException("this is no cursor of a stream");
            }
            return new StreamCursor(
                    read.get("chunk").longValue(),
                    read.path("records").intValue(),
                    read.path("level").longValue(),
                    UUID.fromString(read.get("source").textValue()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no cursor of a stream", e);
        }
    }
}
