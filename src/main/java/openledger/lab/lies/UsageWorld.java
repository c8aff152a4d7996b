package openledger.lab.lies;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import openledger.audit.usage.CallReconciliation;
import openledger.audit.usage.CallReconciliation.AmbiguousId;
import openledger.audit.usage.CallReconciliation.NoCommonIds;
import openledger.audit.usage.ClaimedEnd;
import openledger.audit.usage.LoggedCall;
import openledger.audit.usage.ProviderCall;
import openledger.audit.usage.ProviderCall.Result;
import openledger.audit.usage.ProviderTotal;
import openledger.audit.usage.Reconciliation;
import openledger.audit.usage.TokenCount;
import openledger.audit.usage.TotalsReconciliation;
import openledger.audit.usage.UsageScope;
import openledger.audit.usage.UsageScope.Failures;
import openledger.audit.usage.UsageScope.Others;
import openledger.lab.world.LogNormal;

/**
 * A window of calls to a provider, as a log has them and as the provider has them; parameters of {@code
 * docs/explanation/lies-about-providers.md}. The same seed gives the same window. Confined to one thread.
 */
public final class UsageWorld {
    private static final Instant BEGIN = Instant.parse("2026-11-01T06:00:00Z");
    private static final Duration LENGTH = Duration.ofHours(6);
    private static final Duration SKEW = Duration.ofMinutes(2);
    private static final int REQUESTS = 1_500;
    private static final int MOST_CALLS = 3;
    private static final int SECOND_MODEL = 5;
    private static final double REFUSED = 0.08;
    private static final double UNCERTAIN = 0.015;
    private static final double HALF = 0.5;
    private static final double UNNAMED_ANSWER = 0.01;
    private static final double UNNAMED_REFUSAL = 0.1;
    private static final double UNNAMED_UNCERTAIN = 0.7;
    private static final double SENT_AGAIN = 0.002;
    private static final long MOST_OFF_MILLIS = 60_000;
    private static final long MOST_LATE_MILLIS = 5_000;
    private static final LogNormal MILLIS = new LogNormal(2_000, 1);
    private static final LogNormal INPUT = new LogNormal(800, 1.5);
    private static final LogNormal OUTPUT = new LogNormal(250, 1);

    private final SplittableRandom random;
    private final Optional<ProviderLie> lie;
    private final double rate;
    private final long off;
    private final List<LoggedCall> logged = new ArrayList<>();
    private final List<ProviderCall> provided = new ArrayList<>();
    private int names;

    private UsageWorld(long seed, Optional<ProviderLie> lie, double rate) {
        this.random = new SplittableRandom(seed);
        this.lie = lie;
        this.rate = rate;
        this.off = random.nextLong(-MOST_OFF_MILLIS, MOST_OFF_MILLIS + 1);
    }

    /** How a provider lets others see its records. */
    public enum Form {
        IDS_WITH_REFUSALS("ids, with refusals"),
        IDS_OF_SUCCESSES("ids, successes alone"),
        TOTALS("hourly totals with calls"),
        TOKENS("hourly totals of tokens");

        private final String words;

        Form(String words) {
            this.words = words;
        }

        /** In tables. */
        public String words() {
            return words;
        }
    }

    /** A window of an honest router. */
    public static UsageWorld honest(long seed) {
        return made(seed, Optional.empty(), 0);
    }

    /**
     * A window of a router that lies.
     *
     * @param rate share of the requests that it lies about, 0 to 1
     */
    public static UsageWorld lying(long seed, ProviderLie lie, double rate) {
        return made(seed, Optional.of(lie), rate);
    }

    private static UsageWorld made(long seed, Optional<ProviderLie> lie, double rate) {
        UsageWorld world = new UsageWorld(seed, lie, rate);
        // It begins before the provider's records and goes on after them, as real traffic does.
        Duration margin = Duration.ofMinutes(30);
        double mean = (double) LENGTH.toMillis() / REQUESTS;
        double end = LENGTH.plus(margin).toMillis();
        int request = 0;
        for (double at = -margin.toMillis(); at < end; at -= mean * StrictMath.log(1 - world.random.nextDouble())) {
            world.request("request-" + request++, BEGIN.plusMillis((long) at));
        }
        return world;
    }

    private void request(String name, Instant arrival) {
        String target = random.nextInt(SECOND_MODEL) == 0 ? "small" : "large";
        boolean isLie = random.nextDouble() < rate;
        Instant start = arrival;
        for (int attempt = 1; attempt <= MOST_CALLS; attempt++) {
            double luck = random.nextDouble();
            Instant end = start.plusMillis((long) MILLIS.draw(random) + 1);
            if (luck < REFUSED) {
                refused(name, attempt, target, start, start.plusMillis(40));
            } else if (luck < REFUSED + UNCERTAIN) {
                uncertain(name, attempt, target, start, end);
            } else {
                served(new Call(name, attempt, target, start, end, isLie ? lie : Optional.empty()));
                return;
            }
            start = end.plusMillis(200);
        }
    }

    /** One that the provider answered, and whether something else is said of it. */
    private record Call(
            String request, int attempt, String target, Instant start, Instant end, Optional<ProviderLie> lie) {}

    private void refused(String request, int attempt, String target, Instant start, Instant end) {
        String id = name();
        provider(id, end, target, Result.REFUSED, new TokenCount(0, 0));
        boolean isNamed = random.nextDouble() >= UNNAMED_REFUSAL;
        logged.add(new LoggedCall(
                request, attempt, isNamed ? id : "", start, end, target, "", ClaimedEnd.REFUSED, TokenCount.NONE, 1));
    }

    private void uncertain(String request, int attempt, String target, Instant start, Instant end) {
        String id = name();
        boolean isNamed = random.nextDouble() >= UNNAMED_UNCERTAIN;
        if (random.nextDouble() < HALF) {
            provider(id, end, target, Result.SUCCEEDED, tokens());
        }
        logged.add(new LoggedCall(
                request, attempt, isNamed ? id : "", start, end, target, "", ClaimedEnd.UNCERTAIN, TokenCount.NONE, 1));
    }

    private void served(Call call) {
        String id = name();
        TokenCount tokens = tokens();
        boolean isNamed = random.nextDouble() >= UNNAMED_ANSWER;
        boolean isSentAgain = random.nextDouble() < SENT_AGAIN;
        if (isSentAgain && random.nextDouble() < HALF) {
            provider(name(), call.start.plusMillis(20), call.target, Result.SUCCEEDED, tokens());
        }
        Optional<ProviderLie> told = call.lie;
        if (told.isEmpty() || told.get() != ProviderLie.NEVER_MADE) {
            provider(id, call.end, call.target, Result.SUCCEEDED, tokens);
        }
        if (told.isPresent() && told.get() == ProviderLie.LEFT_OUT) {
            return;
        }
        boolean isRefusal = told.filter(
                        one -> one == ProviderLie.FAKE_REFUSAL || one == ProviderLie.FAKE_REFUSAL_WITHOUT_ID)
                .isPresent();
        boolean isUnnamed = told.isEmpty() ? !isNamed : told.get() == ProviderLie.FAKE_REFUSAL_WITHOUT_ID;
        TokenCount said = told.filter(one -> one == ProviderLie.INFLATED).isPresent()
                ? new TokenCount(tokens.input() + tokens.input() / 4, tokens.output() + tokens.output() / 4)
                : tokens;
        logged.add(new LoggedCall(
                call.request,
                call.attempt,
                isUnnamed ? "" : id,
                call.start,
                isRefusal ? call.start.plusMillis(40) : call.end,
                call.target,
                isRefusal ? "" : call.target + "-2026-08",
                isRefusal ? ClaimedEnd.REFUSED : ClaimedEnd.SERVED,
                isRefusal ? TokenCount.NONE : said,
                isSentAgain ? 2 : 1));
    }

    private String name() {
        return "req-" + names++;
    }

    private TokenCount tokens() {
        return new TokenCount((long) INPUT.draw(random) + 1, (long) OUTPUT.draw(random) + 1);
    }

    private void provider(String id, Instant end, String target, Result result, TokenCount tokens) {
        Instant time = end.plusMillis(off + random.nextLong(MOST_LATE_MILLIS + 1));
        provided.add(new ProviderCall(id, time, target + "-2026-08", result, tokens));
    }

    /** What a comparison finds if the provider shows its records in a form. */
    public Reconciliation reconciled(Form form) {
        Failures failures = form == Form.IDS_WITH_REFUSALS ? Failures.LISTED : Failures.LEFT_OUT;
        Instant end = BEGIN.plus(LENGTH);
        UsageScope scope = new UsageScope(BEGIN, end, SKEW, failures, Others.NONE);
        List<ProviderCall> shown = provided.stream()
                .filter(call -> form == Form.IDS_WITH_REFUSALS || call.result() == Result.SUCCEEDED)
                .filter(call -> !call.time().isBefore(BEGIN) && call.time().isBefore(end))
                .toList();
        try {
            return switch (form) {
                case IDS_WITH_REFUSALS, IDS_OF_SUCCESSES -> CallReconciliation.of(scope, logged, shown);
                case TOTALS, TOKENS -> TotalsReconciliation.of(scope, hours(), logged, totals(shown, form), Map.of());
            };
        } catch (NoCommonIds | AmbiguousId e) {
            throw new IllegalStateException("a window has calls of both", e);
        }
    }

    private static SortedMap<Instant, Instant> hours() {
        SortedMap<Instant, Instant> hours = new TreeMap<>();
        for (Instant at = BEGIN; at.isBefore(BEGIN.plus(LENGTH)); at = at.plus(1, ChronoUnit.HOURS)) {
            hours.put(at, at.plus(1, ChronoUnit.HOURS));
        }
        return hours;
    }

    private static List<ProviderTotal> totals(List<ProviderCall> shown, Form form) {
        Map<List<Object>, ProviderTotal> totals = new HashMap<>();
        for (ProviderCall call : shown) {
            Instant hour = call.time().truncatedTo(ChronoUnit.HOURS);
            long calls = form == Form.TOTALS ? 1 : TokenCount.UNKNOWN;
            totals.merge(
                    List.of(hour, call.model()),
                    new ProviderTotal(hour, hour.plus(1, ChronoUnit.HOURS), call.model(), calls, call.tokens()),
                    ProviderTotal::plus);
        }
        return List.copyOf(totals.values());
    }
}
