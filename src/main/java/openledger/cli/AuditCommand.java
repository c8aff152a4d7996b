package openledger.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import openledger.archive.PublicDownload;
import openledger.audit.Difference;
import openledger.audit.PlanReplay;
import openledger.audit.ReplayReport;
import openledger.unit.LaneId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does a router's allocations again from its published batches; needs no database. */
@Command(
        name = "audit",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description = "Do the allocations of a router again, from its published batches and snapshots, and compare.",
        footer = {
            "What is compared: which request got which plan, its turn and rank, who waited, and that each end followed its plan.",
            "What cannot be: that a snapshot's slots, health and deficits were true, that its seed is of the block it names, and that",
            "nobody was left out of an open set.",
            "Heads are compared with each other; hold the last one, which is printed, against headOf(lane) of the registry.",
            "Exit codes: 0 no difference; 1 there are differences; 2 it could not be done, or wrong usage."
        })
public final class AuditCommand implements Callable<Integer> {
    private static final int SHOWN = 20;
    private static final int PROGRESS = 100;

    @Mixin
    private final Console console = new Console();

    @Parameters(paramLabel = "ROUTER", description = "Address of the router, e.g. http://127.0.0.1:8080.")
    private String router = "";

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            required = true,
            description = "The environment variable that holds any key of the router.")
    private String keyVariable = "";

    @Option(names = "--lane", paramLabel = "N", description = "The lane. Default: ${DEFAULT-VALUE}.")
    private long lane = 1;

    @Option(names = "--from", paramLabel = "N", description = "First batch. Default: ${DEFAULT-VALUE}.")
    private long from = 1;

    @Option(names = "--to", paramLabel = "N", description = "Last batch. Default: the newest.")
    private long to = Long.MAX_VALUE;

    @Override
    public Integer call() throws InterruptedException {
        if (lane < 1 || from < 1 || to < from) {
            throw console.usage("--lane, --from and --to are numbers from 1, and --to is not before --from.");
        }
        URI address = NodeCall.address(router).orElseThrow(() -> console.usage("ROUTER is an http or https address."));
        String key = System.getenv(keyVariable);
        if (key == null || !isKey(key)) {
            throw console.usage(
                    "--key-env names a variable of the environment that holds a key: printable ASCII without spaces.");
        }
        PrintWriter out = console.out();
        try (PublicDownload download = new PublicDownload(address, key)) {
            BatchDownload batches = new BatchDownload(download, new LaneId(lane));
            OptionalLong newest = batches.newest();
            if (newest.isEmpty() || newest.getAsLong() < from) {
                console.err().println("The lane has no such batches yet.");
                return 2;
            }
            long last = Math.min(to, newest.getAsLong());
            ReplayReport report = replay(batches, last, out);
            batches.head().ifPresent(head -> out.println("Head of batch " + last + ": " + head));
            return print(report, out);
        } catch (IOException | UnreadableReceipt | IllegalArgumentException e) {
            console.err().println("The audit cannot be done: " + e.getMessage() + ".");
            return 2;
        }
    }

    private ReplayReport replay(BatchDownload batches, long last, PrintWriter out)
            throws IOException, InterruptedException, UnreadableReceipt {
        PlanReplay replay = new PlanReplay();
        for (long sequence = from; sequence <= last; sequence++) {
            replay.take(batches.get(sequence));
            if ((sequence - from + 1) % PROGRESS == 0) {
                out.println("  batch " + sequence + " of " + last);
                out.flush();
            }
        }
        return replay.finish();
    }

    private static int print(ReplayReport report, PrintWriter out) {
        out.printf(
                "%d batches, %d snapshots: %d plans and %d ends of planned requests compared.%n",
                report.batches(), report.snapshots(), report.plans(), report.outcomes());
        out.printf(
                "%d requests spent their budget while they were held, %d left before they had a plan, %d plans are in batches to"
                        + " come.%n",
                report.exhausted(), report.left(), report.pending());
        report.differences().stream().limit(SHOWN).forEach(difference -> line(difference, out));
        if (report.differences().size() > SHOWN) {
            out.println("... and " + (report.differences().size() - SHOWN) + " more.");
        }
        out.println(
                report.differences().isEmpty()
                        ? "No difference."
                        : report.differences().size() + " differences.");
        out.flush();
        return report.differences().isEmpty() ? 0 : 1;
    }

    private static void line(Difference difference, PrintWriter out) {
        out.printf(
                "%s, snapshot %d, request %s: %s%n",
                difference.kind(), difference.snapshot(), difference.request(), difference.text());
    }

    /** Fit for a header. */
    private static boolean isKey(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
