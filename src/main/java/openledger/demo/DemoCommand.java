package openledger.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import openledger.cli.Subcommand;
import openledger.verifier.TerminalText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs everything on this machine, to try it: {@code make run}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Run PostgreSQL, a chain, simulated providers and the router on this machine until Ctrl-C, to try them.",
        footer = "Runs in the folder of the sources; data and logs are in .data.",
        subcommands = LoadCommand.class)
public final class DemoCommand implements Subcommand {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The router's configuration, YAML. Default: ${DEFAULT-VALUE}.")
    private Path config = LocalStack.DEMO;

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.isReadable(config)) {
            System.err.println(TerminalText.line("The configuration " + config + " cannot be read."));
            return 2;
        }
        try {
            LocalStack.run(config);
            return 0;
        } catch (IOException | SQLException e) {
            // Several lines: ports that are taken, the end of a log.
            String.valueOf(e.getMessage()).lines().map(TerminalText::line).forEach(System.err::println);
            return 1;
        }
    }
}
