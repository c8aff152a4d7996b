package openledger.inference.fairness;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import openledger.fairness.FairnessFigures;
import openledger.fairness.FairnessWindow;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.fairness.Verdict;
import openledger.inference.fairness.FairnessSeries.CohortCount;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.TokenUsage;
import org.jspecify.annotations.Nullable;

/** The counters behind one {@link FairnessSeries}. Counting is for any thread; looking is for one at a time. */
final class SeriesCounts {
    private static final int MINUTES = 60;

    private final FairnessSeries.Key key;
    private final FairnessWindow window;
    private final Map<Slo, LongAdder> good = adders();
    private final Map<Slo, LongAdder> bad = adders();
    private final AtomicLongArray admitted = new AtomicLongArray(FairnessWindow.COHORTS);
    private final AtomicLongArray denied = new AtomicLongArray(FairnessWindow.COHORTS);
    private final AtomicLongArray inputTokens = new AtomicLongArray(FairnessWindow.COHORTS);
    private final AtomicLongArray cachedTokens = new AtomicLongArray(FairnessWindow.COHORTS);
    private final Deque<Mark> marks = new ArrayDeque<>();
    private volatile @Nullable FairnessFigures figures;

    SeriesCounts(FairnessSeries.Key key, Duration part, int parts) {
        this.key = key;
        this.window = new FairnessWindow(part, parts);
    }

    private static Map<Slo, LongAdder> adders() {
        Map<Slo, LongAdder> adders = new EnumMap<>(Slo.class);
        for (Slo slo : Slo.values()) {
            adders.put(slo, new LongAdder());
        }
        return adders;
    }

    void judged(Slo slo, Verdict verdict) {
        adder(verdict == Verdict.GOOD ? good : bad, slo).increment();
    }

    private static LongAdder adder(Map<Slo, LongAdder> of, Slo slo) {
        return java.util.Objects.requireNonNull(of.get(slo));
    }

    void finished(Decision decision, int cohort, int utilisationPercent, long nowMillis) {
        window.add(
                nowMillis,
                decision.intent().arrivalMillis(),
                cohort,
                decision.attempts().size(),
                decision.status(),
                decision.attribution(),
                decision.overtakes(),
                utilisationPercent);
        admitted.incrementAndGet(cohort);
        switch (decision.status()) {
            case FELL_BACK, EXHAUSTED -> denied.incrementAndGet(cohort);
            case SERVED, REJECTED, INTERRUPTED, CANCELLED, UNCONFIRMED, TIMED_OUT -> {}
        }
    }

    /** What answers took: nobody is to get the warm cache by favour. */
    void took(Decision decision, int cohort) {
        for (AttemptRecord attempt : decision.attempts()) {
            attempt.detail().usage().ifPresent(usage -> {
                inputTokens.addAndGet(cohort, TokenUsage.counted(usage.input()));
                cachedTokens.addAndGet(cohort, TokenUsage.counted(usage.cached()));
            });
        }
    }

    /** Works the figures out anew, and remembers once a minute how the objectives stood. */
    synchronized void refresh(long nowMillis, RandomGenerator chance) {
        figures = window.figures(nowMillis, chance);
        long minute = nowMillis / Duration.ofMinutes(1).toMillis();
        if (marks.isEmpty() || marks.getLast().minute < minute) {
            marks.addLast(new Mark(minute, now()));
        }
        while (marks.getFirst().minute < minute - MINUTES) {
            marks.removeFirst();
        }
    }

    SeriesPart part(long number, long nowMillis) {
        return new SeriesPart(series(), window.part(number, nowMillis));
    }

    synchronized FairnessSeries series() {
        Map<Slo, Proportion> now = now();
        Map<Slo, Proportion> before = marks.isEmpty() ? Map.of() : marks.getFirst().slos;
        Map<Slo, Proportion> hour = new EnumMap<>(Slo.class);
        now.forEach((slo, all) -> hour.put(slo, since(before.getOrDefault(slo, new Proportion(0, 0)), all)));
        List<CohortCount> cohorts = new ArrayList<>(FairnessWindow.COHORTS);
        for (int cohort = 0; cohort < FairnessWindow.COHORTS; cohort++) {
            cohorts.add(new CohortCount(
                    admitted.get(cohort), denied.get(cohort), inputTokens.get(cohort), cachedTokens.get(cohort)));
        }
        return new FairnessSeries(key, Optional.ofNullable(figures), now, hour, cohorts);
    }

    private static Proportion since(Proportion before, Proportion all) {
        return new Proportion(all.good() - before.good(), all.total() - before.total());
    }

    private Map<Slo, Proportion> now() {
        Map<Slo, Proportion> now = new EnumMap<>(Slo.class);
        for (Slo slo : Slo.values()) {
            long fine = adder(good, slo).sum();
            now.put(slo, new Proportion(fine, fine + adder(bad, slo).sum()));
        }
        return now;
    }

    /** How the objectives stood in a minute. */
    private record Mark(long minute, Map<Slo, Proportion> slos) {}
}
