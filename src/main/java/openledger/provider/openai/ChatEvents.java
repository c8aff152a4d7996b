package openledger.provider.openai;

import static openledger.provider.sse.EventLines.skipSpace;
import static openledger.provider.sse.EventLines.startsWith;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import openledger.provider.answer.OwnMember;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.sse.EventLines;
import openledger.provider.sse.EventLines.Step;
import openledger.provider.translation.Translation.UsageChunk;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream of chat completion chunks go by, event by event (WHATWG HTML, section 9.2): when its content begins, whether it
 * carries an error, how it ends. Whole events pass unchanged and at once. Those that end it, which say why it ended or what it took,
 * wait for the end, since our facts go into the last of them; an error and {@code [DONE]} are withheld. A member {@code openledger} of the
 * provider's is cut: only the router says what a request's facts are. Confined to one thread.
 *
 * <p>Before the content has begun each event is parsed; afterwards only one in which a member stands that matters. Long because the
 * whole of a chat stream is read here.
 */
final class ChatEvents implements EventLines.Reader {
    private static final byte[] DATA = EventLines.ascii("data:");
    private static final byte[] EVENT = EventLines.ascii("event:");
    private static final byte[] ERROR = EventLines.ascii("error");
    private static final byte[] DONE = EventLines.ascii("[DONE]");
    private static final JsonFactory JSON = new JsonFactory();
    private static final int FIRST_SIZE = 512;

    private final UsageChunk wanted;
    private final EventLines lines = new EventLines(this);
    private final OwnMember own = new OwnMember();
    private final ChatEnding ending = new ChatEnding();
    /** The data of the event that has begun, its lines joined by line feeds. */
    private byte[] data = new byte[FIRST_SIZE];

    private int size;
    private boolean hasData;
    private boolean namedError;
    private boolean namedOurs;
    private @Nullable Buffer instead;
    private boolean contentSeen;
    private boolean errorSeen;
    private boolean doneSeen;
    private boolean over;
    private boolean cutShort;
    private Buffer usage = Buffer.buffer();

    /**
     * Of a stream that is about to come.
     *
     * @param wanted whether the chunk that tells the usage, and has no choices, goes on to the client
     */
    ChatEvents(UsageChunk wanted) {
        this.wanted = wanted;
    }

    /** Something of the answer itself has gone by, not only roles, comments and empty deltas. */
    boolean contentSeen() {
        return contentSeen;
    }

    boolean errorSeen() {
        return errorSeen;
    }

    /** The event that was an error, as it came; empty if there was none. */
    Buffer error() {
        return errorSeen ? lines.withheld() : Buffer.buffer();
    }

    /** The chunk that tells the usage, if it was taken out; else empty. */
    Buffer usage() {
        return usage;
    }

    /** What the chunks say that they are of; empty if they do not say. */
    String model() {
        return ending.model();
    }

    boolean doneSeen() {
        return doneSeen;
    }

    /** All of the answer has come: it says so, or each of its choices says why it ended and nothing is begun after it. */
    boolean isWhole() {
        return !errorSeen && (doneSeen || (ending.isWhole() && !cutShort));
    }

    /** The events that end the answer, with {@code [DONE]}; of an answer that has none, a chunk that says nothing stands for them. */
    Buffer end() {
        Buffer held = lines.held();
        return (held.length() > 0 ? held.copy() : ending.silentChunk()).appendString(ResponseDecoder.DONE);
    }

    /** Memory of what waits for the end of its event, or of the answer. */
    int kept() {
        return lines.kept() + (data.length == FIRST_SIZE ? 0 : data.length);
    }

    /** Takes the next bytes; returns those that may be passed on, often the very same buffer. */
    Buffer accept(Buffer bytes) {
        Buffer passed = lines.accept(bytes);
        errorSeen |= lines.overflown();
        return passed;
    }

    /**
     * The bytes are over; returns those that may still be passed on. An event without its end is none (WHATWG HTML, section 9.2.6),
     * unless it says that this is the end.
     */
    Buffer finish() {
        Buffer last = lines.lastLines();
        over = true;
        lines.finishEvent();
        return last;
    }

    @Override
    public Step line(byte[] b, int start, int end) {
        if (start == end) {
            return endOfEvent();
        }
        if (startsWith(b, start, end, DATA)) {
            int from = start + DATA.length;
            append(b, from < end && b[from] == ' ' ? from + 1 : from, end);
        } else if (startsWith(b, start, end, EVENT)) {
            int from = skipSpace(b, start + EVENT.length, end);
            namedError = startsWith(b, from, end, ERROR) && from + ERROR.length == end;
            namedOurs = OwnMember.isType(new String(b, from, end - from, StandardCharsets.UTF_8).strip());
        }
        return Step.KEEP;
    }

    private void append(byte[] b, int from, int to) {
        int needed = size + 1 + to - from;
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, 2 * data.length));
        }
        if (hasData) {
            data[size++] = '\n';
        }
        hasData = true;
        own.accept(b, from, to);
        System.arraycopy(b, from, data, size, to - from);
        size += to - from;
    }

    private Step endOfEvent() {
        instead = null;
        Step step = over ? afterTheEnd() : namedError ? fail() : namedOurs ? cut() : hasData ? event() : silent();
        size = 0;
        hasData = false;
        namedError = false;
        namedOurs = false;
        own.reset();
        return step;
    }

    private Step afterTheEnd() {
        cutShort = hasData;
        return hasData && isDone() ? done() : Step.KEEP;
    }

    /** Keeps its place among what is held, if anything is. */
    private Step silent() {
        return lines.held().length() > 0 ? Step.HOLD : Step.PASS;
    }

    /** Nothing of the event goes out. */
    private Step cut() {
        instead = Buffer.buffer();
        return silent();
    }

    private Step fail() {
        errorSeen = true;
        return Step.STOP;
    }

    private Step done() {
        // Nothing but an end is no answer.
        errorSeen |= !contentSeen;
        doneSeen = !errorSeen;
        return Step.STOP;
    }

    private boolean isDone() {
        return startsWith(data, skipSpace(data, 0, size), size, DONE);
    }

    private Step event() {
        if (isDone()) {
            return done();
        }
        try {
            if (own.found()) {
                cutOwn();
                if (instead != null && instead.length() == 0) {
                    return silent();
                }
            }
            return !contentSeen || ChatEnding.mayBeIn(data, size) ? read() : Step.PASS;
        } catch (IOException e) {
            return fail();
        }
    }

    private Step read() throws IOException {
        ChatEnding.Chunk chunk = ending.read(data, size);
        if (chunk.isError()) {
            return fail();
        }
        contentSeen |= chunk.hasContent();
        if (chunk.isUsageAlone() && wanted == UsageChunk.LEFT_OUT) {
            usage = Buffer.buffer().appendBytes(data, 0, size);
            return cut();
        }
        return chunk.isEnding() ? Step.HOLD : Step.PASS;
    }

    /** The event goes out without our own member; not at all if nothing but an empty list of choices is left to say. */
    private void cutOwn() throws IOException {
        byte[] rest = OwnMember.cut(Arrays.copyOf(data, size));
        if (!saysSomething(rest)) {
            instead = Buffer.buffer();
            return;
        }
        String json = new String(rest, StandardCharsets.UTF_8).replaceAll("\\R", " ");
        instead = Buffer.buffer("data: " + json + "\n\n");
        data = rest;
        size = rest.length;
    }

    private static boolean saysSomething(byte[] chunk) throws IOException {
        try (JsonParser parser = JSON.createParser(chunk)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean isEmpty = value == JsonToken.VALUE_NULL
                        || (value == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.END_ARRAY);
                if (!isEmpty && !ChatEnding.DESCRIBING.contains(name)) {
                    return true;
                }
                parser.skipChildren();
            }
            return false;
        }
    }

    @Override
    public @Nullable Buffer instead() {
        return instead;
    }
}
