package openledger.provider.answer;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import openledger.inference.record.TokenUsage;

/** The usage that an answer reports, in the form of chat completions, Responses or Messages. */
public final class SaidUsage {
    /** Providers say it at the very end of an answer; further back it could be a model that talks about JSON. */
    private static final int TAIL = 2_048;

    private static final byte[] USAGE = ascii("\"usage\"");
    private static final int PROMPT = 0;
    private static final int INPUT = 1;
    private static final int COMPLETION = 2;
    private static final int OUTPUT = 3;
    private static final int CACHED = 4;
    private static final int REASONING = 5;
    private static final int WRITTEN = 6;
    /** Of the Messages API, whose input does not count them. */
    private static final int READ_BESIDE = 7;

    private static final int WRITTEN_BESIDE = 8;
    private static final byte[][] NAMES = {
        ascii("prompt_tokens"),
        ascii("input_tokens"),
        ascii("completion_tokens"),
        ascii("output_tokens"),
        ascii("cached_tokens"),
        ascii("reasoning_tokens"),
        ascii("cache_write_tokens"),
        ascii("cache_read_input_tokens"),
        ascii("cache_creation_input_tokens")
    };

    private SaidUsage() {}

    /**
     * What the end of an answer says: the last member {@code usage} in its last 2,048 bytes, in the words of any dialect.
     *
     * @param end its last piece
     * @return empty if it does not say
     */
    public static Optional<TokenUsage> in(Buffer end) {
        int from = Math.max(0, end.length() - TAIL);
        byte[] tail = end.getBytes(from, end.length());
        int usage = lastIndexOf(tail, USAGE);
        if (usage < 0) {
            return Optional.empty();
        }
        long[] said = said(tail, usage + USAGE.length);
        long input = Math.max(said[PROMPT], said[INPUT]);
        long output = Math.max(said[COMPLETION], said[OUTPUT]);
        if (input < 0 && output < 0) {
            return Optional.empty();
        }
        long beside = Math.max(0, said[READ_BESIDE]) + Math.max(0, said[WRITTEN_BESIDE]);
        return Optional.of(new TokenUsage(
                input < 0 ? TokenUsage.UNKNOWN : input + beside,
                Math.max(said[READ_BESIDE], said[CACHED]),
                Math.max(said[WRITTEN_BESIDE], said[WRITTEN]),
                output,
                said[REASONING]));
    }

    /** What each name stands before for the first time, -1 for those that are not there: one pass, since this is done for each answer. */
    private static long[] said(byte[] text, int from) {
        long[] said = new long[NAMES.length];
        Arrays.fill(said, -1);
        int at = from;
        while (at < text.length) {
            if (text[at++] == '"') {
                int end = endOfText(text, at);
                int name = nameAt(text, at, end);
                at = end + 1;
                if (name >= 0 && said[name] < 0) {
                    said[name] = number(text, at);
                }
            }
        }
        return said;
    }

    private static int endOfText(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, text.length);
    }

    private static int nameAt(byte[] text, int from, int to) {
        for (int name = 0; name < NAMES.length; name++) {
            if (NAMES[name].length == to - from && isAt(text, from, NAMES[name])) {
                return name;
            }
        }
        return -1;
    }

    private static long number(byte[] text, int from) {
        int at = from;
        // Some write a number as a text.
        while (at < text.length && (text[at] == ' ' || text[at] == ':' || text[at] == '"')) {
            at++;
        }
        long value = -1;
        while (at < text.length && text[at] >= '0' && text[at] <= '9' && value < Integer.MAX_VALUE) {
            value = Math.max(0, value) * 10 + text[at++] - '0';
        }
        return value;
    }

    private static int lastIndexOf(byte[] text, byte[] word) {
        for (int at = text.length - word.length; at >= 0; at--) {
            if (isAt(text, at, word)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] text, int at, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (text[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
