package openledger.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import openledger.cli.check.ConfigurationCheck;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationFile;
import openledger.wiring.config.ConfigurationProblem;
import org.jspecify.annotations.Nullable;

/** Checks a file by what the router itself reads it with. Found by its name under {@code META-INF/services}. */
public final class CheckedFile implements ConfigurationCheck {
    @Override
    public Report check(Path file, Function<String, @Nullable String> environment) {
        try {
            CheckedConfiguration.of(new ConfigurationFile(file.toUri()).read(), environment);
            return Report.NOTHING;
        } catch (ConfigurationProblem found) {
            List<String> problems = found.problems().stream()
                    .filter(problem -> !found.absent().contains(problem))
                    .toList();
            return new Report(problems, found.absent());
        } catch (IOException unreadable) {
            return new Report(List.of("it cannot be read: " + unreadable), List.of());
        } catch (RuntimeException malformed) {
            // Whoever reads YAML has no type of its own for what is none.
            return new Report(List.of("it is not of its form: " + malformed.getMessage()), List.of());
        }
    }
}
