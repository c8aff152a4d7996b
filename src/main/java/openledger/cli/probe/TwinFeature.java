package openledger.cli.probe;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.fairness.twin.TwinOutcome;

/** In what the twins of a pair differ. */
sealed interface TwinFeature {
    /** In nothing: a test of the test. */
    record Nothing() implements TwinFeature {}

    /** The first has the first key, the second the second. */
    record Key() implements TwinFeature {}

    /** Each has a value of its own of a header. */
    record Header(String name, String first, String second) implements TwinFeature {}

    /** Each has another {@code user}. */
    record User(String first, String second) implements TwinFeature {}

    /** The second has a longer prompt. */
    record Prompt() implements TwinFeature {}

    /** The second is streamed. */
    record Stream() implements TwinFeature {}

    /** The second is sent when the first has ended. */
    record Position() implements TwinFeature {}

    /** What a fair endpoint would not let depend on it: a longer prompt may take longer, and a stream may say fewer things. */
    default Set<TwinOutcome> tested() {
        return switch (this) {
            case Nothing _, Key _, Header _, User _, Position _ -> EnumSet.allOf(TwinOutcome.class);
            case Prompt _ -> EnumSet.of(TwinOutcome.REFUSALS, TwinOutcome.MODEL, TwinOutcome.RETRIES);
            case Stream _ -> EnumSet.of(TwinOutcome.REFUSALS, TwinOutcome.MODEL, TwinOutcome.RETRIES, TwinOutcome.TIME);
        };
    }

    /** The twins, in words. */
    default String words() {
        return switch (this) {
            case Nothing _ -> "nothing: both are the same";
            case Key _ -> "the key";
            case Header(var name, var first, var second) -> "the header " + name + ": " + first + " or " + second;
            case User(var first, var second) -> "the user: " + first + " or " + second;
            case Prompt _ -> "the prompt: short or long";
            case Stream _ -> "the form: whole or streamed";
            case Position _ -> "the position: first or second of two";
        };
    }

    /** Reads the words of {@code --vary}; empty if they are none. */
    static Optional<TwinFeature> parse(String text) {
        Matcher header = Words.HEADER.matcher(text);
        Matcher user = Words.USER.matcher(text);
        if (header.matches()) {
            return Optional.of(new Header(header.group(1), header.group(2), header.group(3)));
        }
        if (user.matches()) {
            return Optional.of(new User(user.group(1), user.group(2)));
        }
        return switch (text) {
            case "nothing" -> Optional.of(new Nothing());
            case "key" -> Optional.of(new Key());
            case "prompt" -> Optional.of(new Prompt());
            case "stream" -> Optional.of(new Stream());
            case "position" -> Optional.of(new Position());
            default -> Optional.empty();
        };
    }

    /** Forms of features that have values. */
    final class Words {
        private static final Pattern HEADER =
                Pattern.compile("header:([A-Za-z0-9-]{1,64})=([!-+\\--~]{1,128}),([!-+\\--~]{1,128})");
        private static final Pattern USER = Pattern.compile("user=([!-+\\--~]{1,128}),([!-+\\--~]{1,128})");

        private Words() {}
    }
}
