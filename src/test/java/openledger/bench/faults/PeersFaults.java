package openledger.bench.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import openledger.bench.faults.FaultVerdict.Result;
import openledger.bench.faults.FaultedGateway.Start;
import openledger.bench.faults.FaultedGateway.Way;
import openledger.bench.peers.PeerInstall;

/**
 * {@code make peers-faults}: the same faulty providers before this router and before other gateways, one gateway after the other. Writes
 * {@code docs/results/peers-faults.md}, unless only some gateways were asked for. Ends with 0 if this router lost nothing, served nothing
 * bad, gave no error that a second call would have avoided, and kept to its budget; what becomes of the others is said and no failure.
 */
public final class PeersFaults {
    static final Path LOGS = Path.of("target/peers-faults");
    private static final Path PAGE = Path.of("docs/results/peers-faults.md");
    /** With a whole answer: the slowest takes 8 s, and two silent attempts of ours as long. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int AT_ONCE = 8;
    private static final List<FaultedGateway> GATEWAYS = List.of(
            new OpenLedgerFaulted(),
            new EnvoyFaulted(),
            RoundRobinFaulted.sglang(),
            RoundRobinFaulted.vllm(),
            new LiteLlmFaulted());

    private PeersFaults() {}

    /** Arguments: words of the names of gateways, or none for all. */
    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        List<FaultResults> all = new ArrayList<>();
        for (FaultedGateway gateway : GATEWAYS) {
            if (arguments.length == 0 || isNamed(gateway, arguments)) {
                System.out.println("Faulty providers before " + gateway.name() + " (" + gateway.version() + ") ...");
                FaultResults results = results(gateway);
                all.add(results);
                System.out.println(FaultsPage.terminal(results));
            }
        }
        if (all.size() == GATEWAYS.size()) {
            String today = LocalDate.now(ZoneOffset.UTC).toString();
            Files.writeString(PAGE, FaultsPage.of(all, today, commit()));
            System.out.println("Written: " + PAGE);
        }
        System.out.println("figure: " + FaultResults.figure(all));
        System.exit(
                all.stream().filter(each -> each.name().equals("OpenLedger")).allMatch(PeersFaults::isRight) ? 0 : 1);
    }

    private static boolean isNamed(FaultedGateway gateway, String... words) {
        String name = gateway.name().toLowerCase(Locale.ROOT);
        return List.of(words).stream().anyMatch(word -> name.contains(word.toLowerCase(Locale.ROOT)));
    }

    private static boolean isRight(FaultResults ours) {
        return ours.wrong().isEmpty()
                && ours.count(Result.RIGHT) == FaultCatalogue.all().size();
    }

    private static FaultResults results(FaultedGateway gateway) throws IOException, SQLException, InterruptedException {
        List<FaultCell> cells = new ArrayList<>();
        try {
            for (UpstreamFault fault : FaultCatalogue.all()) {
                cells.add(FaultCell.start(fault, 1));
            }
            return switch (gateway.start(LOGS, cells)) {
                case Start.Absent(String why) -> results(gateway, why, List.of());
                case Start.Running(FaultedGateway.Run run) -> {
                    Optional<String> notStarted;
                    try (run) {
                        notStarted = askAll(run, cells);
                    }
                    yield results(gateway, notStarted.orElse(""), notStarted.isEmpty() ? cells : List.of());
                }
            };
        } finally {
            for (FaultCell cell : cells) {
                cell.close();
            }
        }
    }

    private static FaultResults results(FaultedGateway gateway, String absent, List<FaultCell> cells) {
        return new FaultResults(
                gateway.name(),
                gateway.version(),
                gateway.settings(),
                absent,
                cells.stream()
                        .map(cell -> new FaultResults.Cell(cell.fault(), cell.verdict(), cell.callsForIt()))
                        .toList());
    }

    /** Several at a time, because some faults take their time; why a cell could not be asked, or empty. */
    private static Optional<String> askAll(FaultedGateway.Run run, List<FaultCell> cells) throws InterruptedException {
        try (FaultClient client = new FaultClient(PATIENCE);
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<FaultCell>> asked = new ArrayList<>();
            for (FaultCell cell : cells) {
                asked.add(threads.submit(() -> {
                    ask(run, cell, client);
                    return cell;
                }));
            }
            for (Future<FaultCell> each : asked) {
                each.get();
            }
            return Optional.empty();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException notStarted) {
                return Optional.of(PeerInstall.end(
                        String.valueOf(notStarted.getMessage()).lines().toList()));
            }
            throw new IllegalStateException(failed);
        }
    }

    private static void ask(FaultedGateway.Run run, FaultCell cell, FaultClient client)
            throws IOException, InterruptedException {
        Way way = run.way(cell);
        try {
            cell.ask(client, way.door());
        } finally {
            way.end().run();
        }
    }

    private static String commit() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--abbrev=10", "--dirty=+", "--exclude=*")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor() == 0 ? said : "no commit";
    }
}
