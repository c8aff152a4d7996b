package openledger.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Watches a stream of OpenAI's server-sent events go by, line by line: when its content begins, whether it carries an
 * error, where it says {@code [DONE]}. Bytes are passed on unchanged, up to the end of the last whole line; an error's
 * line and the final {@code [DONE]} are withheld. Confined to one thread.
 */
final class SseScan {
    private static final int LONGEST_LINE = 16 << 20;
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_ERROR = "event:error".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_ERROR_SPACED = "event: error".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERROR_MEMBER = "\"error\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];
    private static final JsonFactory JSON = new JsonFactory();

    private byte[] partial = NOTHING;
    private boolean contentSeen;
    private boolean errorSeen;
    private boolean doneSeen;

    /** Something of the answer itself has gone by, not only roles, comments and empty deltas. */
    boolean contentSeen() {
        return contentSeen;
    }

    boolean errorSeen() {
        return errorSeen;
    }

    boolean doneSeen() {
        return doneSeen;
    }

    /** Takes the next bytes; returns those that may be passed on, often the very same buffer. */
    Buffer accept(Buffer bytes) {
        if (doneSeen || errorSeen) {
            return Buffer.buffer();
        }
        byte[] data = bytes.getBytes();
        if (partial.length > 0) {
            byte[] joined = Arrays.copyOf(partial, partial.length + data.length);
            System.arraycopy(data, 0, joined, partial.length, data.length);
            data = joined;
        }
        int released = lines(data);
        boolean same = partial.length == 0 && released == data.length;
        partial = doneSeen || errorSeen ? NOTHING : Arrays.copyOfRange(data, released, data.length);
        if (partial.length > LONGEST_LINE) {
            errorSeen = true;
        }
        return same && data.length == bytes.length()
                ? bytes
                : Buffer.buffer(released).appendBytes(data, 0, released);
    }

    /** The stream is over: a last line may lack its end. Returns what may be passed on. */
    Buffer finish() {
        if (partial.length == 0 || doneSeen || errorSeen) {
            return Buffer.buffer();
        }
        byte[] last = partial;
        partial = NOTHING;
        line(last, 0, last.length);
        return doneSeen || errorSeen ? Buffer.buffer() : Buffer.buffer(last);
    }

    /** Reads whole lines; returns where the first byte stands that must not go out yet, or ever. */
    private int lines(byte[] data) {
        int start = 0;
        for (int i = 0; i < data.length; i++) {
            if (data[i] == '\n') {
                int end = i > start && data[i - 1] == '\r' ? i - 1 : i;
                line(data, start, end);
                if (doneSeen || errorSeen) {
                    return start;
                }
                start = i + 1;
            }
        }
        return start;
    }

    private void line(byte[] b, int start, int end) {
        if (startsWith(b, start, end, EVENT_ERROR) || startsWith(b, start, end, EVENT_ERROR_SPACED)) {
            errorSeen = true;
            return;
        }
        if (!startsWith(b, start, end, DATA)) {
            return;
        }
        int from = skipSpace(b, start + DATA.length, end);
        if (startsWith(b, from, end, DONE)) {
            doneSeen = true;
            contentSeen = true;
        } else if (from < end && b[from] == '{' && beginsWithError(b, skipSpace(b, from + 1, end), end)) {
            errorSeen = true;
        } else if (!contentSeen) {
            inspect(b, from, end);
        }
    }

    /** Before the content has begun each event is read properly; afterwards none is. */
    private void inspect(byte[] b, int from, int end) {
        try (JsonParser parser = JSON.createParser(b, from, end - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                contentSeen = true;
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if ("error".equals(name) && value != JsonToken.VALUE_NULL) {
                    errorSeen = true;
                    return;
                }
                if ("choices".equals(name) && value == JsonToken.START_ARRAY) {
                    contentSeen |= ChoicesContent.in(parser);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            errorSeen = true;
        }
    }

    /** True if the first member is {@code error}, and not null. */
    private static boolean beginsWithError(byte[] b, int from, int end) {
        if (!startsWith(b, from, end, ERROR_MEMBER)) {
            return false;
        }
        int colon = skipSpace(b, from + ERROR_MEMBER.length, end);
        return colon < end && b[colon] == ':' && !startsWith(b, skipSpace(b, colon + 1, end), end, NULL);
    }

    private static boolean startsWith(byte[] b, int from, int end, byte[] word) {
        return end - from >= word.length && Arrays.equals(b, from, from + word.length, word, 0, word.length);
    }

    private static int skipSpace(byte[] b, int from, int end) {
        int i = from;
        while (i < end && (b[i] == ' ' || b[i] == '\t')) {
            i++;
        }
        return i;
    }
}
