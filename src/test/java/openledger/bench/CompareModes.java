package openledger.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code make compare-modes}: the same arrivals in the same congested market, once in fast mode and once behind each gate of
 * confirmed mode, each time with a router, database, chain and providers of its own.
 */
final class CompareModes {
    private static final Path CONFIG = Path.of("deploy/modes.yaml");
    private static final Path FLEET = Path.of("deploy/modes-fleet.yaml");
    private static final int PROVIDER_PORT = 9221;
    private static final double PAIRS_PER_SECOND = 30;
    private static final int FULL_SECONDS = 100;
    private static final double MOST_UNANNOUNCED = 0.03;
    private static final double MOST_SELECTIVE = 0.10;
    private static final double FAST_SELECTIVE = 0.5;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final int seconds = BenchPace.isQuick() ? 20 : FULL_SECONDS;

    private CompareModes() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new CompareModes().run() == 0 ? 0 : 1);
    }

    @SuppressWarnings("try") // it only has to be there
    private int run() throws IOException, SQLException, InterruptedException {
        BenchStack.machine(report);
        List<ModeFigures> modes = new ArrayList<>();
        int unanswered = 0;
        for (String mode : List.of("fast", "response", "dispatch")) {
            System.out.println("Mode " + mode + ": starting, then " + seconds + " s of requests ...");
            String members = mode.equals("fast")
                    ? "\"openledger\":{\"mode\":\"fast\"},"
                    : "\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"" + mode + "\"},";
            try (ConfirmedStack running = ConfirmedStack.start(CONFIG, FLEET, PROVIDER_PORT, BenchStack.OUT)) {
                ModeRun run = new ModeRun(members, PAIRS_PER_SECOND, seconds);
                List<JsonNode> decisions = run.run();
                modes.add(ModeFigures.of(mode, decisions));
                BenchStack.write(
                        "modes-" + mode, JsonNodeFactory.instance.objectNode().set("decisions", array(decisions)));
                unanswered += run.unanswered();
            }
        }
        modes.forEach(mode -> mode.addTo(report));
        report.put("unanswered", unanswered);
        table(modes);
        judge(modes.getFirst(), modes.subList(1, modes.size()));
        BenchStack.write("modes", report);
        return unanswered;
    }

    private static ArrayNode array(List<JsonNode> decisions) {
        return JsonNodeFactory.instance.arrayNode(decisions.size()).addAll(decisions);
    }

    private static void table(List<ModeFigures> modes) {
        System.out.printf(
                "%n  %-9s %8s %11s %8s %7s %9s %10s %8s %11s %8s %8s%n",
                "mode",
                "requests",
                "unannounced",
                "changes",
                "stale",
                "fall-back",
                "SELECTIVE",
                "twins",
                "unconfirmed",
                "p50 ms",
                "p95 ms");
        for (ModeFigures mode : modes) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-9s %8d %10.2f%% %7.2f%% %6.2f%% %8.2f%% %9.1f%% %7.2f%% %10.2f%% %8.0f %8.0f%n",
                    mode.name(),
                    mode.requests(),
                    100 * mode.unannounced(),
                    100 * mode.changed(),
                    100 * mode.stale(),
                    100 * mode.fellBack(),
                    100 * mode.selective(),
                    100 * mode.twinDifference(),
                    100 * mode.unconfirmed(),
                    mode.percentile(0.5),
                    mode.percentile(0.95));
        }
        System.out.println();
    }

    private static void judge(ModeFigures fast, List<ModeFigures> confirmed) {
        say("fast: SELECTIVE share over half", fast.selective() > FAST_SELECTIVE);
        for (ModeFigures mode : confirmed) {
            String gate = "gate " + mode.name() + ": ";
            say(gate + "unannounced changes under 3 %", mode.unannounced() < MOST_UNANNOUNCED);
            say(gate + "fall-back no higher than fast", mode.fellBack() <= fast.fellBack());
            say(gate + "SELECTIVE share at most 10 %", mode.selective() <= MOST_SELECTIVE);
            say(gate + "twin difference under half of fast", mode.twinDifference() < fast.twinDifference() / 2);
        }
    }

    private static void say(String what, boolean reached) {
        System.out.printf("  %-50s %s%n", what, BenchStack.verdict(reached));
    }
}
