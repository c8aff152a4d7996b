package openledger.provider;

import static openledger.provider.EventLines.skipSpace;
import static openledger.provider.EventLines.startsWith;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import openledger.provider.EventLines.Step;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream of OpenAI's server-sent events go by, line by line: when its content begins, whether it carries an
 * error, where it says {@code [DONE]}. Bytes are passed on unchanged, up to the end of the last whole line; an error's
 * line and the final {@code [DONE]} are withheld. A member {@code openledger} of the provider's is cut: only the router says what a
 * request's facts are. Confined to one thread.
 */
final class SseScan {
    private static final byte[] DATA = EventLines.ascii("data:");
    private static final byte[] DONE = EventLines.ascii("[DONE]");
    private static final byte[] EVENT_ERROR = EventLines.ascii("event:error");
    private static final byte[] EVENT_ERROR_SPACED = EventLines.ascii("event: error");
    private static final byte[] ERROR_MEMBER = EventLines.ascii("\"error\"");
    private static final byte[] NULL = EventLines.ascii("null");
    private static final JsonFactory JSON = new JsonFactory();
    /** Bytes of a data line beside its data. */
    private static final int DATA_LINE = 7;
    /** What a chunk says of itself, whatever else it has to say. */
    private static final Set<String> DESCRIBING =
            Set.of("id", "object", "created", "model", "system_fingerprint", "service_tier");

    private final EventLines lines = new EventLines(new EventLines.Reader() {
        @Override
        public Step line(byte[] b, int start, int end) {
            return SseScan.this.line(b, start, end);
        }

        @Override
        public @Nullable Buffer instead() {
            return instead;
        }
    });
    private final OwnMember own = new OwnMember();
    private int dataLines;
    private @Nullable Buffer instead;
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

    /** Memory of the bytes that wait for the end of their line or event. */
    int kept() {
        return lines.kept();
    }

    /** Takes the next bytes; returns those that may be passed on, often the very same buffer. */
    Buffer accept(Buffer bytes) {
        Buffer passed = lines.accept(bytes);
        errorSeen |= lines.overflown();
        return passed;
    }

    /** The stream is over: a last line may lack its end. Returns what may be passed on. */
    Buffer finish() {
        return lines.finish();
    }

    private Step line(byte[] b, int start, int end) {
        read(b, start, end);
        return doneSeen || errorSeen ? Step.STOP : Step.PASS;
    }

    private void read(byte[] b, int start, int end) {
        instead = null;
        if (start == end) {
            own.reset();
            dataLines = 0;
            return;
        }
        if (startsWith(b, start, end, EVENT_ERROR) || startsWith(b, start, end, EVENT_ERROR_SPACED)) {
            errorSeen = true;
            return;
        }
        if (!startsWith(b, start, end, DATA)) {
            return;
        }
        int from = skipSpace(b, start + DATA.length, end);
        dataLines++;
        own.accept(b, from, end);
        if (startsWith(b, from, end, DONE)) {
            doneSeen = true;
            contentSeen = true;
        } else if (own.found()) {
            cutOwn(b, from, end);
        } else if (from < end && b[from] == '{' && beginsWithError(b, skipSpace(b, from + 1, end), end)) {
            errorSeen = true;
        } else if (!contentSeen) {
            inspect(b, from, end);
        }
    }

    /** The line goes out without our own member; not at all if nothing but an empty list of choices is left to say. */
    private void cutOwn(byte[] b, int from, int end) {
        own.reset();
        try {
            if (dataLines > 1) {
                throw new IOException("its lines are read one by one");
            }
            byte[] rest = OwnMember.cut(Arrays.copyOfRange(b, from, end));
            boolean saysSomething = saysSomething(rest);
            instead = saysSomething
                    ? Buffer.buffer(rest.length + DATA_LINE)
                            .appendBytes(DATA)
                            .appendByte((byte) ' ')
                            .appendBytes(rest)
                            .appendByte((byte) '\n')
                    : Buffer.buffer();
            if (saysSomething && !contentSeen) {
                inspect(rest, 0, rest.length);
            }
        } catch (IOException e) {
            errorSeen = true;
        }
    }

    private static boolean saysSomething(byte[] chunk) throws IOException {
        try (JsonParser parser = JSON.createParser(chunk)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean isEmpty = value == JsonToken.VALUE_NULL
                        || (value == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.END_ARRAY);
                if (!isEmpty && !DESCRIBING.contains(name)) {
                    return true;
                }
                parser.skipChildren();
            }
            return false;
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
}
