package openledger.wiring;

import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.cli.ConfiguredDatabase;
import openledger.cli.check.ConfigurationCheck;
import openledger.cluster.ClusterSettings;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationFile;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.OpenLedgerConfig;
import openledger.wiring.database.DatabaseAddresses;
import org.jspecify.annotations.Nullable;

/** Checks a file by what the router itself reads it with, and the keys of Quarkus that a router reads. Found by its name under {@code META-INF/services}. */
public final class CheckedFile implements ConfigurationCheck {
    private static final int DEFAULT_PORT = 8080;

    @Override
    public Report check(Path file, Function<String, @Nullable String> environment) {
        try {
            OpenLedgerConfig config = new ConfigurationFile(file.toUri()).read();
            List<String> problems = new ArrayList<>();
            List<String> absent = List.of();
            Optional<ClusterSettings> cluster = Optional.empty();
            try {
                cluster = CheckedConfiguration.of(config, environment).cluster();
            } catch (ConfigurationProblem found) {
                absent = found.absent();
                problems.addAll(found.problems());
                problems.removeAll(absent);
            }
            problems.addAll(elsewhere(file, config, cluster));
            return new Report(problems, absent);
        } catch (IOException unreadable) {
            return new Report(List.of("it cannot be read: " + unreadable), List.of());
        } catch (RuntimeException malformed) {
            // Whoever reads YAML has no type of its own for what is none.
            return new Report(List.of("it is not of its form: " + malformed.getMessage()), List.of());
        }
    }

    private static List<String> elsewhere(Path file, OpenLedgerConfig config, Optional<ClusterSettings> cluster)
            throws IOException {
        SmallRyeConfig all = ConfiguredDatabase.read(file);
        Optional<String> reactive = all.getOptionalValue(DatabaseAddresses.REACTIVE, String.class);
        Optional<String> jdbc = all.getOptionalValue(DatabaseAddresses.JDBC, String.class);
        List<String> problems = new ArrayList<>();
        if (reactive.isPresent() && jdbc.isPresent()) {
            problems.addAll(DatabaseAddresses.problems(reactive.get(), jdbc.get()));
        }
        int open = all.getOptionalValue("quarkus.http.port", Integer.class).orElse(DEFAULT_PORT);
        problems.addAll(ListenPorts.of(open, config.admin().port(), cluster).problems());
        return problems;
    }
}
