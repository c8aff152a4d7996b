package openledger.cli;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import openledger.cli.guard.GuardRun;
import openledger.commitment.verify.LogPins;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.unit.Address;
import openledger.verifier.PromiseWatch;
import openledger.verifier.TerminalText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A local proxy that checks and proves the promise of each answer, for any client. */
@Command(
        name = "guard",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description = "Pass requests to a router, check the promise of each answer, and prove later that it was kept.",
        footer = {
            "Example:",
            "  openledger guard --router https://router.example --rpc https://node.example --lane 1789581964105816",
            "and let clients use http://127.0.0.1:8181 in place of the router.",
            "",
            "An answer is never held back or changed. GET /metrics and GET /unproved on --metrics-port have what is wrong.",
            "Credentials of requests are in memory until their promise is proved; they go to the router alone.",
            "It runs until a signal ends it; then it ends what is under way, and prints what is left unproved.",
            "Exit codes:",
            "  0  every answer was proved",
            "  1  at least one answer was unproved",
            "  2  wrong usage, or it cannot listen"
        })
public final class GuardCommand implements Callable<Integer> {
    private static final int UNPROVED_UNKNOWN = 2;

    @Mixin
    private final Console console = new Console();

    @Mixin
    private final PinOptions pinned = new PinOptions();

    @Option(names = "--router", required = true, paramLabel = "URL", description = "Address of the router.")
    private String router = "";

    @Option(
            names = "--rpc",
            required = true,
            paramLabel = "URL",
            description = "JSON-RPC address of a node that you trust.")
    private String rpc = "";

    @Option(
            names = "--signer",
            paramLabel = "ADDRESS",
            description =
                    "The account that must sign promises, 0x....; default: with --lane, the keys of the lane as the node has them.")
    private Optional<String> signer = Optional.empty();

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description = "Address to listen at; default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "8181",
            paramLabel = "PORT",
            description = "Port for clients, 0 for any; default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--metrics-port",
            defaultValue = "8182",
            paramLabel = "PORT",
            description = "Port for metrics and the list of unproved answers, 0 for any; default: ${DEFAULT-VALUE}.")
    private int metricsPort;

    @Option(
            names = "--max-pending",
            defaultValue = "10000",
            paramLabel = "N",
            description = "Promises that wait for their proof; one more counts as unproved; default: ${DEFAULT-VALUE}.")
    private int mostPending;

    @Option(
            names = "--max-connections",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Connections of clients; default: ${DEFAULT-VALUE}.")
    private int mostConnections;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "Add each unproved answer to this file, as a line of JSON.")
    private Optional<Path> state = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        GuardRun.Settings settings =
                new GuardRun.Settings(address("--router", router), host, port, metricsPort, mostConnections, state);
        PromiseWatch.Settings trusted = new PromiseWatch.Settings(address("--rpc", rpc), pins(), signer(), mostPending);
        if (mostPending < 1 || mostConnections < 1) {
            throw console.usage("--max-pending and --max-connections must be positive numbers.");
        }
        Vertx vertx = NodeCall.loop();
        try {
            GuardRun run = GuardRun.start(vertx, settings, trusted, this::say);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(run), "stop"));
            say("Guard at http://" + host + ":" + run.port() + "; metrics at http://" + host + ":" + run.reportsPort()
                    + "/metrics");
            Thread.currentThread().join();
            return 0;
        } catch (IOException e) {
            console.complain("The guard cannot start: " + e.getMessage());
            return UNPROVED_UNKNOWN;
        } finally {
            NodeCall.end(vertx);
        }
    }

    /** A signal has ended the process: what it ends with is decided here. */
    private void stop(GuardRun run) {
        int code = UNPROVED_UNKNOWN;
        try {
            code = run.stop();
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }

    private Pins pins() {
        Pins pins = pinned.pins(LogPins.NONE, console);
        if (!pinned.isLaneGiven()) {
            throw console.usage(
                    "Anybody can open a lane, so nothing would be proved: name it with --lane or --lane-owner, or take any with --any-lane.");
        }
        return pins;
    }

    private Optional<Address> signer() {
        try {
            return signer.map(Address::parse);
        } catch (IllegalArgumentException e) {
            throw console.usage("--signer must be 0x and 40 hexadecimal digits.");
        }
    }

    private URI address(String option, String text) {
        return NodeCall.address(text)
                .orElseThrow(() -> console.usage(option + " must be an address of http or https, without a user."));
    }

    private void say(String line) {
        console.out().println(TerminalText.line(line));
        console.out().flush();
    }
}
