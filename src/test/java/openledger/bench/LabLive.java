package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;

/**
 * {@code make lab-live}: the budget and the sequencing experiment once in real time, through the real router with a database, a chain
 * and simulated providers. One run has no interval, and the router has a storm guard, slot limits that adapt and a view of its own,
 * which the lab's reference world does without: so direction and shape are compared, and not sizes.
 */
final class LabLive {
    private static final Path CONFIG = Path.of("deploy/modes.yaml");
    private static final Path FLEET = Path.of("deploy/modes-fleet.yaml");
    private static final String BEST_ATTEMPTS = "attempts: 3";
    private static final int PROVIDER_PORT = 9221;
    private static final double PAIRS_PER_SECOND = 30;
    private static final int FULL_SECONDS = 120;
    private static final int QUICK_SECONDS = 15;
    private static final double MOST_UNANNOUNCED = 0.03;
    private static final String FAST = "\"openledger\":{\"mode\":\"fast\"},";
    private static final String CONFIRMED = "\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"dispatch\"},";

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final int seconds = BenchPace.isQuick() ? QUICK_SECONDS : FULL_SECONDS;
    private int unanswered;

    private LabLive() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new LabLive().run() == 0 ? 0 : 1);
    }

    private int run() throws IOException, SQLException, InterruptedException {
        BenchStack.machine(report);
        ModeFigures three = measure("fast, 3 attempts", 3, FAST);
        ModeFigures seven = measure("fast, 7 attempts", 7, FAST);
        ModeFigures pinned = measure("confirmed, 3 attempts", 3, CONFIRMED);
        System.out.println();
        say("7 attempts fall back less than 3", seven.fellBack() < three.fellBack());
        say("7 attempts take longer in the mean", seven.meanMillis() > three.meanMillis());
        say("confirmed: unannounced changes under 3 %", pinned.unannounced() < MOST_UNANNOUNCED);
        say("fast mode changes targets unannounced more often", three.unannounced() > pinned.unannounced());
        say("fast mode changes targets more often, announced or not", three.changed() > pinned.changed());
        report.put("unanswered", unanswered);
        BenchStack.write("lab-live", report);
        return unanswered;
    }

    @SuppressWarnings("try") // it only has to be there
    private ModeFigures measure(String name, int attempts, String members)
            throws IOException, SQLException, InterruptedException {
        System.out.println(name + ": starting, then " + seconds + " s of requests ...");
        try (ConfirmedStack running = ConfirmedStack.start(config(attempts), FLEET, PROVIDER_PORT, BenchStack.OUT)) {
            ModeRun run = new ModeRun(members, PAIRS_PER_SECOND, seconds);
            ModeFigures figures = ModeFigures.of(name, run.run());
            unanswered += run.unanswered();
            figures.addTo(report);
            System.out.printf(
                    Locale.ROOT,
                    "  %d requests: fall-back %.1f %%, target changes %.1f %%, unannounced %.2f %%, stale %.1f %%, mean %.0f ms%n",
                    figures.requests(),
                    100 * figures.fellBack(),
                    100 * figures.changed(),
                    100 * figures.unannounced(),
                    100 * figures.stale(),
                    figures.meanMillis());
            return figures;
        }
    }

    /** The configuration of the modes, with so many attempts for the best tier. */
    private static Path config(int attempts) throws IOException {
        String text = Files.readString(CONFIG);
        if (!text.contains(BEST_ATTEMPTS)) {
            throw new IOException(CONFIG + " has no \"" + BEST_ATTEMPTS + "\"");
        }
        Path file = Files.createDirectories(BenchStack.OUT).resolve("lab-live-" + attempts + ".yaml");
        return Files.writeString(file, text.replaceFirst(BEST_ATTEMPTS, "attempts: " + attempts));
    }

    private static void say(String what, boolean isSo) {
        System.out.printf("  %-55s %s%n", what, isSo ? "yes" : "no");
    }
}
