package openledger.provider.sse;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of server-sent events into lines, however its bytes arrive, and passes on what its reader lets through.
 * Confined to one thread.
 */
public final class EventLines {
    private static final int MOST_PENDING = 16 << 20;
    private static final byte[] NOTHING = new byte[0];
    private static final String BLANK_LINE = "\n\n";
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Reader reader;
    private byte[] pending = NOTHING;
    private int filled;
    private int lineStart;
    private int scanned;
    private boolean over;
    private boolean stopped;
    private boolean overflown;
    private boolean begun;
    /** What goes out in place of the first bytes that are pending; null if they go out as they are. */
    private @Nullable Buffer edited;

    private int editedTo;
    private Buffer held = Buffer.buffer();
    private Buffer withheld = Buffer.buffer();

    public EventLines(Reader reader) {
        this.reader = reader;
    }

    /** What becomes of the bytes up to the end of a line. */
    public enum Step {
        /** They go out, with what was kept before them. */
        PASS,
        /** They wait for what a later line says. */
        KEEP,
        /** They are read to their end, and wait: until others pass, before which they go out, or for good. */
        HOLD,
        /** They are withheld with what was kept before them, and nothing after them is read. */
        STOP
    }

    /** Sees each line once, in order. */
    public interface Reader {
        /** Reads {@code b[start..end)}, a line without its end; the bytes are only lent. */
        Step line(byte[] b, int start, int end);

        /** What stands for the bytes that the last step let go or withheld; null for those bytes themselves. */
        default @Nullable Buffer instead() {
            return null;
        }
    }

    /** Takes the next bytes; returns those that go out, often the very same buffer. */
    public Buffer accept(Buffer bytes) {
        if (stopped) {
            return Buffer.buffer();
        }
        boolean fresh = filled == 0;
        append(bytes.getBytes());
        int passed = lines();
        Buffer out = edited != null
                ? edited.appendBytes(pending, editedTo, passed - editedTo)
                : fresh && passed == bytes.length()
                        ? bytes
                        : Buffer.buffer(passed).appendBytes(pending, 0, passed);
        edited = null;
        editedTo = 0;
        drop(passed);
        return out;
    }

    /** The bytes are over: a CR at their end is the end of a line. Returns what goes out. */
    public Buffer lastLines() {
        over = true;
        return filled == 0 ? Buffer.buffer() : accept(Buffer.buffer());
    }

    /** The bytes are over, and a last event may lack its end: it is read as if it had it, but does not go out. */
    public void finishEvent() {
        if (!stopped && filled > 0) {
            accept(Buffer.buffer(BLANK_LINE));
            stop(withheld);
        }
    }

    /** What the last {@code STOP} withheld; whole lines only, unless the bytes ended. */
    public Buffer withheld() {
        return withheld;
    }

    /** What the reader holds, as it would go out. */
    public Buffer held() {
        return held;
    }

    /** Memory of the bytes that wait for the end of their line or event, or for other events. */
    public int kept() {
        return pending.length + held.length();
    }

    /** More was kept than anyone should have to. */
    public boolean overflown() {
        return overflown;
    }

    /** Returns where the bytes end that go out. A line ends with LF, CR LF or CR, as the standard has it. */
    private int lines() {
        byte[] b = pending;
        int to = filled;
        int passed = 0;
        int i = scanned;
        while (i < to) {
            byte c = b[i];
            if (c != '\n' && c != '\r') {
                i++;
                continue;
            }
            if (c == '\r' && i + 1 == to && !over) {
                // Whether it ends alone or with LF is not known yet.
                break;
            }
            int next = c == '\r' && i + 1 < to && b[i + 1] == '\n' ? i + 2 : i + 1;
            Step step = reader.line(b, textStart(b), i);
            begun = true;
            lineStart = next;
            i = next;
            if (step == Step.PASS) {
                replace(b, passed);
                passed = next;
            } else if (step == Step.HOLD) {
                hold(b, passed);
                passed = next;
            } else if (step == Step.STOP) {
                stopped = true;
                Buffer instead = reader.instead();
                withheld = instead == null ? Buffer.buffer().appendBytes(b, passed, next - passed) : instead;
                return passed;
            }
        }
        scanned = i;
        return passed;
    }

    /** Puts in what the reader wants instead of the bytes from {@code passed} to the end of the last line. */
    private void replace(byte[] b, int passed) {
        Buffer instead = reader.instead();
        if (held.length() > 0) {
            edit(b, passed).appendBuffer(held).appendBuffer(text(instead, b, passed));
            held = Buffer.buffer();
        } else if (instead != null) {
            edit(b, passed).appendBuffer(instead);
        }
    }

    private void hold(byte[] b, int passed) {
        edit(b, passed);
        held.appendBuffer(text(reader.instead(), b, passed));
    }

    /** What goes out up to {@code passed}; it goes on behind the last line. */
    private Buffer edit(byte[] b, int passed) {
        Buffer before = edited == null ? Buffer.buffer() : edited;
        edited = before;
        before.appendBytes(b, editedTo, passed - editedTo);
        editedTo = lineStart;
        return before;
    }

    /** What the bytes from {@code passed} to the end of the last line come to. */
    private Buffer text(@Nullable Buffer instead, byte[] b, int passed) {
        return instead == null ? Buffer.buffer().appendBytes(b, passed, lineStart - passed) : instead;
    }

    /** A byte order mark before the first line is no part of it. */
    private int textStart(byte[] b) {
        return !begun && startsWith(b, lineStart, filled, BYTE_ORDER_MARK)
                ? lineStart + BYTE_ORDER_MARK.length
                : lineStart;
    }

    private void append(byte[] bytes) {
        if (filled == 0) {
            pending = bytes;
        } else {
            if (pending.length - filled < bytes.length) {
                pending = Arrays.copyOf(pending, Math.max(filled + bytes.length, 2 * filled));
            }
            System.arraycopy(bytes, 0, pending, filled, bytes.length);
        }
        filled += bytes.length;
    }

    private void drop(int passed) {
        if (stopped) {
            stop(withheld);
            return;
        }
        if (passed > 0) {
            pending = passed == filled ? NOTHING : Arrays.copyOfRange(pending, passed, filled);
            filled -= passed;
            lineStart -= passed;
            scanned -= passed;
        }
        if (filled > MOST_PENDING) {
            overflown = true;
            stop(Buffer.buffer());
        }
    }

    private void stop(Buffer kept) {
        stopped = true;
        withheld = kept;
        pending = NOTHING;
        filled = 0;
    }

    /** True if {@code b[from..end)} begins with the word. */
    public static boolean startsWith(byte[] b, int from, int end, byte[] word) {
        return end - from >= word.length && Arrays.equals(b, from, from + word.length, word, 0, word.length);
    }

    /** Where what follows blanks and tabs begins. */
    public static int skipSpace(byte[] b, int from, int end) {
        int i = from;
        while (i < end && (b[i] == ' ' || b[i] == '\t')) {
            i++;
        }
        return i;
    }

    /** The bytes of a word of US-ASCII. */
    public static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
