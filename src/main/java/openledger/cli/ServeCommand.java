package openledger.cli;

import io.quarkus.runtime.Quarkus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import openledger.verifier.TerminalText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the router until SIGTERM or Ctrl-C. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Run the router until SIGTERM or Ctrl-C.",
        footer = "Every key of the configuration is documented in deploy/openledger.yaml.")
public final class ServeCommand implements Callable<Integer> {
    private static final String LOCATIONS = "quarkus.config.locations";
    private static final Logger PERSISTENCE = Logger.getLogger("org.hibernate");
    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, YAML. Default: the system property " + LOCATIONS + ".")
    private @Nullable Path config;

    @Override
    public Integer call() {
        if (config != null) {
            if (!Files.isReadable(config)) {
                System.err.println("The configuration " + config + " cannot be read.");
                return 2;
            }
            System.setProperty(LOCATIONS, config.toUri().toString());
        }
        if (System.getProperty(EVENT_LOOPS) == null && System.getenv("QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE") == null) {
            System.setProperty(EVENT_LOOPS, Integer.toString(eventLoops()));
        }
        // What it logs before our own format is known would stand before the reason of a start that fails, in a format
        // of its own.
        PERSISTENCE.setLevel(Level.WARNING);
        AtomicInteger exit = new AtomicInteger();
        Quarkus.run(null, (code, failure) -> {
            if (failure != null) {
                // A key and its reason a line.
                ("The router stops: " + StartFailure.reason(failure))
                        .lines()
                        .map(String::strip)
                        .map(TerminalText::line)
                        .forEach(System.err::println);
            }
            exit.set(failure == null ? code : 2);
        });
        return exit.get();
    }

    /** One a core: with one on two cores the loop was the bottleneck, more only take turns (docs/explanation/0002-hot-path.md). */
    private static int eventLoops() {
        return Runtime.getRuntime().availableProcessors();
    }
}
