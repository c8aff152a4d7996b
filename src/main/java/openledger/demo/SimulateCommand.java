package openledger.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import openledger.cli.Subcommand;
import openledger.simulator.SimulatedFleet;
import openledger.simulator.SimulatedProvider;
import openledger.verifier.TerminalText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs simulated providers until SIGTERM or Ctrl-C. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Run simulated providers until SIGTERM or Ctrl-C.",
        footer = "Every key of a fleet is documented in deploy/demo-fleet.yaml.")
public final class SimulateCommand implements Subcommand {
    @Option(names = "--fleet", required = true, paramLabel = "FILE", description = "The fleet, YAML.")
    private Path fleet = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        try (SimulatedFleet running = SimulatedFleet.start(fleet)) {
            for (SimulatedProvider provider : running.providers()) {
                System.out.println(TerminalText.line(provider.name() + " " + provider.baseUrl()));
            }
            Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown));
            stopped.await();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(TerminalText.line("The fleet does not start: " + e.getMessage()));
            return 2;
        }
    }
}
