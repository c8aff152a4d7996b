package openledger.lab.sequencing;

import static openledger.lab.report.EvidenceLevel.ROBUST;
import static openledger.lab.report.EvidenceLevel.TUNED;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import openledger.audit.ReplayReport;
import openledger.lab.engine.Arrival;
import openledger.lab.report.Answer;
import openledger.lab.report.EvidenceLevel;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Question;
import openledger.lab.report.Reference;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Unit;
import openledger.lab.sequencing.SequencingResult.Gated;
import openledger.lab.world.CongestionParameters;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.lab.world.Workload;

/**
 * How many requests are rerouted while they are answered: by a naive router, by one whose decisions are put in order and not
 * pinned, and along pinned plans; and how long confirmations take.
 */
public final class SequencingExperiment implements Experiment {
    private static final int DECISIONS = 12_000;
    private static final double MILLIS = 230_000;
    /** Place in {@link SequencingResult#OURS} of blocks of 0.25 s. */
    private static final int QUARTER = 1;

    @Override
    public String name() {
        return "sequencing";
    }

    @Override
    public String about() {
        return "reroutes of a naive router, of ordered batches without and with pinned plans; confirmation times";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        List<SequencingResult> results =
                seeds.each("three routers", progress, seed -> SequencingResult.of(reference(seed)));
        Section.Draft draft = Section.draft(
                name(),
                "Sequencing",
                "Congestion moves requests to other targets while they are answered; a pinned plan says beforehand where they may"
                        + " go.");
        reroutes(draft, results);
        confirmations(draft, results);
        settlement(draft, results);
        SequencingTables.addTo(draft, results);
        draft.note(
                "12,000 decisions a seed, ten times 1,200. Targets are congested or not, and slots are not counted, as in the"
                        + " experiment this is held against. Tuned are the exposure (log-normal, mean 1 s, cv 0.8) and that 17 % of the"
                        + " calls to a target that has become congested fail hard.");
        draft.note(
                "Along a pinned plan every change goes where the plan had said; that none went elsewhere is what the product's"
                        + " auditor found. Where every such call fails hard, plans change about as often as a naive router does, and the"
                        + " difference is only that they say so beforehand.");
        draft.note(
                "Reference timing: epochs and blocks of 200 ms in step, 20 ms to the node, which must have a transaction one"
                        + " block before the one that has it, 50 ms back. Ours: epochs of 100 ms, the product's cut at the last moment,"
                        + " 15 ms to a node near by and 10 ms back. Times are from the arrival, without what a request is held for while"
                        + " everything is congested.");
        return draft.done();
    }

    private static SequencingRun reference(long seed) {
        List<Arrival> arrivals = Workload.SMALL.arrivals(seed, MILLIS).subList(0, DECISIONS);
        double[] stretch = new double[DECISIONS];
        Arrays.fill(stretch, 1);
        CongestionWorld world = new CongestionWorld(CongestionParameters.REFERENCE, Market.PROVIDERS, seed);
        return new SequencingRun(arrivals, stretch, world, seed);
    }

    private static void reroutes(Section.Draft draft, List<SequencingResult> results) {
        draft.add(
                share("change_naive", "moved by a naive router while answered", results, SequencingResult::naive, TUNED)
                        .beside(Reference.about(0.11, 0.03)));
        draft.add(share(
                "change_unpinned",
                "moved if batches are ordered and not pinned",
                results,
                SequencingResult::unpinned,
                ROBUST));
        draft.add(share(
                        "change_pinned",
                        "served by another target than the plan's first",
                        results,
                        result -> result.pinned().changed(),
                        TUNED)
                .beside(Reference.within(0, 0.03)));
        draft.add(share(
                "pins_stale",
                "plans whose first target was no longer free when it was called",
                results,
                result -> result.pinned().stale(),
                ROBUST));
        draft.add(share(
                "pins_stale_by_answer",
                "the same by the time its answer would have begun",
                results,
                result -> result.pinned().staleByAnswer(),
                ROBUST));
    }

    private static void confirmations(Section.Draft draft, List<SequencingResult> results) {
        draft.add(millis(
                        "confirmation_reference_p50_ms",
                        "arrival to confirmation under the reference timing, median",
                        results,
                        result -> result.reference().p50(),
                        TUNED)
                .beside(Reference.within(300, 450)));
        draft.add(share(
                "confirmation_reference_within",
                "confirmations under the reference timing that take 300 to 450 ms",
                results,
                result -> result.reference().within(),
                TUNED));
        Figure dispatch =
                draft.add(added("dispatch", results, result -> quarter(result).dispatch()));
        Figure response =
                draft.add(added("response", results, result -> quarter(result).response()));
        draft.add(new Answer(
                Question.PRICE_OF_CONFIRMED,
                String.format(
                        Locale.ROOT,
                        "With blocks of 0.25 s, gate dispatch adds %.0f ms to the first of an answer and gate response %.0f ms, in"
                                + " the median.",
                        dispatch.measured().value(),
                        response.measured().value()),
                List.of(dispatch, response)));
    }

    private static SequencingResult.Timed quarter(SequencingResult result) {
        return result.ours().get(QUARTER);
    }

    private static Figure added(String gate, List<SequencingResult> results, Function<SequencingResult, Gated> of) {
        return Figure.of(
                "added_" + gate + "_p50_ms",
                "added to the first of an answer by gate " + gate + ", blocks of 0.25 s, median",
                Unit.ADDED_MILLIS,
                measured(results, result -> of.apply(result).p50()),
                ROBUST);
    }

    private static void settlement(Section.Draft draft, List<SequencingResult> results) {
        Figure mismatch = draft.add(Figure.of(
                "settlement_mismatch",
                "plans and ends of which the auditor's replay says otherwise, of all",
                Unit.SHARE,
                ratio(results, audit -> audit.differences().size(), audit -> audit.plans() + audit.outcomes()),
                ROBUST));
        Figure omitted = draft.add(Figure.of(
                "settlement_omitted",
                "plans that have no end in the batches",
                Unit.SHARE,
                ratio(results, audit -> audit.plans() - audit.outcomes(), ReplayReport::plans),
                ROBUST));
        double plans =
                results.stream().mapToDouble(result -> result.audit().plans()).sum();
        draft.add(new Answer(
                Question.WHERE_FAIRNESS_LIVES,
                String.format(
                        Locale.ROOT,
                        "Not in an honest settlement layer: of %,.0f plans that were published and replayed, %s differ and %s have"
                                + " no end.",
                        plans,
                        Unit.SHARE.show(mismatch.measured().value()),
                        Unit.SHARE.show(omitted.measured().value())),
                List.of(mismatch, omitted)));
    }

    private static Measured ratio(
            List<SequencingResult> results, ToDoubleFunction<ReplayReport> part, ToDoubleFunction<ReplayReport> whole) {
        return Measured.ratio(
                results.stream()
                        .mapToDouble(result -> part.applyAsDouble(result.audit()))
                        .toArray(),
                results.stream()
                        .mapToDouble(result -> whole.applyAsDouble(result.audit()))
                        .toArray());
    }

    private static Figure share(
            String key,
            String words,
            List<SequencingResult> of,
            ToDoubleFunction<SequencingResult> value,
            EvidenceLevel is) {
        return Figure.of(key, words, Unit.SHARE, measured(of, value), is);
    }

    private static Figure millis(
            String key,
            String words,
            List<SequencingResult> of,
            ToDoubleFunction<SequencingResult> value,
            EvidenceLevel is) {
        return Figure.of(key, words, Unit.MILLIS, measured(of, value), is);
    }

    public static Measured measured(List<SequencingResult> results, ToDoubleFunction<SequencingResult> of) {
        return Measured.of(results.stream().mapToDouble(of).toArray());
    }
}
