package openledger.bench.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Reads streamed answers over HTTP/1.1 as they arrive, byte by byte: head, chunks, lines of events. Finds the send times
 * that a simulated provider with {@code send-times} puts into its tokens. One after the other; not thread-safe.
 */
final class StreamFraming {
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int HEX = 16;
    private static final byte[] STAMP = "\"content\":\"@".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

    private final byte[] line = new byte[LONGEST_LINE];
    private final byte[] event = new byte[LONGEST_LINE];
    private int lineLength;
    private int eventLength;
    private Part part = Part.STATUS;
    private int left;
    private boolean done;

    private enum Part {
        STATUS,
        HEAD,
        SIZE,
        DATA,
        AFTER_DATA,
        TRAILER
    }

    /** How a stream stands. */
    enum State {
        OPEN,
        /** It ended with {@code [DONE]}. */
        WHOLE,
        /** Not a 200 in chunks, or ended without {@code [DONE]}. */
        BROKEN
    }

    /** Takes what has arrived, up to the end of an answer, and tells {@code sent} each send time in it, nanoseconds. */
    State accept(ByteBuffer in, LongConsumer sent) {
        State state = State.OPEN;
        while (in.hasRemaining() && state == State.OPEN) {
            byte next = in.get();
            if (part == Part.DATA) {
                data(next, sent);
            } else if (next == '\n') {
                state = line();
                lineLength = 0;
            } else if (next != '\r' && lineLength < LONGEST_LINE) {
                line[lineLength++] = next;
            }
        }
        return state;
    }

    private State line() {
        switch (part) {
            case STATUS -> {
                if (!text().startsWith("HTTP/1.1 200")) {
                    return State.BROKEN;
                }
                part = Part.HEAD;
            }
            case HEAD -> {
                if (text().regionMatches(true, 0, "content-length:", 0, "content-length:".length())) {
                    return State.BROKEN;
                }
                part = lineLength == 0 ? Part.SIZE : Part.HEAD;
            }
            case SIZE -> {
                left = Integer.parseInt(text().strip(), HEX);
                part = left == 0 ? Part.TRAILER : Part.DATA;
            }
            case AFTER_DATA -> part = Part.SIZE;
            case TRAILER -> {
                return lineLength == 0 ? end() : State.OPEN;
            }
            case DATA -> throw new IllegalStateException("data are not lines");
        }
        return State.OPEN;
    }

    private State end() {
        State state = done ? State.WHOLE : State.BROKEN;
        part = Part.STATUS;
        eventLength = 0;
        done = false;
        return state;
    }

    private void data(byte next, LongConsumer sent) {
        if (next == '\n') {
            event(sent);
            eventLength = 0;
        } else if (eventLength < LONGEST_LINE) {
            event[eventLength++] = next;
        }
        if (--left == 0) {
            part = Part.AFTER_DATA;
        }
    }

    private void event(LongConsumer sent) {
        done |= matches(DONE, 0);
        for (int at = 0; at + STAMP.length < eventLength; at++) {
            if (event[at] == '"' && matches(STAMP, at)) {
                sent.accept(number(at + STAMP.length));
                return;
            }
        }
    }

    private long number(int from) {
        long value = 0;
        for (int at = from; at < eventLength && event[at] >= '0' && event[at] <= '9'; at++) {
            value = value * 10 + event[at] - '0';
        }
        return value;
    }

    private boolean matches(byte[] what, int at) {
        if (eventLength - at < what.length) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            if (event[at + i] != what[i]) {
                return false;
            }
        }
        return true;
    }

    private String text() {
        return new String(line, 0, lineLength, StandardCharsets.US_ASCII);
    }
}
