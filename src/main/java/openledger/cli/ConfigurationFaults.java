package openledger.cli;

import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the framework finds wrong with a configuration before we see it, in the form of our own checks: the key and the reason. */
public final class ConfigurationFaults {
    private static final Pattern WRONG_TYPE = Pattern.compile(
            ".*SRCFG00039: The config property (\\S+) with the config value \"(.*)\" threw an Exception"
                    + " whilst being converted (.*)",
            Pattern.DOTALL);
    private static final Pattern MISSING = Pattern.compile(".*SRCFG00014: The config property (\\S+) is required.*");
    private static final Pattern EMPTY =
            Pattern.compile(".*SRCFG00040: The config property (\\S+) is defined as the empty.*");
    private static final Pattern UNKNOWN = Pattern.compile(".*SRCFG00050: (\\S+) in .* does not map to any root");
    private static final Pattern WORDS = Pattern.compile(".*allowed values: (.*)");

    private ConfigurationFaults() {}

    /** A line each, no key twice for the same reason. */
    public static List<String> of(ConfigValidationException found) {
        return IntStream.range(0, found.getProblemCount())
                .mapToObj(i -> line(found.getProblem(i).getMessage()))
                .distinct()
                .toList();
    }

    private static String line(String problem) {
        Matcher wrong = WRONG_TYPE.matcher(problem);
        Matcher missing = MISSING.matcher(problem);
        Matcher empty = EMPTY.matcher(problem);
        Matcher unknown = UNKNOWN.matcher(problem);
        if (wrong.matches()) {
            return wrong.group(1) + ": must be " + allowed(wrong.group(3)) + ": " + wrong.group(2);
        }
        if (missing.matches()) {
            return missing.group(1) + ": is missing";
        }
        if (empty.matches()) {
            return empty.group(1) + ": is empty";
        }
        return unknown.matches()
                ? unknown.group(1) + ": there is no such key; deploy/openledger.yaml documents all"
                : problem;
    }

    private static String allowed(String reason) {
        Matcher words = WORDS.matcher(reason);
        if (words.matches()) {
            return "one of " + words.group(1);
        }
        if (reason.startsWith("Invalid duration")) {
            return "a duration such as 500ms, 30s or 2h";
        }
        return reason.contains("an integer value") || reason.contains("a long value")
                ? "a whole number"
                : reason.contains("a double value") ? "a number" : "of its type (" + reason + ")";
    }
}
