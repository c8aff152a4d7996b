package openledger.inference.fairness;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Slo;
import openledger.fairness.Verdict;
import openledger.inference.RequestMetricContext;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.record.Decision;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.RoutingMode;

/**
 * What is fair now, for whoever asks: per route, mode and gate the figures of the last minutes, and how each objective stands. Holds
 * counters, O(cohorts) for each of these, and no request. Thread-safe.
 */
public final class FairnessBoard implements RouterMetrics {
    /** How much time the figures cover. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    /** Stretches in which it is counted. */
    static final Duration PART = Duration.ofSeconds(10);

    private final Cohorts cohorts;
    private final Timekeeper time;
    private final LongSupplier clock;
    private final Map<FairnessSeries.Key, SeriesCounts> series = new ConcurrentHashMap<>();

    /** The board of a router that is alone. */
    public FairnessBoard(Cohorts cohorts, Timekeeper time) {
        this(cohorts, time, time::epochMillis);
    }

    /**
     * The board of a router.
     *
     * @param clock in whose stretches it is counted, Unix ms
     */
    public FairnessBoard(Cohorts cohorts, Timekeeper time, LongSupplier clock) {
        this.cohorts = cohorts;
        this.time = time;
        this.clock = clock;
    }

    /** What was counted in a part that is over at {@code nowMillis}, and how all series stand now; a part's number is time in its length. */
    List<SeriesPart> parts(long number, long nowMillis) {
        return series.values().stream()
                .map(counts -> counts.part(number, nowMillis))
                .toList();
    }

    /** Works all figures out anew, with their floors, which take some milliseconds: for a worker, every few seconds. */
    public void refresh(RandomGenerator chance) {
        long now = clock.getAsLong();
        series.values().forEach(counts -> counts.refresh(now, chance));
    }

    /** All there is, by route and mode. */
    public List<FairnessSeries> series() {
        return series.values().stream()
                .map(SeriesCounts::series)
                .sorted(Comparator.comparing((FairnessSeries of) -> of.key().route())
                        .thenComparing(of -> of.key().mode()))
                .toList();
    }

    /** Forgets routes that are no more. */
    public void keep(Set<String> routes) {
        series.keySet().removeIf(key -> !routes.contains(key.route()));
    }

    /** The cohort of a tenant now. */
    public int cohortOf(String tenant) {
        return cohorts.of(tenant, time.epochMillis());
    }

    /** A pair of identical probes has ended. */
    public void twins(String route, RoutingMode mode, Gate gate, Verdict agree) {
        counts(
                        mode == RoutingMode.FAST
                                ? FairnessSeries.Key.of(route, LeafMode.FAST)
                                : FairnessSeries.Key.of(route, gate))
                .judged(Slo.TWINS_AGREE, agree);
    }

    /** A plan, or the end of a planned request, was held against a replay of its snapshot. */
    public void replayed(String route, LeafMode mode, Verdict agrees) {
        counts(FairnessSeries.Key.of(route, mode)).judged(Slo.RECEIPTS_REPLAY, agrees);
    }

    @Override
    public void finished(Route route, Decision decision, RequestMetricContext circumstances) {
        SeriesCounts counts = counts(FairnessSeries.Key.of(route.name(), decision.mode()));
        int cohort = cohorts.of(decision.intent().tenant(), decision.intent().arrivalMillis());
        counts.took(decision, cohort);
        if (!wasClosed(decision)) {
            counts.finished(decision, cohort, circumstances.utilisationPercent(), clock.getAsLong());
        }
        SloEvaluation.of(route, decision, counts::judged);
    }

    /** Its own words kept it from the best tier, so it cannot be compared with those that had the choice. */
    private static boolean wasClosed(Decision decision) {
        return decision.attempts().stream()
                .anyMatch(attempt -> attempt.tier() == 0 && attempt.trigger().isClosure());
    }

    @Override
    public void confirmed(Route route, Gate gate, PlanLevel level, Duration sincePin) {
        counts(FairnessSeries.Key.of(route.name(), gate)).judged(Slo.CONFIRMED_IN_TIME, Verdict.GOOD);
    }

    @Override
    public void unconfirmed(Route route, Gate gate, OnUnconfirmed then) {
        counts(FairnessSeries.Key.of(route.name(), gate)).judged(Slo.CONFIRMED_IN_TIME, Verdict.BAD);
    }

    private SeriesCounts counts(FairnessSeries.Key key) {
        SeriesCounts known = series.get(key);
        return known != null
                ? known
                : series.computeIfAbsent(key, first -> new SeriesCounts(first, PART, (int) WINDOW.dividedBy(PART)));
    }
}
