package openledger.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import openledger.archive.PublicDownload;
import openledger.cli.account.PayingAccount;
import openledger.cli.audit.BatchDownload;
import openledger.cli.audit.KeptHeads;
import openledger.cli.audit.LaneAudit;
import openledger.cli.audit.PolicyDownload;
import openledger.cli.watch.WatchOptions;
import openledger.cli.watch.WatchRun;
import openledger.cli.watch.WatchSettings;
import openledger.unit.LaneId;
import openledger.verifier.ReceiptSeries;
import openledger.verifier.TerminalText;
import openledger.verifier.UnreadableReceipt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checks a router's published batches and recomputes its allocations from them, or follows a lane on its chain and charges it before its
 * vault; needs no database.
 */
@Command(
        name = "audit",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description =
                "Check a router's published leaves against its rules, and recompute its allocations from the snapshots. With"
                        + " --watch: follow a lane on its chain, and prove its misroutes before its vault.",
        footer = {
            "Example:",
            "  KEY=sk-... openledger audit http://127.0.0.1:8080 --key-env KEY",
            "",
            "Compared with the published rules: budget, fall-back and end of every leaf. Recomputed for confirmed requests: which",
            "request got which plan, its turn and rank, and which waited; each end must follow its plan. Unreadable data counts as",
            "a difference.",
            "Not proved: that a snapshot's slots, health and deficits were true, that its seed is from the block it names, and that",
            "no request was left out of an open set.",
            "Heads must follow each other; compare the last one, which is printed, with headOf(lane) of the registry. With --kept,",
            "each must be the one that the lane has signed before.",
            "",
            "With --watch, what was committed is read from the chain and its data from any of the routers, none of which is believed.",
            "Each call that proves a misroute is printed. It is sent with --challenge only, after two nodes have said that it holds:",
            "proofs at SAFE, games, which put up a bond, at FINALIZED. It ends by a signal, and begins again where it was.",
            "  openledger audit https://a.example https://b.example --lane 7 --vault 0x... --rpc URL --rpc URL2 --watch",
            "",
            "Exit codes: 0 no difference; 1 there are differences; 2 the audit failed or is incomplete, or wrong usage."
        })
public final class AuditCommand implements Callable<Integer> {
    private static final long MOST_BATCHES = 1_000_000;

    @Mixin
    private final Console console = new Console();

    @Parameters(
            paramLabel = "ROUTER",
            arity = "1..*",
            description =
                    "Address of the router, e.g. http://127.0.0.1:8080. With --watch: of each that serves the lane.")
    private List<String> routers = List.of();

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            description =
                    "The environment variable that holds any key of the router. With --challenge: the private key of the"
                            + " account that pays, which nobody else may use.")
    private String keyVariable = "";

    @Option(
            names = "--lane",
            paramLabel = "N",
            description = "The lane. Default: the router's own; with --watch it has to be given.")
    private Optional<Long> lane = Optional.empty();

    @Option(names = "--from", paramLabel = "N", description = "First batch. Default: ${DEFAULT-VALUE}.")
    private long from = 1;

    @Option(names = "--to", paramLabel = "N", description = "Last batch. Default: the newest.")
    private long to = Long.MAX_VALUE;

    @Option(
            names = "--kept",
            paramLabel = "FILE",
            description =
                    "A receipt or a batch with a signed head, kept from before; another signed head of that batch is a proof. Can be repeated.")
    private List<Path> kept = List.of();

    @ArgGroup(exclusive = false, heading = "%nTo watch a lane:%n")
    private @Nullable WatchOptions watch;

    @Override
    public Integer call() throws InterruptedException {
        if (lane.filter(number -> number < 1).isPresent() || from < 1 || to < from) {
            throw console.usage("--lane, --from and --to must be numbers from 1, and --to not before --from.");
        }
        List<URI> addresses = addresses("ROUTER", routers);
        WatchOptions watched = watch;
        if (watched != null) {
            return new WatchRun(watching(watched, addresses), console.out()).untilStopped();
        }
        if (addresses.size() != 1) {
            throw console.usage("ROUTER must be one address, but with --watch.");
        }
        URI address = addresses.getFirst();
        String key = System.getenv(keyVariable);
        if (key == null || !isKey(key)) {
            throw console.usage(
                    "--key-env must name an environment variable that holds a key (printable ASCII without spaces).");
        }
        KeptHeads heads = new KeptHeads();
        for (Path file : kept) {
            try {
                heads.add(ReceiptSeries.bytes(file));
            } catch (UnreadableReceipt e) {
                throw console.usage("--kept " + file + ": " + TerminalText.line(String.valueOf(e.getMessage())));
            }
        }
        try (PublicDownload download = new PublicDownload(address, key)) {
            BatchDownload batches = new BatchDownload(
                    download, lane.isPresent() ? new LaneId(lane.get()) : BatchDownload.ownLane(download));
            OptionalLong newest = batches.newest();
            if (newest.isEmpty() || newest.getAsLong() < from) {
                console.complain("The lane has no such batches yet.");
                return 2;
            }
            long last = Math.min(Math.min(to, newest.getAsLong()), from + MOST_BATCHES - 1);
            LaneAudit audit = new LaneAudit(batches, new PolicyDownload(download), heads, console.out());
            int code = audit.run(from, last);
            if (last < Math.min(to, newest.getAsLong())) {
                console.complain(
                        "At most " + MOST_BATCHES + " batches are read; go on with --from " + (last + 1) + ".");
            }
            return code;
        } catch (IOException | UnreadableReceipt e) {
            console.complain("The audit failed: " + e.getMessage() + ".");
            return 2;
        }
    }

    private List<URI> addresses(String what, List<String> texts) {
        List<URI> addresses =
                texts.stream().flatMap(text -> NodeCall.address(text).stream()).toList();
        if (addresses.isEmpty() || addresses.size() != texts.size()) {
            throw console.usage(what + " must be an http or https address.");
        }
        return addresses;
    }

    private WatchSettings watching(WatchOptions options, List<URI> addresses) {
        if (lane.isEmpty() || to != Long.MAX_VALUE || !kept.isEmpty()) {
            throw console.usage("--watch needs --lane, and takes neither --to nor --kept.");
        }
        try {
            return options.settings(
                    new LaneId(lane.get()),
                    from,
                    addresses,
                    options.routerKey().map(this::routerKey),
                    addresses("--rpc", options.nodes()),
                    options.isChallenging()
                            ? Optional.of(PayingAccount.of(console, System::getenv, keyVariable))
                            : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        }
    }

    private String routerKey(String variable) {
        String key = System.getenv(variable);
        if (key == null || !isKey(key)) {
            throw console.usage("--router-key-env must name an environment variable that holds a key.");
        }
        return key;
    }

    /** Fit for a header. */
    private static boolean isKey(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
