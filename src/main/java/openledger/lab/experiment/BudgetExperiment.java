package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RouterVariant;
import openledger.lab.engine.RunFigures;
import openledger.lab.engine.Sample;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Chart.Mark;
import openledger.lab.report.Chart.Series;
import openledger.lab.report.EvidenceLevel;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Reference;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.world.Worlds;

/** What more attempts for the best tier gain, and cost: the same arrivals in the same worlds under budgets of 3 and 7. */
public final class BudgetExperiment implements Experiment {
    private static final int FEW = 3;
    private static final int MANY = 7;

    @Override
    public String name() {
        return "budget";
    }

    @Override
    public String about() {
        return "what 7 attempts for the best tier buy and cost, against 3; sensitivities; fuller worlds";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        Section.Draft draft = Section.draft(
                name(),
                "Retry budget",
                "The same 10,000 requests a run meet the same congestion with 3 and with 7 attempts for the best tier, in fast mode.");
        List<Row> changed = rows(Worlds.changed(), seeds, progress);
        figures(changed.getFirst(), draft);
        draft.add(table("Sensitivities: one parameter changed", changed));
        List<Row> fuller = rows(Worlds.fuller(), seeds, progress);
        draft.add(table("Worlds that leave less out", fuller));
        charts(changed, seeds, progress, draft);
        draft.note(robust(Stream.concat(changed.stream(), fuller.stream()).toList()));
        return draft.done();
    }

    /** One world under both budgets. */
    private record Row(FastTrial trial, Sample few, Sample many) {
        Measured change() {
            return many.change(few, RunFigures::fallBack);
        }

        Measured added() {
            return many.difference(few, RunFigures::latency);
        }
    }

    private static List<Row> rows(List<FastTrial> trials, Seeds seeds, Progress progress) {
        List<Row> rows = new ArrayList<>();
        for (FastTrial trial : trials) {
            rows.add(new Row(
                    trial,
                    trial.attempts(FEW).run(seeds, progress),
                    trial.attempts(MANY).run(seeds, progress)));
        }
        return rows;
    }

    private static String robust(List<Row> rows) {
        long holds = rows.stream()
                .filter(row -> row.change().high() < 0 && row.added().low() > 0)
                .count();
        DoubleSummaryStatistics selective = rows.stream()
                .mapToDouble(row -> row.few.ofFallBacks(RunFigures::selective).value())
                .summaryStatistics();
        return "The sizes are tuned: the world's parameters were chosen so that the reference comes out. Fewer fall-backs and longer"
                + " waits with 7 attempts, beyond their intervals, show in " + holds + " of " + rows.size()
                + " worlds; in all of them some fall-backs are selective, from " + Unit.SHARE.show(selective.getMin())
                + " to " + Unit.SHARE.show(selective.getMax()) + ".";
    }

    private static void figures(Row row, Section.Draft draft) {
        draft.add(Figure.of(
                        "fallback_b3",
                        "fell back with 3 attempts",
                        Unit.SHARE,
                        row.few.mean(RunFigures::fallBack),
                        EvidenceLevel.TUNED)
                .beside(Reference.about(0.14, 0.03)));
        draft.add(Figure.of(
                "fallback_b7",
                "fell back with 7 attempts",
                Unit.SHARE,
                row.many.mean(RunFigures::fallBack),
                EvidenceLevel.TUNED));
        draft.add(Figure.of("change_b7", "change of the fall-backs", Unit.CHANGE, row.change(), EvidenceLevel.TUNED)
                .beside(Reference.about(-0.40, 0.08)));
        draft.add(
                Figure.of("latency_added_ms", "mean latency added", Unit.ADDED_MILLIS, row.added(), EvidenceLevel.TUNED)
                        .beside(Reference.about(220, 60)));
        draft.add(Figure.of(
                "routing_added_ms",
                "of that, time until the call that served",
                Unit.ADDED_MILLIS,
                row.many.difference(row.few, RunFigures::routing),
                EvidenceLevel.TUNED));
        draft.add(Figure.of(
                "calls_added",
                "change of the calls of providers",
                Unit.CHANGE,
                row.many.change(row.few, RunFigures::calls),
                EvidenceLevel.ROBUST));
        draft.add(Figure.of(
                "selective_b3",
                "of the fall-backs with 3: passed by a later request",
                Unit.SHARE,
                row.few.ofFallBacks(RunFigures::selective),
                EvidenceLevel.ROBUST));
        draft.add(Figure.of(
                "selective_b7",
                "of the fall-backs with 7: passed by a later request",
                Unit.SHARE,
                row.many.ofFallBacks(RunFigures::selective),
                EvidenceLevel.ROBUST));
    }

    private static Table table(String title, List<Row> rows) {
        List<String> columns = List.of(
                "world",
                "fell back, 3",
                "nobody served, 3",
                "fell back, 7",
                "change",
                "latency added",
                "calls a request, 3",
                "selective, 3");
        return new Table(
                title,
                columns,
                rows.stream()
                        .map(row -> List.of(
                                Cell.of(row.trial.name()),
                                Cell.of(row.few.mean(RunFigures::fallBack), Unit.SHARE),
                                Cell.of(row.few.mean(RunFigures::lost), Unit.SHARE),
                                Cell.of(row.many.mean(RunFigures::fallBack), Unit.SHARE),
                                Cell.of(row.change(), Unit.CHANGE),
                                Cell.of(row.added(), Unit.ADDED_MILLIS),
                                Cell.of(row.few.mean(RunFigures::calls), Unit.RATIO),
                                Cell.of(row.few.ofFallBacks(RunFigures::selective), Unit.SHARE)))
                        .toList());
    }

    private static void charts(List<Row> changed, Seeds seeds, Progress progress, Section.Draft draft) {
        List<Integer> budgets = IntStream.rangeClosed(1, MANY).boxed().toList();
        List<Mark> marks = budgets.stream().map(Mark::of).toList();
        List<Sample> reference = budgets.stream()
                .map(budget -> FastTrial.REFERENCE.attempts(budget).run(seeds, progress))
                .toList();
        FastTrial practice =
                FastTrial.REFERENCE.named("the product's practice").in(FastSetting.REFERENCE.by(RouterVariant.GUARDED));
        List<Sample> product = budgets.stream()
                .map(budget -> practice.attempts(budget).run(seeds, progress))
                .toList();
        draft.add(new Chart(
                "Fall-backs by attempts for the best tier",
                Chart.Kind.LINES,
                "attempts for the best tier",
                Unit.SHARE,
                marks,
                List.of(
                        series("reference", reference, sample -> sample.mean(RunFigures::fallBack)),
                        series("the product's practice", product, sample -> sample.mean(RunFigures::fallBack)))));
        draft.add(new Chart(
                "Mean latency by attempts for the best tier",
                Chart.Kind.LINES,
                "attempts for the best tier",
                Unit.MILLIS,
                marks,
                List.of(
                        series("reference", reference, sample -> sample.mean(RunFigures::latency)),
                        series("the product's practice", product, sample -> sample.mean(RunFigures::latency)))));
        draft.add(new Chart(
                "Change of the fall-backs from 3 to 7 attempts, by world",
                Chart.Kind.POINTS,
                "world",
                Unit.CHANGE,
                Mark.inARow(changed.stream().map(row -> row.trial.name()).toList()),
                List.of(new Series("change", changed.stream().map(Row::change).toList()))));
    }

    private static Series series(String name, List<Sample> samples, Function<Sample, Measured> of) {
        return new Series(name, samples.stream().map(of).toList());
    }
}
