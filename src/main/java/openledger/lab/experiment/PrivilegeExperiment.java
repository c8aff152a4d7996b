package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.RunCohorts;
import openledger.lab.engine.RunCohorts.Group;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Chart.Mark;
import openledger.lab.report.Chart.Series;
import openledger.lab.report.EvidenceLevel;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.world.Workload;

/**
 * Some tenants have a larger budget that is not published: what it gives them, what it costs everybody else, and which measures detect it.
 */
public final class PrivilegeExperiment implements Experiment {
    private static final int FEW = 3;
    private static final int MANY = 7;
    private static final int TENANTS = Workload.SMALL.tenants();
    /** Where providers are nearly full all the time, so that one's retries take another's slots. */
    private static final double PER_SECOND = 90;
    /** So many tenants, one has the privilege; from the rarest. */
    private static final List<Integer> EVERY = List.of(20, 10, 4, 2);

    @Override
    public String name() {
        return "privilege";
    }

    @Override
    public String about() {
        return "a larger budget for some tenants: what it gives them, costs the others, and what shows it";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        List<RunCohorts> nobody = runs(FastSetting.Privilege.NONE, seeds, progress);
        List<Row> rows = new ArrayList<>();
        for (int every : EVERY) {
            FastSetting.Privilege privilege = new FastSetting.Privilege(every, MANY);
            rows.add(new Row(privilege, runs(privilege, seeds, progress), nobody));
        }
        return section(rows, nobody);
    }

    private static List<RunCohorts> runs(FastSetting.Privilege privilege, Seeds seeds, Progress progress) {
        FastSetting setting = FastSetting.REFERENCE.attempts(FEW).with(privilege);
        FastTrial trial = FastTrial.REFERENCE
                .named(privilege.every() == 0 ? "nobody" : "one tenant in " + privilege.every())
                .at(PER_SECOND)
                .in(setting);
        return seeds.each(trial.name(), progress, seed -> {
            Arrivals arrivals = trial.arrivals(seed);
            return RunCohorts.of(new FastRun(setting).of(arrivals, seed), arrivals, TENANTS);
        });
    }

    /** One privilege, beside the same arrivals without it. */
    private record Row(FastSetting.Privilege privilege, List<RunCohorts> runs, List<RunCohorts> nobody) {
        Measured share() {
            return Measured.of(values(runs, run -> run.share(privilege::has)));
        }

        Measured denied(Group group) {
            return Measured.of(values(runs, run -> run.denied(group)));
        }

        /** What it adds for a group, in points. */
        Measured added(Group group) {
            return Measured.difference(values(runs, run -> run.denied(group)), values(nobody, run -> run.denied(group)))
                    .times(100);
        }

        Group others() {
            return tenant -> !privilege.has(tenant);
        }

        private static double[] values(List<RunCohorts> of, ToDoubleFunction<RunCohorts> value) {
            return of.stream().mapToDouble(value).toArray();
        }
    }

    private Section section(List<Row> rows, List<RunCohorts> nobody) {
        Section.Draft draft = Section.draft(
                name(),
                "Hidden privilege",
                "Some tenants have 7 attempts for the best tier where all others have 3; fast mode, 90 requests a second. The same"
                        + " arrivals stand beside it with 3 attempts for everybody.");
        Row half = rows.getLast();
        draft.add(figure(
                "privileged_fallback",
                "half privileged: those fell back",
                Unit.SHARE,
                half.denied(half.privilege::has)));
        draft.add(figure(
                "others_fallback", "half privileged: the others fell back", Unit.SHARE, half.denied(half.others())));
        draft.add(figure("others_pay_points", "what it costs the others", Unit.POINTS, half.added(half.others())));
        RunCohorts.Seen shown = RunCohorts.together(half.runs);
        draft.add(figure(
                "cohort_excess",
                "share of the variance that the tenant explains, beyond chance",
                Unit.SMALL_SHARE,
                Measured.exactly(shown.cohort().excess())));
        RunCohorts.Seen fair = RunCohorts.together(nobody);
        draft.add(figure(
                "cohort_excess_fair",
                "the same while nobody has a privilege",
                Unit.SMALL_SHARE,
                Measured.exactly(fair.cohort().excess())));
        draft.add(table(rows, nobody));
        draft.add(chart(rows));
        draft.note(
                "Variance and disparity are of all seeds together, each tenant as a cohort; a value within its floor says nothing.");
        return draft.done();
    }

    private static Figure figure(String key, String words, Unit unit, Measured measured) {
        return Figure.of(key, words, unit, measured, EvidenceLevel.ROBUST);
    }

    private static Table table(List<Row> rows, List<RunCohorts> nobody) {
        List<List<Cell>> cells = new ArrayList<>();
        Measured none = Measured.of(Row.values(nobody, run -> run.denied(tenant -> true)));
        cells.add(cells("nobody", Measured.exactly(0), none, none, Measured.exactly(0), RunCohorts.together(nobody)));
        for (Row row : rows) {
            cells.add(cells(
                    "one tenant in " + row.privilege.every(),
                    row.share(),
                    row.denied(row.privilege::has),
                    row.denied(row.others()),
                    row.added(row.others()),
                    RunCohorts.together(row.runs)));
        }
        return new Table(
                "Who is privileged",
                List.of(
                        "privileged",
                        "of all requests",
                        "they fell back",
                        "others fell back",
                        "others pay",
                        "tenant explains",
                        "floor",
                        "disparity",
                        "floor of it"),
                cells);
    }

    private static List<Cell> cells(
            String who, Measured share, Measured own, Measured others, Measured pay, RunCohorts.Seen seen) {
        return List.of(
                Cell.of(who),
                Cell.of(share, Unit.SHARE),
                Cell.of(own, Unit.SHARE),
                Cell.of(others, Unit.SHARE),
                Cell.of(pay, Unit.POINTS),
                Cell.of(Measured.exactly(seen.cohort().value()), Unit.SMALL_SHARE),
                Cell.of(Measured.exactly(seen.cohort().floor()), Unit.SMALL_SHARE),
                seen.disparity()
                        .map(ratio -> Cell.of(Measured.exactly(ratio.value()), Unit.RATIO))
                        .orElse(Cell.of("–")),
                seen.disparity()
                        .map(ratio -> Cell.of(Measured.exactly(ratio.floor()), Unit.RATIO))
                        .orElse(Cell.of("–")));
    }

    private static Chart chart(List<Row> rows) {
        return new Chart(
                "Fall-backs by who is privileged",
                Chart.Kind.POINTS,
                "privileged tenants",
                Unit.SHARE,
                Mark.inARow(rows.stream()
                        .map(row -> "one in " + row.privilege.every())
                        .toList()),
                List.of(
                        new Series(
                                "privileged",
                                rows.stream()
                                        .map(row -> row.denied(row.privilege::has))
                                        .toList()),
                        new Series(
                                "others",
                                rows.stream()
                                        .map(row -> row.denied(row.others()))
                                        .toList())));
    }
}
