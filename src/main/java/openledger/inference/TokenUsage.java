package openledger.inference;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tokens of one answer, as its provider counts them, each 0 or more; 0 as well where it does not say.
 *
 * @param input tokens of the prompt, those in the provider's cache included
 * @param cached of these, read from the cache
 * @param cacheWritten of these, written into the cache
 * @param output tokens of the answer, those that it reasons with included
 * @param reasoning of these, those that it reasons with
 */
public record TokenUsage(long input, long cached, long cacheWritten, long output, long reasoning) {
    /** Providers say it at the very end of an answer; further back it could be a model that talks about JSON. */
    private static final int TAIL = 2_048;

    private static final byte[] USAGE = ascii("\"usage\"");
    private static final byte[][] INPUT = {ascii("\"prompt_tokens\""), ascii("\"input_tokens\"")};
    private static final byte[][] OUTPUT = {ascii("\"completion_tokens\""), ascii("\"output_tokens\"")};
    private static final byte[][] CACHED = {ascii("\"cached_tokens\"")};
    private static final byte[][] REASONING = {ascii("\"reasoning_tokens\"")};
    /** Of the Messages API, whose input does not count them. */
    private static final byte[][] READ_BESIDE = {ascii("\"cache_read_input_tokens\"")};

    private static final byte[][] WRITTEN = {ascii("\"cache_write_tokens\"")};
    private static final byte[][] WRITTEN_BESIDE = {ascii("\"cache_creation_input_tokens\"")};

    /**
     * What the end of an answer says: the last member {@code usage} in its last 2,048 bytes, in the words of any dialect.
     *
     * @param end its last piece
     * @return empty if it does not say
     */
    static Optional<TokenUsage> saidIn(Buffer end) {
        int from = Math.max(0, end.length() - TAIL);
        byte[] tail = end.getBytes(from, end.length());
        int usage = lastIndexOf(tail, USAGE);
        if (usage < 0) {
            return Optional.empty();
        }
        long input = number(tail, usage, INPUT);
        long output = number(tail, usage, OUTPUT);
        if (input < 0 && output < 0) {
            return Optional.empty();
        }
        long read = count(tail, usage, READ_BESIDE);
        long written = count(tail, usage, WRITTEN_BESIDE);
        return Optional.of(new TokenUsage(
                Math.max(0, input) + read + written,
                read + count(tail, usage, CACHED),
                written + count(tail, usage, WRITTEN),
                Math.max(0, output),
                count(tail, usage, REASONING)));
    }

    private static long count(byte[] text, int from, byte[][] names) {
        return Math.max(0, number(text, from, names));
    }

    private static long number(byte[] text, int from, byte[][] names) {
        for (byte[] name : names) {
            int at = indexOf(text, name, from);
            if (at >= 0) {
                return number(text, at + name.length);
            }
        }
        return -1;
    }

    private static long number(byte[] text, int from) {
        int at = from;
        while (at < text.length && (text[at] == ' ' || text[at] == ':')) {
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

    private static int indexOf(byte[] text, byte[] word, int from) {
        for (int at = from; at + word.length <= text.length; at++) {
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
