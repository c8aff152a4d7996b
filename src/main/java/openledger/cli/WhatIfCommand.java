package openledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import openledger.archive.PublicDownload;
import openledger.cli.account.ApiKeys;
import openledger.cli.whatif.DecisionDownload;
import openledger.cli.whatif.PublishedRoute;
import openledger.cli.whatif.WhatIfPrinter;
import openledger.lab.replay.LoggedRequest;
import openledger.lab.replay.WhatIf;
import openledger.lab.replay.WhatIf.Found;
import openledger.lab.replay.WhatIf.Manners;
import openledger.lab.replay.WhatIf.Question;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;
import openledger.routing.Tier;
import openledger.unit.ShortDuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replays a user's own decision log under another budget or in another mode. */
@Command(
        name = "what-if",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Replay your own requests with other attempts of the best tier, and so another retry budget, or in another mode.",
            "",
            "It shows how many fallen-back requests would have got the best tier, how many that got it would have fallen back,",
            "and the cost in time.",
            "",
            "The decisions are exact: they are made by the code that serves traffic. The outcomes are modelled: the answer to a",
            "call that was not made is drawn from the provider's answers to other calls at that time. Compare \"modelled\" with",
            "\"logged\" to see how well the model fits."
        },
        footer = {
            "",
            "A key sees only its own tenant's decisions. With the keys of several tenants, name a variable for each; each gets a",
            "row. Traffic of others, which the log does not show, is assumed unchanged and keeps its share of the slots.",
            "",
            "Example:",
            "  openledger what-if http://127.0.0.1:8080 --key-env KEY --route assistant --budget 7 \\",
            "      --from 2026-11-01T12:00:00Z --to 2026-11-01T13:00:00Z",
            "",
            "Exit codes: 0 done; 2 it failed, or wrong usage."
        })
public final class WhatIfCommand implements Callable<Integer> {
    private static final int LARGEST_POLICY = 4 << 20;
    private static final int MOST_DRAWS = 1_000;

    private final UnaryOperator<@Nullable String> environment;

    @Mixin
    private final Console console = new Console();

    @Parameters(paramLabel = "ROUTER", description = "Address of the router, e.g. http://127.0.0.1:8080.")
    private String router = "";

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            required = true,
            split = ",",
            description =
                    "The environment variable that holds a tenant's key; several, with commas, for several tenants.")
    private List<String> keyVariables = List.of();

    @Option(names = "--route", paramLabel = "NAME", description = "The route. Default: the router's only one.")
    private Optional<String> routeName = Optional.empty();

    @Option(
            names = "--budget",
            paramLabel = "N",
            description =
                    "Attempts of the best tier. Lower tiers keep theirs: the retry budget is the sum. Default: unchanged.")
    private Optional<Integer> budget = Optional.empty();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "fast or confirmed. Default: the mode of most logged requests.")
    private Optional<String> mode = Optional.empty();

    @Option(
            names = "--gate",
            paramLabel = "GATE",
            description = "For mode confirmed: response or dispatch. Default: ${DEFAULT-VALUE}.")
    private String gate = "response";

    @Option(
            names = "--block-time",
            paramLabel = "TIME",
            description =
                    "For mode confirmed: time between two blocks of the chain, e.g. 250ms or 2s. Default: ${DEFAULT-VALUE}.")
    private String blockTime = "250ms";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            required = true,
            description = "First arrival that counts, as in the example.")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", required = true, description = "Only arrivals before this time count.")
    private String to = "";

    @Option(
            names = "--draws",
            paramLabel = "N",
            description = "Number of replays for the intervals, 2 to 1000. Default: ${DEFAULT-VALUE}.")
    private int draws = 40;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    /** For the command line. */
    public WhatIfCommand() {
        this(System::getenv);
    }

    WhatIfCommand(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        URI address =
                NodeCall.address(router).orElseThrow(() -> console.usage("ROUTER must be an http or https address."));
        Instant start = time("--from", from);
        Instant end = time("--to", to);
        if (!start.isBefore(end)) {
            throw console.usage("--from must be before --to.");
        }
        if (draws < 2 || draws > MOST_DRAWS) {
            throw console.usage("--draws must be 2 to 1000.");
        }
        try {
            return ask(address, ApiKeys.of(console, environment, keyVariables), start, end);
        } catch (IOException | IllegalArgumentException e) {
            console.complain("The replay failed: " + e.getMessage() + ".");
            return 2;
        }
    }

    private int ask(URI address, List<String> keys, Instant start, Instant end)
            throws IOException, InterruptedException {
        Route route = route(address, keys.getFirst());
        DecisionDownload download = new DecisionDownload(route.name(), start, end);
        List<String> tiers = route.tiers().stream().map(Tier::name).toList();
        for (int cohort = 0; cohort < keys.size(); cohort++) {
            try (PublicDownload from = new PublicDownload(address, keys.get(cohort))) {
                download.get(from, cohort, tiers);
            }
        }
        List<LoggedRequest> log = new ArrayList<>(download.requests());
        log.sort(Comparator.comparingDouble(LoggedRequest::millis).thenComparing(LoggedRequest::id));
        if (log.isEmpty()) {
            throw new IOException("route '" + route.name()
                    + "' has no decisions in that time that ended in an answer or without attempts left");
        }
        Question question = question(route, log);
        List<Found> found = WhatIf.ask(log, keys.size(), question, draws);
        WhatIfPrinter printer = new WhatIfPrinter(question, keyVariables, download.leftOut(), draws);
        PrintWriter out = console.out();
        out.print(isJson ? printer.json(found).toPrettyString() + System.lineSeparator() : printer.text(found));
        out.flush();
        return 0;
    }

    private Route route(URI address, String key) throws IOException, InterruptedException {
        try (PublicDownload from = new PublicDownload(address, key)) {
            JsonNode policy = ForeignJson.read(from.get("/v1/policy", LARGEST_POLICY));
            List<String> names = PublishedRoute.names(policy);
            if (routeName.isEmpty() && names.size() != 1) {
                throw console.usage("--route must be one of " + PublishedRoute.some(names) + ".");
            }
            return PublishedRoute.of(policy, routeName.orElseGet(names::getFirst));
        }
    }

    private Question question(Route route, List<LoggedRequest> log) {
        long confirmed = log.stream()
                .filter(request -> request.mode() == RoutingMode.CONFIRMED)
                .count();
        RoutingMode logged = 2 * confirmed > log.size() ? RoutingMode.CONFIRMED : RoutingMode.FAST;
        RoutingMode instead = mode.map(word ->
                        RoutingMode.ofWord(word).orElseThrow(() -> console.usage("--mode must be fast or confirmed.")))
                .orElse(logged);
        Gate held = Gate.ofWord(gate).orElseThrow(() -> console.usage("--gate must be response or dispatch."));
        Duration block = ShortDuration.parse(blockTime)
                .filter(Duration::isPositive)
                .orElseThrow(() -> console.usage("--block-time must be like 250ms or 2s."));
        Route changed =
                budget.map(attempts -> WhatIf.withBudget(route, attempts)).orElse(route);
        if (instead == RoutingMode.CONFIRMED && changed.budget() > RouteModes.LARGEST_CONFIRMED_BUDGET) {
            throw console.usage(
                    "in mode confirmed, all tiers together have at most 8 attempts, not " + changed.budget() + ".");
        }
        return new Question(route, new Manners(logged, held, block), changed, new Manners(instead, held, block));
    }

    private Instant time(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw console.usage(option + " must be like 2026-01-31T12:00:00Z.");
        }
    }
}
