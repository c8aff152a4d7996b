package openledger.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code make load}: light traffic for the running router, half of it streamed, and what became of it. */
public final class DemoLoad {
    private static final double GRACE_SECONDS = 60;
    private final Map<String, Map<String, Integer>> tables = new TreeMap<>();
    private int answers;

    private DemoLoad() {}

    public static void main(String[] arguments) throws IOException {
        double rate = number(arguments, 0, "RATE", 1_000);
        double seconds = number(arguments, 1, "SECONDS", 3_600);
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), Demo.ROUTER_PORT)) {
            probe.setSoTimeout(1);
        } catch (IOException e) {
            System.err.println("Nothing listens on port " + Demo.ROUTER_PORT + ": start `make run` first.");
            System.exit(1);
        }
        new DemoLoad().run(rate, seconds);
    }

    private static double number(String[] arguments, int at, String name, double most) {
        try {
            double value = Double.parseDouble(arguments[at]);
            if (value > 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // Said below: whatever it is, it is not a number we can use.
        }
        System.err.println(name + " is a number over 0, at most " + most);
        System.exit(2);
        return 0;
    }

    private void run(double rate, double seconds) throws IOException {
        byte[] plain = ChatRequest.of("assistant", "false", "");
        byte[] stream = ChatRequest.of("assistant", "true", "");
        OpenLoop.Destination router =
                new OpenLoop.Destination("router", Demo.ROUTER_PORT, index -> index % 2 == 0 ? plain : stream);
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
                "%nlatency ms: p50 %.0f, p95 %.0f, p99 %.0f; %d answers, %d without success%n",
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
