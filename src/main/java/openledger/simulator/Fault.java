package openledger.simulator;

import java.time.Duration;
import java.util.Optional;

/** What a simulated provider does to one call instead of serving it well. */
public sealed interface Fault {
    /** Nothing: it serves. */
    record None() implements Fault {}

    /** A status with an OpenAI error body; {@code retryAfter} goes into the header. */
    record Status(int code, Optional<Duration> retryAfter) implements Fault {}

    /** A status whose message repeats the key it was called with, as careless providers do. */
    record LeakKey(int code) implements Fault {}

    /** A status with this JSON text, e.g. {@code reply 400 {"message":"no"}}. */
    record Reply(int code, String json) implements Fault {}

    /** The connection is closed without a byte. */
    record Drop() implements Fault {}

    /** Nothing ever comes, not even a head. */
    record Hang() implements Fault {}

    /** A head, {@code tokens} tokens, then silence; with 0 tokens a role and no content. */
    record HangAfter(int tokens) implements Fault {}

    /** The connection is closed after {@code tokens} tokens. */
    record CutAfter(int tokens) implements Fault {}

    /** The stream ends cleanly after {@code tokens} tokens, without {@code [DONE]}; a document in its middle. */
    record EndAfter(int tokens) implements Fault {}

    /** An error inside a 200, after {@code tokens} tokens. */
    record ErrorAfter(int tokens) implements Fault {}

    /** A 200 with a page of HTML. */
    record Garbage() implements Fault {}

    /** Serves, but the first token takes {@code extra} longer. */
    record SlowFirstToken(Duration extra) implements Fault {}

    /** Serves an answer of at least {@code bytes} bytes. */
    record Huge(int bytes) implements Fault {}

    /**
     * Reads the text form, e.g. {@code status 429 retry-after=2}, {@code hang}, {@code cut 3}.
     *
     * @throws IllegalArgumentException with the word that is not known
     */
    static Fault parse(String text) {
        String[] words = text.strip().split("\\s+");
        return switch (words[0]) {
            case "ok" -> new None();
            case "status" -> new Status(number(words, 1), retryAfter(words));
            case "leak-key" -> new LeakKey(number(words, 1));
            case "reply" -> new Reply(number(words, 1), text.strip().split("\\s+", 3)[2]);
            case "drop" -> new Drop();
            case "hang" -> new Hang();
            case "hang-after" -> new HangAfter(number(words, 1));
            case "cut" -> new CutAfter(number(words, 1));
            case "end" -> new EndAfter(number(words, 1));
            case "error" -> new ErrorAfter(number(words, 1));
            case "garbage" -> new Garbage();
            case "slow" -> new SlowFirstToken(Duration.ofMillis(number(words, 1)));
            case "huge" -> new Huge(number(words, 1));
            default -> throw new IllegalArgumentException("unknown fault '" + words[0] + "'");
        };
    }

    private static Optional<Duration> retryAfter(String[] words) {
        String name = "retry-after=";
        return words.length > 2 && words[2].startsWith(name)
                ? Optional.of(Duration.ofSeconds(Long.parseLong(words[2].substring(name.length()))))
                : Optional.empty();
    }

    private static int number(String[] words, int at) {
        if (at >= words.length) {
            throw new IllegalArgumentException("'" + words[0] + "' needs a number");
        }
        try {
            return Integer.parseInt(words[at]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + words[0] + "' needs a number, not '" + words[at] + "'", e);
        }
    }
}
