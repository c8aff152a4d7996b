package openledger.wiring.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import openledger.unit.ShortDuration;

/** Collects the problems of a configuration, so that a user sees all of them at once. */
public final class ConfigurationProblems {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");
    /** As {@link Duration#toString} has it, which the reasons of domain values echo. */
    private static final Pattern DURATION =
            Pattern.compile("\\bPT(?=-?[0-9])(-?[0-9]+H)?(-?[0-9]+M)?(-?[0-9]+(\\.[0-9]+)?S)?");

    private static final String NAME_RULE =
            "a name must be 1 to 64 letters, digits, dots, dashes, underscores or slashes";
    private final List<String> found = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();

    /** Notes why a key cannot be used. */
    public void add(String key, String reason) {
        found.add(key + ": " + DURATION.matcher(reason).replaceAll(ConfigurationProblems::words));
    }

    /** Notes that a secret, or what each router has of its own, is not there, which may be so on this machine alone. */
    public void absent(String key, String reason) {
        add(key, reason);
        absent.add(found.getLast());
    }

    private static String words(MatchResult duration) {
        return ShortDuration.words(Duration.parse(duration.group()));
    }

    /** Builds a domain value; if that refuses, its reason is noted under the key. */
    public <T> Optional<T> build(String key, Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException e) {
            add(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Notes a name that is none, or that stands in {@code taken} already; enters it there. */
    void checkName(String key, String name, Set<String> taken) {
        if (!NAME.matcher(name).matches()) {
            add(key, NAME_RULE);
        } else if (!taken.add(name)) {
            add(key, "'" + name + "' is repeated");
        }
    }

    /** Stops with everything found so far, if anything was. */
    public void check() {
        if (!found.isEmpty()) {
            throw new ConfigurationProblem(found, absent);
        }
    }
}
