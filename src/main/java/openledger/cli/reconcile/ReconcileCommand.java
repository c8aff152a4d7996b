package openledger.cli.reconcile;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import openledger.audit.usage.CallReconciliation;
import openledger.audit.usage.CallReconciliation.AmbiguousId;
import openledger.audit.usage.CallReconciliation.NoCommonIds;
import openledger.audit.usage.LoggedCall;
import openledger.audit.usage.Reconciliation;
import openledger.audit.usage.TotalsReconciliation;
import openledger.audit.usage.UsageDifference;
import openledger.audit.usage.UsageScope;
import openledger.audit.usage.UsageScope.Failures;
import openledger.audit.usage.UsageScope.Others;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.cli.account.ApiKeys;
import openledger.cli.reconcile.ReconcilePrinter.Basis;
import openledger.cli.reconcile.ReconcilePrinter.Read;
import openledger.unit.ShortDuration;
import openledger.verifier.TerminalText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a provider's own record of calls against what a router says of them. Long because a command's options are its documentation. */
@Command(
        name = "reconcile",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compare a provider's own usage export with the calls, tokens and refusals in a router's log.",
            "",
            "It finds calls that the provider never saw, refusals that the provider has as answers, tokens that differ, and calls",
            "at the provider that the log does not have."
        },
        footer = {
            "",
            "Exports that are read, as CSV, JSON or JSON lines, told apart by what is in them:",
            "  single calls     with a time, an id and more (gateway and invocation logs); other column names by --column",
            "  OpenAI           usage API (GET /v1/organization/usage/completions) and CSV of the usage page: totals with calls",
            "  Anthropic        usage report (GET /v1/organizations/usage_report/messages) and CSV of the console: tokens alone",
            "Ids show each call. Totals show only that the sums cannot be: an operator that hides a success among refusals makes",
            "the provider's count larger than the log's, but which call it was cannot be seen. Costs show nothing.",
            "",
            "The log is got from a router with the keys of tenants, each of which sees its own requests, or from receipts that were",
            "kept (--receipts). Unless all that use the provider's account are there, say --shared: then nothing follows from",
            "calls that the log does not have.",
            "Calls that were given up or broke may be at the provider or not, and are never a difference: what is hidden as a",
            "time-out stays hidden, but is counted. For --open requests the receipts are opened, those with differences first.",
            "",
            "Example:",
            "  KEY=sk-... openledger reconcile http://127.0.0.1:8080 --key-env KEY --provider openai --usage calls.csv",
            "",
            "Exit codes: 0 no difference; 1 there are differences; 2 it could not be done, or wrong usage."
        })
public final class ReconcileCommand implements Callable<Integer> {
    private static final Duration LONGEST_SKEW = Duration.ofHours(12);
    private static final Duration SETTLED = Duration.ofHours(1);
    private static final int MOST_OPENED = 100_000;

    private final UnaryOperator<@Nullable String> environment;

    @Mixin
    private final Console console = new Console();

    @Parameters(
            paramLabel = "ROUTER",
            arity = "0..1",
            description = "Address of the router, e.g. http://127.0.0.1:8080.")
    private Optional<String> router = Optional.empty();

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            split = ",",
            description =
                    "The environment variable that holds a tenant's key; several, with commas, for several tenants.")
    private List<String> keyVariables = List.of();

    @Option(
            names = "--receipts",
            paramLabel = "PATH",
            description = "In place of ROUTER: a receipt as JSON, or a folder of them. Can be repeated.")
    private List<Path> receipts = List.of();

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            required = true,
            description = "The provider as the router's policy calls it: the part of a target before the slash.")
    private String provider = "";

    @Option(
            names = "--usage",
            paramLabel = "FILE",
            required = true,
            description = "The provider's export. Can be repeated, for pages or parts of one.")
    private List<Path> usage = List.of();

    @Option(
            names = "--column",
            paramLabel = "MEANING=NAME",
            description = "A column of single calls: id, time, model, input, output or status. Can be repeated.")
    private Map<String, String> columns = Map.of();

    @Option(
            names = "--same-model",
            paramLabel = "LOG=EXPORT",
            description = "For totals: a model that the export calls otherwise than the log. Can be repeated.")
    private Map<String, String> sameModel = Map.of();

    @Option(
            names = "--totals",
            description =
                    "Compare totals by the hour though the export has ids, because it names calls in another way.")
    private boolean byTotals;

    @Option(
            names = "--shared",
            description =
                    "The export has calls of others too, or the log is a part: do not report calls that it does not have.")
    private boolean isShared;

    @Option(
            names = "--lists-refusals",
            paramLabel = "yes|no",
            description = "Whether an export of single calls has those that were refused. Default: yes if it has any.")
    private Optional<String> listsRefusals = Optional.empty();

    @Option(names = "--from", paramLabel = "TIME", description = "Only from then on. Default: where the export begins.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "TIME", description = "Only before then. Default: where the export ends.")
    private Optional<String> to = Optional.empty();

    @Option(
            names = "--skew",
            paramLabel = "TIME",
            description = "By how much the clocks may differ, at most 12h. Default: ${DEFAULT-VALUE}.")
    private String skew = "2m";

    @Option(
            names = "--open",
            paramLabel = "N",
            description = "Requests whose receipts are opened, 0 to 100000. Default: ${DEFAULT-VALUE}.")
    private int opened = 200;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    /** For the command line. */
    public ReconcileCommand() {
        this(System::getenv);
    }

    ReconcileCommand(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (router.isPresent() != receipts.isEmpty()) {
            throw console.usage("Name either ROUTER or --receipts.");
        }
        if (opened < 0 || opened > MOST_OPENED) {
            throw console.usage("--open must be 0 to " + MOST_OPENED + ".");
        }
        if (!CallColumns.MEANINGS.containsAll(columns.keySet())) {
            throw console.usage(
                    "--column must be one of id, time, model, input, output, status, and the column's name.");
        }
        try {
            return compare();
        } catch (UnreadableExport | AmbiguousId e) {
            complain("The export cannot be used: " + e.getMessage() + ".");
        } catch (NoCommonIds e) {
            complain("The comparison cannot be done: " + e.getMessage()
                    + ". Ids are what the provider sends as x-request-id or request-id; name another column with --column"
                    + " id=NAME, or compare --totals.");
        } catch (IOException e) {
            complain("The comparison failed: " + e.getMessage() + ".");
        } catch (ArithmeticException e) {
            complain("The comparison failed: numbers of tokens are too large.");
        }
        return 2;
    }

    private int compare() throws IOException, InterruptedException, UnreadableExport, NoCommonIds, AmbiguousId {
        Duration clocks = ShortDuration.parse(skew)
                .filter(length -> length.compareTo(LONGEST_SKEW) <= 0)
                .orElseThrow(() -> console.usage("--skew must be like 30s or 2m, and at most 12h."));
        UsageExport export = export();
        Instant begin = later(export.from(), from.map(text -> time("--from", text)));
        Instant end = earlier(export.to(), to.map(text -> time("--to", text)));
        boolean isByCall = export.isOfCalls() && !byTotals;
        if (!isByCall) {
            // What a provider has counted of the last hour is seldom all.
            end = earlier(end, Optional.of(Instant.now().minus(SETTLED)));
        }
        if (!begin.isBefore(end)) {
            throw new UnreadableExport("it has nothing in that time, or totals of the last hour alone");
        }
        Others others = isShared || router.isEmpty() ? Others.SOME : Others.NONE;
        UsageScope scope = new UsageScope(begin, end, clocks, failures(export), others);
        LoggedDecisions log = new LoggedDecisions(provider);
        try (LogSource source = source()) {
            source.log(log, begin.minus(clocks), end.plus(clocks));
            if (log.calls().isEmpty()) {
                throw new IOException("the log has no call to a provider of this name in that time, among "
                        + log.decisions() + " decisions");
            }
            Reconciliation found = isByCall
                    ? CallReconciliation.of(scope, log.calls(), export.calls())
                    : TotalsReconciliation.of(scope, export.intervals(), log.calls(), export.totals(), sameModel);
            CommittedRecords committed = open(source, log, found);
            Basis basis = isByCall ? Basis.CALLS : export.countsCalls() ? Basis.COUNTS : Basis.TOKENS;
            int entries = isByCall ? export.calls().size() : export.totals().size();
            return print(
                    new ReconcilePrinter(provider, basis, scope),
                    found.with(committed.differences()),
                    new Read(log.decisions(), log.calls().size(), entries, committed.opened(), committed.notYet()));
        }
    }

    private int print(ReconcilePrinter printer, Reconciliation found, Read read) {
        if (isJson) {
            console.out().println(printer.json(found, read).toPrettyString());
            console.out().flush();
        } else {
            printer.text(console.out(), found, read);
        }
        return found.total() == 0 ? 0 : 1;
    }

    private UsageExport export() throws IOException, UnreadableExport {
        UsageExport export = new UsageExport();
        for (Path file : usage) {
            try {
                new UsageFile(new ExportForms(export, new CallColumns(columns))).read(file);
            } catch (UnreadableExport e) {
                throw new UnreadableExport(file.getFileName() + ": " + e.getMessage(), e);
            } catch (IOException e) {
                throw new IOException("the file " + file + " cannot be read", e);
            }
        }
        if (export.isEmpty()) {
            throw new UnreadableExport("it has no rows");
        }
        if (export.isCutOff()) {
            throw new UnreadableExport(
                    "its last page is missing ('has_more' is true); give all pages, each as --usage");
        }
        return export;
    }

    private Failures failures(UsageExport export) {
        boolean listed = listsRefusals
                .map(word -> switch (word) {
                    case "yes" -> true;
                    case "no" -> false;
                    default -> throw console.usage("--lists-refusals must be yes or no.");
                })
                .orElseGet(export::hasRefusals);
        return listed ? Failures.LISTED : Failures.LEFT_OUT;
    }

    /** Those with differences first, then others by lot, which the router cannot foresee. */
    private CommittedRecords open(LogSource source, LoggedDecisions log, Reconciliation found)
            throws IOException, InterruptedException {
        Map<String, List<LoggedCall>> byRequest = new LinkedHashMap<>();
        log.calls()
                .forEach(call -> byRequest
                        .computeIfAbsent(call.request(), none -> new ArrayList<>())
                        .add(call));
        List<String> lot = new ArrayList<>(byRequest.keySet());
        Collections.shuffle(lot, new SecureRandom());
        Set<String> chosen = new LinkedHashSet<>();
        found.differences().stream()
                .map(UsageDifference::request)
                .filter(byRequest::containsKey)
                .forEach(chosen::add);
        chosen.addAll(lot);
        CommittedRecords committed = new CommittedRecords();
        for (String request : chosen.stream().limit(opened).toList()) {
            committed.check(source.receipt(request, log), byRequest.getOrDefault(request, List.of()));
        }
        return committed;
    }

    private LogSource source() throws IOException {
        if (router.isEmpty()) {
            return new LogSource.OfReceipts(receipts);
        }
        List<String> keys = ApiKeys.of(console, environment, keyVariables);
        if (keys.isEmpty()) {
            throw console.usage("--key-env is missing: it names the variables with tenants' keys.");
        }
        URI address = NodeCall.address(router.get())
                .orElseThrow(() -> console.usage("ROUTER must be an http or https address."));
        return new LogSource.OfRouter(address, keys);
    }

    private static Instant later(Instant one, Optional<Instant> other) {
        return other.filter(time -> time.isAfter(one)).orElse(one);
    }

    private static Instant earlier(Instant one, Optional<Instant> other) {
        return other.filter(time -> time.isBefore(one)).orElse(one);
    }

    private Instant time(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw console.usage(option + " must be like 2026-01-31T12:00:00Z.");
        }
    }

    private void complain(String words) {
        console.err().println(TerminalText.line(words));
        console.err().flush();
    }
}
