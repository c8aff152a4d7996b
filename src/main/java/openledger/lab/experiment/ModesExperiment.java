package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import openledger.fairness.VarianceSplit;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.ConfirmedRun;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RequestResult;
import openledger.lab.engine.Requests;
import openledger.lab.engine.Resending;
import openledger.lab.engine.RunCohorts;
import openledger.lab.engine.RunFigures;
import openledger.lab.engine.RunOutcome;
import openledger.lab.engine.Sample;
import openledger.lab.report.Answer;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Chart.Mark;
import openledger.lab.report.Chart.Series;
import openledger.lab.report.EvidenceLevel;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Question;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.stake.SettlementChecks;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.lab.world.Workload;

/**
 * The same arrivals in the same worlds in fast and in confirmed mode: how often they fall back, how much that varies, which requests
 * overtake which, and how long the wait is. The questions that the project asks itself are answered from here.
 *
 * <p>Long because the four questions are answered where their figures are made.
 */
public final class ModesExperiment implements Experiment {
    private static final int FEW = 3;
    private static final int MANY = 7;

    @Override
    public String name() {
        return "modes";
    }

    @Override
    public String about() {
        return "fast and confirmed mode: level and variance of failure, selectivity, waits; the questions";
    }

    /** One mode and budget. */
    private record Row(String name, List<Run> runs) {
        Measured mean(ToDoubleFunction<Run> of) {
            return Measured.of(values(of));
        }

        Measured difference(Row before, ToDoubleFunction<Run> of) {
            return Measured.difference(values(of), before.values(of));
        }

        Sample sample() {
            return new Sample(runs.stream().map(Run::figures).toList());
        }

        RunCohorts.Seen seen() {
            return RunCohorts.together(runs.stream().map(Run::cohorts).toList());
        }

        private double[] values(ToDoubleFunction<Run> of) {
            return runs.stream().mapToDouble(of).toArray();
        }
    }

    private record Run(RunFigures figures, RunCohorts cohorts) {
        double within() {
            return cohorts.split().map(VarianceSplit::within).orElse(0.0);
        }

        double selectiveOfAll() {
            return figures.selective() * figures.fallBack();
        }
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        List<Row> rows = new ArrayList<>();
        for (int attempts : List.of(FEW, MANY)) {
            rows.add(fast("fast, " + attempts, attempts, FastSetting.Privilege.NONE, seeds, progress));
            rows.add(confirmed("confirmed, " + attempts, attempts, seeds, progress));
        }
        rows.add(fast("fast, 7 for half, 3", FEW, new FastSetting.Privilege(2, MANY), seeds, progress));
        Section.Draft draft = Section.draft(
                name(),
                "Fast and confirmed mode",
                "The same 10,000 requests a run meet the same congestion in both modes, with 3 and with 7 attempts for the best tier."
                        + " Confirmed: gate response, before what the chain adds.");
        Row fast = rows.getFirst();
        Row confirmed = rows.get(1);
        levels(fast, confirmed, draft);
        slowOrSelective(fast, confirmed, draft);
        price(fast, confirmed, draft);
        whereFairnessLives(fast, confirmed, rows.getLast(), draft);
        new SettlementChecks(seeds, progress).add(draft);
        draft.add(table(rows));
        draft.add(chart(rows));
        draft.note(
                "In confirmed mode a tenant that sends more than its share of scarce slots waits behind those who do not, by a public"
                        + " rule: so what the tenant explains there is the rule, which evens out, and not a privilege.");
        return draft.done();
    }

    private static Row fast(
            String name, int attempts, FastSetting.Privilege privilege, Seeds seeds, Progress progress) {
        FastSetting setting =
                FastSetting.REFERENCE.with(Resending.NEVER).attempts(attempts).with(privilege);
        return new Row(name, seeds.each(name, progress, seed -> {
            Arrivals arrivals = FastTrial.REFERENCE.arrivals(seed);
            FastRun run = new FastRun(setting);
            Requests requests = run.of(arrivals, seed);
            return new Run(
                    RunFigures.of(run, requests, FastTrial.REQUESTS),
                    RunCohorts.of(requests, arrivals, Workload.SMALL.tenants()));
        }));
    }

    private static Row confirmed(String name, int attempts, Seeds seeds, Progress progress) {
        Market market = Market.REFERENCE.attempts(attempts);
        return new Row(name, seeds.each(name, progress, seed -> {
            List<Arrival> arrivals = FastTrial.REFERENCE.arrivals(seed).asList();
            CongestionWorld world = new CongestionWorld(market.congestion(), Market.PROVIDERS, seed);
            RunOutcome outcome = ConfirmedRun.of(arrivals, market, world, SurplusRules.PRODUCT);
            List<RequestResult> fates = new ArrayList<>(outcome.fates());
            fates.sort(Comparator.comparingInt(fate -> fate.arrival().number()));
            return new Run(RunFigures.of(outcome), RunCohorts.of(fates, Workload.SMALL.tenants()));
        }));
    }

    private static Figure figure(Section.Draft draft, String key, String words, Unit unit, Measured measured) {
        return draft.add(Figure.of(key, words, unit, measured, EvidenceLevel.ROBUST));
    }

    private static void levels(Row fast, Row confirmed, Section.Draft draft) {
        Figure level = draft.add(Figure.of(
                "level_difference_points",
                "fall-backs in confirmed mode less those in fast mode, 3 attempts",
                Unit.POINTS,
                confirmed.difference(fast, run -> run.figures.fallBack()).times(100),
                EvidenceLevel.TUNED));
        Figure inFast = figure(
                draft,
                "neighbours_differ_fast",
                "requests right after each other that end in different tiers, fast",
                Unit.SHARE,
                fast.mean(run -> run.cohorts.neighboursDiffer()));
        Figure inConfirmed = figure(
                draft,
                "neighbours_differ_confirmed",
                "the same, confirmed",
                Unit.SHARE,
                confirmed.mean(run -> run.cohorts.neighboursDiffer()));
        Measured difference = confirmed.difference(fast, run -> run.cohorts.neighboursDiffer());
        draft.add(new Answer(
                Question.RARER_OR_MORE_EVEN,
                "Level: confirmed mode changes the fall-backs by " + Unit.POINTS.show(level.measured())
                        + ", in a world where its view of the slots is exact at the end of each epoch. Evenness: of two requests right"
                        + " after each other " + Unit.SHARE.show(inConfirmed.measured())
                        + " end in different tiers, against "
                        + Unit.SHARE.show(inFast.measured()) + " in fast mode"
                        + (difference.high() < 0 ? ": more even." : ": not more even beyond the interval."),
                List.of(level, inFast, inConfirmed)));
    }

    private static void slowOrSelective(Row fast, Row confirmed, Section.Draft draft) {
        Figure inFast = figure(
                draft,
                "selective_fast",
                "of the fall-backs with 3 attempts: SELECTIVE, fast",
                Unit.SHARE,
                fast.sample().ofFallBacks(RunFigures::selective));
        Figure inConfirmed = figure(
                draft,
                "selective_confirmed",
                "the same, confirmed",
                Unit.SHARE,
                confirmed.sample().ofFallBacks(RunFigures::selective));
        Figure overtakes = figure(
                draft,
                "overtakes_fast",
                "later requests that passed one that fell back, fast",
                Unit.RATIO,
                fast.sample().ofFallBacks(RunFigures::overtakes));
        Figure fewer = figure(
                draft,
                "overtakes_confirmed",
                "the same, confirmed",
                Unit.RATIO,
                confirmed.sample().ofFallBacks(RunFigures::overtakes));
        draft.add(new Answer(
                Question.SLOW_OR_SELECTIVE,
                "In fast mode " + attributions(fast) + "; a request that fell back was passed by "
                        + Unit.RATIO.show(overtakes.measured()) + " later ones on average. In confirmed mode "
                        + attributions(confirmed) + ".",
                List.of(inFast, inConfirmed, overtakes, fewer)));
    }

    private static String attributions(Row row) {
        return Unit.SHARE.show(row.sample().ofFallBacks(RunFigures::selective)) + " of the fall-backs are SELECTIVE, "
                + Unit.SHARE.show(row.sample().ofFallBacks(RunFigures::missed)) + " MISSED and "
                + Unit.SHARE.show(row.sample().ofFallBacks(RunFigures::slow)) + " SLOW";
    }

    private static void price(Row fast, Row confirmed, Section.Draft draft) {
        Figure mean = figure(
                draft,
                "routing_price_ms",
                "time until the call that serves, confirmed less fast",
                Unit.ADDED_MILLIS,
                confirmed.difference(fast, run -> run.figures.routing()));
        Figure median = figure(
                draft,
                "median_price_ms",
                "median latency, confirmed less fast",
                Unit.ADDED_MILLIS,
                confirmed.difference(fast, run -> run.figures.median()));
        Figure bought = figure(
                draft,
                "selective_avoided_points",
                "selective fall-backs, of all requests, that confirmed mode avoids",
                Unit.POINTS,
                fast.difference(confirmed, Run::selectiveOfAll).times(100));
        draft.add(new Answer(
                Question.PRICE_OF_CONFIRMED,
                "It costs " + Unit.ADDED_MILLIS.show(mean.measured()) + " until the call that serves ("
                        + Unit.ADDED_MILLIS.show(median.measured())
                        + " at the median), a second leaf for each request, and what the chain adds by gate, which the"
                        + " sequencing experiment measures. It buys " + Unit.POINTS.show(bought.measured())
                        + " fewer selective fall-backs of all requests.",
                List.of(mean, median, bought)));
    }

    private static void whereFairnessLives(Row fast, Row confirmed, Row privileged, Section.Draft draft) {
        RunCohorts.Seen inFast = fast.seen();
        RunCohorts.Seen inConfirmed = confirmed.seen();
        RunCohorts.Seen inPrivileged = privileged.seen();
        Figure excess = figure(
                draft,
                "cohort_excess_fast",
                "of the variance, explained by the tenant beyond chance, fast",
                Unit.SMALL_SHARE,
                Measured.exactly(inFast.cohort().excess()));
        Figure hidden = figure(
                draft,
                "cohort_excess_privilege",
                "the same while half of the tenants have 7 attempts",
                Unit.SMALL_SHARE,
                Measured.exactly(inPrivileged.cohort().excess()));
        Figure less = figure(
                draft,
                "cohort_excess_confirmed",
                "the same, confirmed",
                Unit.SMALL_SHARE,
                Measured.exactly(inConfirmed.cohort().excess()));
        draft.add(new Answer(
                Question.WHERE_FAIRNESS_LIVES,
                "In fast mode " + Unit.SHARE.show(inFast.between())
                        + " of the variance lies between seconds (scarcity: the"
                        + " providers) and " + Unit.SHARE.show(inFast.within())
                        + " within them (allocation: the router); in"
                        + " confirmed mode " + Unit.SHARE.show(inConfirmed.between()) + " and "
                        + Unit.SHARE.show(inConfirmed.within()) + ". What the tenant explains beyond chance is "
                        + Unit.SMALL_SHARE.show(excess.measured()) + " in fast mode, "
                        + Unit.SMALL_SHARE.show(less.measured())
                        + " in confirmed mode, and " + Unit.SMALL_SHARE.show(hidden.measured())
                        + " while half of the tenants have a hidden privilege.",
                List.of(excess, hidden, less)));
    }

    private static Table table(List<Row> rows) {
        return new Table(
                "Modes and budgets",
                List.of(
                        "mode, attempts",
                        "fell back",
                        "attempts",
                        "until the call",
                        "median latency",
                        "p95",
                        "selective",
                        "missed",
                        "slow",
                        "overtakes",
                        "neighbours differ",
                        "variance within seconds",
                        "tenant explains",
                        "floor"),
                rows.stream().map(ModesExperiment::cells).toList());
    }

    private static List<Cell> cells(Row row) {
        Sample sample = row.sample();
        RunCohorts.Seen seen = row.seen();
        return List.of(
                Cell.of(row.name),
                Cell.of(sample.mean(RunFigures::fallBack), Unit.SHARE),
                Cell.of(sample.mean(RunFigures::attempts), Unit.RATIO),
                Cell.of(sample.mean(RunFigures::routing), Unit.MILLIS),
                Cell.of(sample.mean(RunFigures::median), Unit.MILLIS),
                Cell.of(sample.mean(RunFigures::p95), Unit.MILLIS),
                Cell.of(sample.ofFallBacks(RunFigures::selective), Unit.SHARE),
                Cell.of(sample.ofFallBacks(RunFigures::missed), Unit.SHARE),
                Cell.of(sample.ofFallBacks(RunFigures::slow), Unit.SHARE),
                Cell.of(sample.ofFallBacks(RunFigures::overtakes), Unit.RATIO),
                Cell.of(row.mean(run -> run.cohorts.neighboursDiffer()), Unit.SHARE),
                Cell.of(row.mean(Run::within), Unit.SHARE),
                Cell.of(Measured.exactly(seen.cohort().value()), Unit.SMALL_SHARE),
                Cell.of(Measured.exactly(seen.cohort().floor()), Unit.SMALL_SHARE));
    }

    private static Chart chart(List<Row> rows) {
        return new Chart(
                "Fall-backs, and those of them that are selective, of all requests",
                Chart.Kind.POINTS,
                "mode, attempts for the best tier",
                Unit.SHARE,
                Mark.inARow(rows.stream().map(Row::name).toList()),
                List.of(
                        new Series(
                                "fell back",
                                rows.stream()
                                        .map(row -> row.mean(run -> run.figures.fallBack()))
                                        .toList()),
                        new Series(
                                "selective",
                                rows.stream()
                                        .map(row -> row.mean(Run::selectiveOfAll))
                                        .toList())));
    }
}
