package openledger.cli.health;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import openledger.cli.Console;
import openledger.cli.health.ReadyQuestion.Reply;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks the router on this machine whether it takes requests; for the health checks of containers, which have no shell and no curl. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        description = "Ask the router on this machine whether it is ready: one line, and the exit code.",
        footer = {
            "Example:",
            "  openledger health --port 8080",
            "Exit codes: 0 ready; 1 not ready, or nobody answers in time; 2 wrong usage."
        })
public final class HealthCommand implements Callable<Integer> {
    private static final int LARGEST_PORT = 65_535;
    private static final int LONGEST_MILLIS = 60_000;

    @Mixin
    private final Console console = new Console();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description = "The IP address at which it listens (quarkus.http.host); default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "PORT",
            description = "Its port (quarkus.http.port); default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--timeout-ms",
            defaultValue = "2000",
            paramLabel = "MILLISECONDS",
            description = "For the connection and the answer together, 1 to 60000; default: ${DEFAULT-VALUE}.")
    private int millis;

    @Override
    public Integer call() {
        if (port < 1 || port > LARGEST_PORT) {
            throw console.usage("--port must be 1 to 65535");
        }
        if (millis < 1 || millis > LONGEST_MILLIS) {
            throw console.usage("--timeout-ms must be 1 to 60000");
        }
        return switch (ReadyQuestion.ask(new InetSocketAddress(address(), port), Duration.ofMillis(millis))) {
            case Reply.Ready(String words) -> print(console.out(), words, 0);
            case Reply.NotReady(String words) -> print(console.err(), words, 1);
        };
    }

    /** No name: looking one up takes a time that nothing bounds. */
    private InetAddress address() {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw console.usage("--host must be an IP address");
        }
    }

    private static int print(PrintWriter to, String words, int code) {
        to.println(words);
        to.flush();
        return code;
    }
}
