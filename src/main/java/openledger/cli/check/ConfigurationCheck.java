package openledger.cli.check;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration as a router does at its start, and starts nothing. Found by its name under {@code META-INF/services}, because a
 * command does not know who puts routers together.
 */
public interface ConfigurationCheck {
    /**
     * Checks all that a router checks before it connects to anything. Reading blocks; never fails.
     *
     * @param environment where keys are, by the names of variables
     */
    Report check(Path file, Function<String, @Nullable String> environment);

    /**
     * What was found.
     *
     * @param problems each with its key and the reason; a router would not start
     * @param absent the same for secrets that are not where the file places them: a variable that is not set, a file that does not exist
     */
    record Report(List<String> problems, List<String> absent) {
        /** Nothing is wrong. */
        public static final Report NOTHING = new Report(List.of(), List.of());

        public Report {
            problems = List.copyOf(problems);
            absent = List.copyOf(absent);
        }
    }
}
