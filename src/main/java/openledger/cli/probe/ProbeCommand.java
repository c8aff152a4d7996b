package openledger.cli.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import openledger.cli.Console;
import openledger.cli.NodeCall;
import openledger.cli.account.ApiKeys;
import openledger.fairness.twin.TwinPlan;
import openledger.fairness.twin.TwinVerdict;
import openledger.unit.ShortDuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tests with twins whether an endpoint treats requests alike. Long because a command's options are its documentation. */
@Command(
        name = "probe",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Send twins to any endpoint with OpenAI's chat completions, and test whether both are treated alike.",
            "",
            "The twins of a pair differ in one thing (--vary), are sent together in an order drawn by lot, and ask for one number",
            "each. Tested are refusals, the model that the answer names, retries that headers show, time and tokens."
        },
        footer = {
            "",
            "What twins can differ in:",
            "  nothing           both are the same: a test of the endpoint's noise, and of this command",
            "  key               the key: --key-env names two variables",
            "  header:NAME=A,B   a header, e.g. of a tenant or a region",
            "  user=A,B          the member 'user'",
            "  prompt            a short or a long prompt; time and tokens are not tested",
            "  stream            the answer whole or streamed; tokens are not tested",
            "  position          first or second of two, one after the other",
            "",
            "Before the first request it says how many pairs find the difference with a power of 80 and of 95 per cent, what they cost,",
            "and asks. Fewer pairs than those for 80 per cent never end in \"nothing found\".",
            "",
            "Example:",
            "  A=sk-... B=sk-... openledger probe https://api.example.com/v1 --model m --key-env A,B --vary key --difference 10",
            "",
            "Exit codes: 0 nothing found, with enough pairs; 1 not alike; 2 not enough to tell, it failed, or wrong usage."
        })
public final class ProbeCommand implements Callable<Integer> {
    private static final double PERCENT = 100;
    private static final double HIGH_POWER = 0.95;
    private static final int MOST_PAIRS = 100_000;
    private static final double MOST_A_SECOND = 100;
    private static final int MOST_AT_ONCE = 256;
    private static final int MOST_TOKENS = 4_096;
    private static final int LONGEST_NAME = 256;
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration LONGEST_RUN = Duration.ofHours(24);
    private static final int PROGRESS = 50;

    private final UnaryOperator<@Nullable String> environment;
    private final InputStream answers;
    private final AtomicBoolean isReported = new AtomicBoolean();

    @Mixin
    private final Console console = new Console();

    @Parameters(
            paramLabel = "URL",
            description = "The endpoint's base address as SDKs take it, e.g. https://api.example.com/v1.")
    private String url = "";

    @Option(names = "--model", paramLabel = "NAME", required = true, description = "The model to ask for.")
    private String model = "";

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            required = true,
            split = ",",
            description = "The environment variable that holds the key; two, with a comma, for --vary key.")
    private List<String> keyVariables = List.of();

    @Option(
            names = "--vary",
            paramLabel = "WHAT",
            required = true,
            description = "What the twins differ in; see below.")
    private String vary = "";

    @Option(
            names = "--difference",
            paramLabel = "POINTS",
            description =
                    "The difference in refusals to find, in percentage points; over 0. Default: ${DEFAULT-VALUE}.")
    private double difference = 10;

    @Option(
            names = "--base",
            paramLabel = "PERCENT",
            description = "Requests that are refused anyway, per cent, as far as you know. Default: ${DEFAULT-VALUE}.")
    private double base = 5;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "Pairs to send, 1 to 100000. Default: those for a power of 95 per cent.")
    private Optional<Integer> pairs = Optional.empty();

    @Option(
            names = "--most-tokens",
            paramLabel = "N",
            description = "Tokens of all requests together that may be spent. Default: ${DEFAULT-VALUE}.")
    private long mostTokens = 200_000;

    @Option(
            names = "--answer-tokens",
            paramLabel = "N",
            description = "Tokens of an answer, 1 to 4096 (max_tokens). Default: ${DEFAULT-VALUE}.")
    private int answerTokens = 16;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Pairs a second at most, over 0 and up to 100. Default: ${DEFAULT-VALUE}.")
    private double rate = 1;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "Pairs in flight at most, 1 to 256. Default: ${DEFAULT-VALUE}.")
    private int atOnce = 4;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "For all of an answer, at most 10m. Default: ${DEFAULT-VALUE}.")
    private String timeout = "60s";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "No pair is begun after that time, at most 24h. Default: ${DEFAULT-VALUE}.")
    private String longest = "2h";

    @Option(
            names = "--retries-header",
            paramLabel = "NAME",
            description = "The header of answers that counts attempts or retries. Default: ${DEFAULT-VALUE}.")
    private String retriesHeader = "openledger-attempts";

    @Option(names = "--yes", description = "Do not ask before the first request.")
    private boolean isAgreed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    /** For the command line. */
    public ProbeCommand() {
        this(System::getenv, System.in);
    }

    /** @param answers what its user answers */
    ProbeCommand(UnaryOperator<@Nullable String> environment, InputStream answers) {
        this.environment = environment;
        this.answers = answers;
    }

    @Override
    public Integer call() throws InterruptedException {
        TwinFeature feature = TwinFeature.parse(vary)
                .orElseThrow(() -> console.usage(
                        "--vary must be nothing, key, header:NAME=A,B, user=A,B, prompt, stream or position."));
        ProbeTarget target = target(feature);
        TwinPlan plan = plan(feature);
        int count = pairs.orElseGet(() -> plan.pairs(HIGH_POWER));
        if (count < 1 || count > MOST_PAIRS) {
            throw console.usage("--pairs must be 1 to " + MOST_PAIRS + "; the difference needs " + count + ".");
        }
        ProbeRun.Limits limits = limits(count);
        ProbePrinter printer = new ProbePrinter(feature, plan);
        long tokens = (long) count * target.tokensOfAPair();
        printer.plan(isJson ? console.err() : console.out(), count, tokens, rate);
        if (tokens > mostTokens) {
            complain("That is more than --most-tokens, " + mostTokens + ": allow more, or send fewer --pairs.");
            return 2;
        }
        if (!isAgreed && !agrees()) {
            complain("Nothing was sent. Answer y, or give --yes.");
            return 2;
        }
        return probe(target, feature, plan, printer, limits);
    }

    private int probe(
            ProbeTarget target, TwinFeature feature, TwinPlan plan, ProbePrinter printer, ProbeRun.Limits limits)
            throws InterruptedException {
        try (ProbeClient client = new ProbeClient(target, retriesHeader)) {
            ProbeRun run = new ProbeRun(client, limits, feature instanceof TwinFeature.Position, new SecureRandom());
            Thread stopping = Thread.ofPlatform().unstarted(() -> {
                run.stop();
                // What is in flight costs already; its owner shall see what came of all.
                report(run, plan, feature, printer);
            });
            Runtime.getRuntime().addShutdownHook(stopping);
            try {
                run.run(ended -> {
                    if (ended % PROGRESS == 0) {
                        PrintWriter err = console.err();
                        err.println("  " + ended + " of " + limits.pairs() + " pairs");
                        err.flush();
                    }
                });
            } finally {
                forget(stopping);
            }
            return report(run, plan, feature, printer);
        }
    }

    private static void forget(Thread stopping) {
        try {
            Runtime.getRuntime().removeShutdownHook(stopping);
        } catch (IllegalStateException alreadyStopping) {
            return;
        }
    }

    /** Once, by whoever comes first: the end of the run, or of the process. */
    private int report(ProbeRun run, TwinPlan plan, TwinFeature feature, ProbePrinter printer) {
        if (isReported.getAndSet(true)) {
            return 2;
        }
        if (run.isHopeless()) {
            complain("The endpoint answers none of " + run.pairs().size() + " pairs: " + run.refusals() + ".");
            return 2;
        }
        TwinVerdict found = TwinVerdict.of(run.pairs(), feature.tested(), plan);
        if (isJson) {
            console.out().println(printer.json(found, run.refusals()).toPrettyString());
            console.out().flush();
        } else {
            printer.text(console.out(), found, run.refusals());
        }
        return switch (found.conclusion()) {
            case UNEQUAL -> 1;
            case NOTHING_FOUND -> 0;
            case NOT_ENOUGH -> 2;
        };
    }

    private ProbeTarget target(TwinFeature feature) {
        URI address = NodeCall.address(url.replaceFirst("/+$", "") + "/chat/completions")
                .orElseThrow(() -> console.usage("URL must be an http or https address."));
        if (model.isEmpty() || model.length() > LONGEST_NAME || answerTokens < 1 || answerTokens > MOST_TOKENS) {
            throw console.usage("--model has 1 to 256 characters, and --answer-tokens must be 1 to 4096.");
        }
        boolean isOfKeys = feature instanceof TwinFeature.Key;
        if (keyVariables.size() != (isOfKeys ? 2 : 1)) {
            throw console.usage(
                    isOfKeys ? "--vary key needs two variables: --key-env A,B." : "--key-env names one variable.");
        }
        return new ProbeTarget(
                address,
                ApiKeys.of(console, environment, keyVariables),
                model,
                answerTokens,
                time("--timeout", timeout, LONGEST_TIMEOUT),
                feature);
    }

    private TwinPlan plan(TwinFeature feature) {
        try {
            return new TwinPlan(
                    base / PERCENT, difference / PERCENT, feature.tested().size());
        } catch (IllegalArgumentException e) {
            throw console.usage("--difference must be over 0, --base 0 or more, and both together under 100.");
        }
    }

    private ProbeRun.Limits limits(int count) {
        if (!(rate > 0 && rate <= MOST_A_SECOND) || atOnce < 1 || atOnce > MOST_AT_ONCE) {
            throw console.usage("--rate must be over 0 and up to 100, and --at-once 1 to 256.");
        }
        return new ProbeRun.Limits(count, rate, atOnce, time("--for", longest, LONGEST_RUN));
    }

    private Duration time(String option, String text, Duration most) {
        return ShortDuration.parse(text)
                .filter(Duration::isPositive)
                .filter(length -> length.compareTo(most) <= 0)
                .orElseThrow(() -> console.usage(
                        option + " must be like 30s or 2m, and at most " + ShortDuration.words(most) + "."));
    }

    private boolean agrees() {
        PrintWriter err = console.err();
        err.print("Send them? [y/N] ");
        err.flush();
        try {
            String line = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8)).readLine();
            return line != null && line.strip().equalsIgnoreCase("y");
        } catch (IOException e) {
            return false;
        }
    }

    private void complain(String words) {
        console.err().println(words);
        console.err().flush();
    }
}
