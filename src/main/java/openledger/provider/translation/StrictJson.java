package openledger.provider.translation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * JSON as translations read and write it: a repeated member is an error, numbers keep every digit, and half a surrogate pair stays as it
 * was, because only the receiver can judge it.
 */
public final class StrictJson {
    private static final int DEEPEST = 512;
    /** A tree takes up to 64 bytes a token, however short its text is. */
    private static final long MOST_TOKENS = 500_000;

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_PATH = 10;
    /** Bytes from which an encoding is guessed. */
    private static final int LONGEST_MARK = 4;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final ObjectWriter ESCAPING = JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private StrictJson() {}

    /** The text is not one JSON value, or says a member twice. */
    public static final class Malformed extends Exception {
        private final String place;

        private Malformed(String place, Throwable cause) {
            super("malformed JSON", cause, false, false);
            this.place = place;
        }

        /** Dotted name of where, empty if it is the whole. */
        String place() {
            return place;
        }
    }

    public static JsonNode read(byte[] text) throws Malformed {
        requireNoOtherEncoding(text);
        try (JsonParser parser = JSON.createParser(text)) {
            return read(parser);
        } catch (IOException e) {
            throw new Malformed("", e);
        }
    }

    public static JsonNode read(String text) throws Malformed {
        requireHexDigits(text);
        try (JsonParser parser = JSON.createParser(text)) {
            return read(parser);
        } catch (IOException e) {
            throw new Malformed("", e);
        }
    }

    /** Jackson would guess UTF-16 or UTF-32 from the first bytes; JSON is UTF-8 (RFC 8259, section 8.1). */
    private static void requireNoOtherEncoding(byte[] text) throws Malformed {
        for (int i = 0; i < Math.min(text.length, LONGEST_MARK); i++) {
            if (text[i] == 0 || text[i] == (byte) 0xfe || text[i] == (byte) 0xff) {
                throw new Malformed("", new IOException("not UTF-8"));
            }
        }
    }

    /** Of the characters of a text, unlike of its bytes, Jackson takes some for hexadecimal digits that are none. */
    private static void requireHexDigits(String text) throws Malformed {
        for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
            for (int i = at + 2; text.startsWith("u", at + 1) && i < Math.min(text.length(), at + 6); i++) {
                if (!HexFormat.isHexDigit(text.charAt(i))) {
                    throw new Malformed("", new IOException("no hexadecimal digit"));
                }
            }
        }
    }

    private static JsonNode read(JsonParser parser) throws Malformed {
        try {
            JsonNode root = JSON.readTree(parser);
            if (root == null || parser.nextToken() != null) {
                throw new Malformed("", new IOException("not one value"));
            }
            return root;
        } catch (IOException e) {
            throw new Malformed(place(parser.getParsingContext()), e);
        }
    }

    public static Buffer write(JsonNode node) {
        try {
            return Buffer.buffer(JSON.writeValueAsBytes(node));
        } catch (JsonProcessingException brokenPair) {
            try {
                return Buffer.buffer(ESCAPING.writeValueAsBytes(node));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a tree that was read can be written", e);
            }
        }
    }

    /** A member's name as it may stand in a message: short and printable. */
    static String printable(String name) {
        String shown = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
        return shown.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
    }

    private static String place(JsonStreamContext innermost) {
        List<String> parts = new ArrayList<>();
        for (JsonStreamContext at = innermost; at != null && !at.inRoot(); at = at.getParent()) {
            if (at.inArray()) {
                parts.addFirst("[" + at.getCurrentIndex() + "]");
            } else if (at.getCurrentName() != null) {
                parts.addFirst("." + printable(at.getCurrentName()));
            }
        }
        String path = String.join("", parts.subList(0, Math.min(parts.size(), LONGEST_PATH)));
        return path.startsWith(".") ? path.substring(1) : path;
    }
}
