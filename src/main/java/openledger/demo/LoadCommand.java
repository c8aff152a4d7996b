package openledger.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Light traffic for the running demo, half of it streamed, and its results: {@code make load}. Confined to one thread. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Send light traffic to the running demo, half of it streamed, and print the results.")
public final class LoadCommand implements Callable<Integer> {
    private static final double GRACE_SECONDS = 60;
    private static final double MAX_RATE = 1_000;
    private static final double MAX_SECONDS = 3_600;

    private final Map<String, Map<String, Integer>> tables = new TreeMap<>();
    private int answers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests a second, at most 1000. Default: ${DEFAULT-VALUE}.")
    private double rate = 20;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "For how long, at most 3600. Default: ${DEFAULT-VALUE}.")
    private double seconds = 60;

    @Override
    public Integer call() throws IOException {
        if (!usable(rate, "--rate", MAX_RATE) || !usable(seconds, "--seconds", MAX_SECONDS)) {
            return 2;
        }
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), LocalStack.ROUTER_PORT)) {
            probe.setSoTimeout(1);
        } catch (IOException e) {
            System.err.println("Nothing listens on port " + LocalStack.ROUTER_PORT + ": start `make run` first.");
            return 1;
        }
        send();
        return 0;
    }

    private static boolean usable(double value, String option, double max) {
        if (value > 0 && value <= max) {
            return true;
        }
        System.err.printf(Locale.ROOT, "%s must be over 0 and at most %.0f%n", option, max);
        return false;
    }

    private void send() throws IOException {
        byte[] plain = ChatRequest.of("assistant", "false", "");
        byte[] stream = ChatRequest.of("assistant", "true", "");
        OpenLoop.Destination router =
                new OpenLoop.Destination("router", LocalStack.ROUTER_PORT, index -> index % 2 == 0 ? plain : stream);
        long total = Math.round(rate * seconds);
        System.out.printf(Locale.ROOT, "Sending %.0f requests a second for %.0f s ...%n", rate, seconds);
        new OpenLoop(List.of(router), rate, seconds, 0, seconds)
                .tell((to, response) -> note(response, total))
                .run(GRACE_SECONDS);
        System.out.println();
        tables.forEach((title, rows) -> {
            System.out.println(title);
            rows.forEach((value, count) -> System.out.printf(
                    Locale.ROOT, "  %-24s %6d  %5.1f %%%n", value, count, 100.0 * count / Math.max(1, answers)));
        });
        System.out.printf(
                Locale.ROOT,
                "%nlatency ms: p50 %.0f, p95 %.0f, p99 %.0f; %d answers, %d failed%n",
                router.millis(50),
                router.millis(95),
                router.millis(99),
                answers,
                router.failed());
    }

    private void note(HttpFraming response, long total) {
        answers++;
        count("status", Integer.toString(response.status()));
        count("tier", response.header("openledger-tier"));
        count("attempts", response.header("openledger-attempts"));
        count("last trigger (fallback-reason)", response.header("openledger-fallback-reason"));
        count("attribution", response.header("openledger-attribution"));
        if (answers % Math.max(1, total / 10) == 0) {
            System.out.printf(Locale.ROOT, "  %d of %d answered%n", answers, total);
        }
    }

    private void count(String table, String value) {
        tables.computeIfAbsent(table, title -> new TreeMap<>()).merge(value.isEmpty() ? "-" : value, 1, Integer::sum);
    }
}
