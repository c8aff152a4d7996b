package openledger.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.stack.NarrowProvider.Counted;

/**
 * {@code make prove-slots}: slots of a target over three routers. A provider bears thirty calls at once and refuses those beyond; clients
 * of mode confirmed want twice as many, alike at all routers and then nearly all at one of them and at another. First the routers are told
 * how many there are, and then they learn it, as one that is alone does under the same load. The judge is the provider.
 */
public final class ProveSlots {
    private static final int SLOTS = 30;
    private static final List<List<Integer>> PHASES =
            List.of(List.of(20, 20, 20), List.of(54, 3, 3), List.of(3, 54, 3));
    private static final int CLIENTS = 2 * SLOTS;
    private static final int SECONDS = 20;
    private static final long WARM_MILLIS = 10_000;
    private static final int SHORTEST_MILLIS = 1_500;
    private static final int LONGEST_MILLIS = 2_500;
    private static final double LEAST = 0.95;
    private static final double MOST_REFUSALS = 1.2;
    private static final Map<String, String> EPOCHS = Map.of(
            "OPENLEDGER_CONFIRMED_EPOCH", "50ms",
            "OPENLEDGER_CONFIRMED_MAX_WAIT", "10s",
            "OPENLEDGER_CONFIRMED_ON_UNCONFIRMED", "release");

    private final ClusterStack stack;
    private final NarrowProvider provider;
    private final List<String> routers;
    private final int seconds;
    private final ProofReport report = new ProofReport();

    private ProveSlots(ClusterStack stack, NarrowProvider provider, int seconds) {
        this.stack = stack;
        this.provider = provider;
        this.seconds = seconds;
        this.routers = stack.routers().stream().map(ClusterRouter::address).toList();
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        ProofReport.say("Starting PostgreSQL, a chain, two providers and three routers ...");
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : SECONDS;
        int exit = 1;
        try (ClusterStack stack = ClusterStack.start(Path.of("target/prove-slots"), EPOCHS);
                NarrowProvider provider = NarrowProvider.start(SLOTS, SHORTEST_MILLIS, LONGEST_MILLIS)) {
            exit = new ProveSlots(stack, provider, seconds).run();
        } catch (IOException | SQLException broken) {
            ProofReport.say("FAILED: " + broken.getMessage());
        }
        System.exit(exit);
    }

    private int run() throws IOException, InterruptedException {
        for (ClusterRouter router : stack.routers()) {
            Files.writeString(router.config(), config(Files.readString(router.config())));
        }
        // Each looks at its file every two seconds.
        Thread.sleep(5_000);
        known();
        learnt();
        return report.end();
    }

    /** With two routes to the narrow provider: the slots of one are known, and those of the other are to be learnt. */
    private String config(String before) {
        return before.replace("  routes:\n", """
                    - { name: narrow, base-url: "http://127.0.0.1:%d/v1", api-key-env: PROVIDER_KEY }
                  routes:
                %s%s""".formatted(
                        provider.port(), route("known", SLOTS, SLOTS, SLOTS), route("learnt", 4, 32, 256)));
    }

    private static String route(String name, int min, int initial, int max) {
        return """
                    - name: %s
                      modes: [confirmed]
                      retry-grid: 1s
                      tiers:
                        - name: best
                          attempts: 8
                          targets:
                            - { provider: narrow, model: %s, slots: { min: %d, initial: %d, max: %d } }
                """.formatted(name, name, min, initial, max);
    }

    private void known() throws InterruptedException {
        ProofReport.say("T11: " + CLIENTS + " clients of three routers want " + SLOTS + " slots, " + seconds
                + " s each way ...");
        Counted all = run("known", "known", routers, PHASES);
        report.demand(all.most() <= SLOTS, "more calls at once than there are slots: " + all.most());
        report.demand(
                all.refused() == 0, "calls were refused although all know how many there may be: " + all.refused());
        report.demand(all.mean() >= LEAST * SLOTS, String.format(Locale.ROOT, "slots were not used: %.2f", all.mean()));
    }

    private void learnt() throws IOException, InterruptedException {
        ProofReport.say("T11: how many slots there are is to be learnt, by one router that is alone ...");
        Counted one;
        try (ClusterRouter alone =
                stack.alone("alone", Files.readString(stack.routers().getFirst().config()), EPOCHS)) {
            alone.start();
            alone.awaitReady();
            one = run(
                    "learnt alone",
                    "learnt",
                    List.of(alone.address()),
                    PHASES.stream().map(phase -> List.of(CLIENTS)).toList());
        }
        ProofReport.say("T11: the same, by three ...");
        Counted three = run("learnt by three", "learnt", routers, PHASES);
        report.demand(
                three.refusedShare() <= MOST_REFUSALS * one.refusedShare(),
                String.format(
                        Locale.ROOT,
                        "%.3f refusals an answer, and %.3f at one router",
                        three.refusedShare(),
                        one.refusedShare()));
        report.demand(
                three.mean() >= LEAST * one.mean(),
                String.format(Locale.ROOT, "%.2f slots were used, and %.2f by one router", three.mean(), one.mean()));
    }

    private Counted run(String what, String route, List<String> at, List<List<Integer>> phases)
            throws InterruptedException {
        ShiftingLoad load = ShiftingLoad.start(at, route, phases.getFirst());
        Thread.sleep(WARM_MILLIS);
        provider.count();
        List<Counted> counted = new ArrayList<>();
        for (List<Integer> phase : phases) {
            load.shift(phase);
            Thread.sleep(seconds * 1_000L);
            counted.add(provider.count());
        }
        load.close();
        Counted all = new Counted(
                counted.stream().mapToInt(Counted::most).max().orElse(0),
                counted.stream().mapToDouble(Counted::mean).average().orElse(0),
                counted.stream().mapToLong(Counted::answered).sum(),
                counted.stream().mapToLong(Counted::refused).sum());
        report.figure(String.format(
                Locale.ROOT,
                "%s: %d at once at most, %.1f %% of %d used (%s), %d calls refused and %d answered, answers by status %s",
                what,
                all.most(),
                100 * all.mean() / SLOTS,
                SLOTS,
                String.join(
                        ", ",
                        counted.stream()
                                .map(phase -> String.format(Locale.ROOT, "%.1f", 100 * phase.mean() / SLOTS))
                                .toList()),
                all.refused(),
                all.answered(),
                load.statuses()));
        return all;
    }
}
