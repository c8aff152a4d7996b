package openledger.lab;

import static openledger.lab.report.EvidenceLevel.ROBUST;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RunFigures;
import openledger.lab.engine.Sample;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Progress;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Unit;
import openledger.lab.sequencing.SequencingExperiment;
import openledger.lab.sequencing.SequencingResult;
import openledger.lab.sequencing.SequencingRun;
import openledger.lab.sequencing.SequencingTables;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.lab.world.Trace;

/** The experiments with the arrivals and sizes of a trace, scaled to a load. */
public final class TraceExperiment implements Experiment {
    private static final int DECISIONS = 12_000;
    /** Mean length of a call in the market, ms. */
    private static final double CALL_MILLIS = 1_200;

    private static final double MILLIS_A_SECOND = 1_000;

    private final Trace trace;
    private final double load;

    /**
     * With a trace.
     *
     * @param load over 0: requests a second times the mean length of a call over the best tier's slots in normal spells
     */
    public TraceExperiment(Trace trace, double load) {
        this.trace = trace;
        this.load = load;
    }

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public String about() {
        return "with the arrivals and sizes of a trace";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        Section.Draft draft = Section.draft(
                name(),
                String.format(Locale.ROOT, "Trace of %,d requests, at a load of %.2f", trace.count(), load),
                "The same experiments with arrivals and sizes that were observed, in place of Poisson arrivals and drawn sizes.");
        budget(draft, fast(3, seeds, progress), fast(7, seeds, progress));
        sequencing(draft, seeds.each("sequencing", progress, seed -> SequencingResult.of(sequencing(seed))));
        draft.note(
                "Gaps keep their proportions and are all shortened by one factor. A token written weighs as much as 120 read;"
                        + " lengths are scaled to the market's mean. The trace has no tenants: twenty are drawn.");
        return draft.done();
    }

    private double perSecond() {
        return load * Market.PROVIDERS * Market.REFERENCE.slots() / CALL_MILLIS * MILLIS_A_SECOND;
    }

    /** In fast mode, with so many attempts for the best tier. */
    private Sample fast(int attempts, Seeds seeds, Progress progress) {
        FastSetting setting = FastSetting.REFERENCE.attempts(attempts);
        return new Sample(seeds.each(attempts + " attempts", progress, seed -> {
            FastRun run = new FastRun(setting);
            Arrivals arrivals =
                    trace.requests(seed, FastTrial.REQUESTS, perSecond()).numbers();
            return RunFigures.of(run, run.of(arrivals, seed), FastTrial.REQUESTS);
        }));
    }

    private static void budget(Section.Draft draft, Sample few, Sample many) {
        draft.add(Figure.of(
                "fallback_b3", "fell back with 3 attempts", Unit.SHARE, few.mean(RunFigures::fallBack), ROBUST));
        draft.add(Figure.of(
                "fallback_b7", "fell back with 7 attempts", Unit.SHARE, many.mean(RunFigures::fallBack), ROBUST));
        draft.add(Figure.of(
                "change_b7", "change of the fall-backs", Unit.CHANGE, many.change(few, RunFigures::fallBack), ROBUST));
        draft.add(Figure.of(
                "latency_added_ms",
                "mean latency added",
                Unit.ADDED_MILLIS,
                many.difference(few, RunFigures::latency),
                ROBUST));
    }

    private SequencingRun sequencing(long seed) {
        Trace.Requested requested = trace.requests(seed, DECISIONS, perSecond());
        CongestionWorld world = new CongestionWorld(CongestionParameters.REFERENCE, Market.PROVIDERS, seed);
        return new SequencingRun(requested.arrivals(), requested.stretch(), world, seed);
    }

    private static void sequencing(Section.Draft draft, List<SequencingResult> results) {
        share(draft, "change_naive", "moved by a naive router while answered", results, SequencingResult::naive);
        share(
                draft,
                "change_unpinned",
                "moved if batches are ordered and not pinned",
                results,
                SequencingResult::unpinned);
        share(
                draft,
                "change_pinned",
                "served by another target than the plan's first",
                results,
                result -> result.pinned().changed());
        share(
                draft,
                "pins_stale",
                "plans whose first target was no longer free when it was called",
                results,
                result -> result.pinned().stale());
        share(
                draft,
                "settlement_mismatch",
                "plans and ends of which the auditor's replay says otherwise, in the mean",
                results,
                result -> (double) result.audit().differences().size()
                        / result.audit().plans());
        SequencingTables.addTo(draft, results);
    }

    private static void share(
            Section.Draft draft,
            String key,
            String words,
            List<SequencingResult> results,
            ToDoubleFunction<SequencingResult> of) {
        draft.add(Figure.of(key, words, Unit.SHARE, SequencingExperiment.measured(results, of), ROBUST));
    }
}
