package openledger.lab.stake;

import static openledger.lab.report.EvidenceLevel.ROBUST;
import static openledger.lab.report.EvidenceLevel.TUNED;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Numbers;
import openledger.lab.report.Progress;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.stake.Operators.Part;

/** Whom a stake shuts out, by how it is asked for; see {@code docs/explanation/0026-stakes-and-barrier.md}. */
public final class BarrierExperiment implements Experiment {
    private static final double LOAD = 0.8;
    private static final double ZIPF = 1;
    private static final List<Double> EXPONENTS = List.of(0.8, ZIPF, 1.2);
    private static final List<Double> DEARER = List.of(0.5, 1.0, 2.0);
    private static final List<Double> SIZES = List.of(0.1, 1.0, 10.0, 96.0);
    private static final List<Unbacked> TIMES =
            List.of(Unbacked.TEN_MINUTES, Unbacked.AN_HOUR, Unbacked.A_DAY, Unbacked.A_WEEK);

    /** A seed's crowd, and what its lane has to back. */
    private record Draw(long seed, Operators operators, Economy economy) {
        Draw zipf(double exponent) {
            return new Draw(seed, Operators.of(exponent, seed), economy);
        }

        Draw dearer(double factor) {
            return new Draw(seed, operators, economy.dearer(factor));
        }

        Part shutOut(BarrierRule rule, Unbacked time) {
            return operators.shutOut(rule, economy, time.hours());
        }
    }

    @Override
    public String name() {
        return "barrier";
    }

    @Override
    public String about() {
        return "whom a flat or a proportional stake shuts out, by size of the operator";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        List<Draw> draws = seeds.each("a lane, and its crowd", progress, seed -> {
            StakeLane lane = StakeLane.of(LOAD, seed);
            Temptation temptation = Temptation.unproved(lane, lane.chances(StakeRun.meanGain(LOAD)));
            return new Draw(seed, Operators.of(ZIPF, seed), Economy.guessed(temptation));
        });
        Section.Draft draft = Section.draft(
                name(),
                "Barrier",
                "A stake costs its owner capital. Operators whose margin does not bear it are shut out: here is how many, by how the"
                        + " stake is asked for.");
        figures(draft, draws);
        draft.add(byRule(draws));
        draft.add(bySize(draws));
        draft.add(sensitivity(draws));
        draft.add(chart("Operators shut out", draws, Part::operators));
        draft.add(chart("Traffic shut out", draws, Part::traffic));
        draft.note(
                "1,000 operators, 1,000 requests a second, sizes by Zipf's law with exponent 1; capital costs 10 % a year, a backer's"
                        + " 5 %; a request has a margin of $0.0005, of which 5 % may go into capital; a gain is $0.002. All of these are"
                        + " guesses, written down in docs/explanation/0026-stakes-and-barrier.md before the first run.");
        draft.note(
                "Robust are that a flat floor shuts out the smallest first, that backers move its edge and do not remove it, and that a"
                        + " proportional stake is the same share of everybody's margin.");
        return draft.done();
    }

    private static void figures(Section.Draft draft, List<Draw> draws) {
        for (Unbacked time : List.of(Unbacked.TEN_MINUTES, Unbacked.A_WEEK)) {
            String when = ", unbacked for " + time.words();
            String key = time == Unbacked.A_WEEK ? "_7_days" : "_10_minutes";
            Measured operators = part(draws, BarrierRule.FLAT, time, Part::operators);
            shut(draft, "flat_operators" + key, "operators shut out by a flat floor" + when, operators);
            Measured traffic = part(draws, BarrierRule.FLAT, time, Part::traffic);
            shut(draft, "flat_traffic" + key, "their share of the traffic" + when, traffic);
        }
        Unbacked week = Unbacked.A_WEEK;
        Measured despite = part(draws, BarrierRule.FLAT_WITH_BACKERS, week, Part::operators);
        shut(draft, "backers_operators_7_days", "operators shut out although some find backers, 7 days", despite);
        Measured consent = measured(
                draws,
                draw -> draw.operators()
                        .inByConsent(draw.economy(), week.hours())
                        .operators());
        shut(draft, "in_by_consent_7_days", "operators that are in by a backer's consent alone, 7 days", consent);
        Measured beyond =
                measured(draws, draw -> draw.operators().beyondFlatFloor().traffic());
        shut(draft, "beyond_flat_floor", "traffic of operators larger than the flat floor backs", beyond);
        Measured nobody = part(draws, BarrierRule.PROPORTIONAL, week, Part::operators);
        String words = "operators shut out by a proportional stake, 7 days";
        draft.add(Figure.of("proportional_operators", words, Unit.SHARE, nobody, ROBUST));
        price(draft, "proportional_price_10_minutes", Unbacked.TEN_MINUTES, draws);
        price(draft, "proportional_price_7_days", week, draws);
    }

    private static void shut(Section.Draft draft, String key, String words, Measured measured) {
        draft.add(Figure.of(key, words, Unit.SHARE, measured, TUNED));
    }

    private static Measured part(List<Draw> draws, BarrierRule rule, Unbacked time, ToDoubleFunction<Part> of) {
        return measured(draws, draw -> of.applyAsDouble(draw.shutOut(rule, time)));
    }

    private static void price(Section.Draft draft, String key, Unbacked time, List<Draw> draws) {
        String words = "a proportional stake costs a million requests, " + time.words();
        Measured price = measured(draws, draw -> perMillion(draw, time));
        draft.add(Figure.of(key, words, Unit.SMALL_DOLLARS, price, TUNED));
    }

    private static double perMillion(Draw draw, Unbacked time) {
        double yearly = BarrierRule.PROPORTIONAL.yearly(draw.economy(), 1, false, time.hours());
        return draw.economy().perMillion(yearly, 1);
    }

    private static Table byRule(List<Draw> draws) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Unbacked time : TIMES) {
            for (BarrierRule rule : BarrierRule.values()) {
                rows.add(List.of(
                        Cell.of(time.words()),
                        Cell.of(rule.words()),
                        Cell.of(measured(draws, draw -> lock(draw, rule, 0.1, time)), Unit.DOLLARS),
                        Cell.of(measured(draws, draw -> lock(draw, rule, 10, time)), Unit.DOLLARS),
                        Cell.of(part(draws, rule, time, Part::operators), Unit.SHARE),
                        Cell.of(part(draws, rule, time, Part::traffic), Unit.SHARE)));
            }
        }
        return new Table(
                "Whom each rule shuts out, by unbacked time",
                List.of(
                        "unbacked",
                        "rule",
                        "locks at 0.1 requests/s",
                        "at 10 requests/s",
                        "operators shut out",
                        "traffic shut out"),
                rows);
    }

    private static double lock(Draw draw, BarrierRule rule, double size, Unbacked time) {
        return rule.yearly(draw.economy(), size, false, time.hours())
                / draw.economy().capitalCost();
    }

    private static Table bySize(List<Draw> draws) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Unbacked time : List.of(Unbacked.TEN_MINUTES, Unbacked.A_WEEK)) {
            for (BarrierRule rule : List.of(BarrierRule.FLAT, BarrierRule.PROPORTIONAL)) {
                List<Cell> row = new ArrayList<>(List.of(Cell.of(time.words()), Cell.of(rule.words())));
                for (double size : SIZES) {
                    row.add(Cell.of(
                            measured(draws, draw -> rule.ofMargin(draw.economy(), size, false, time.hours())),
                            Unit.SMALL_SHARE));
                }
                rows.add(row);
            }
        }
        return new Table(
                "Cost of capital, of an operator's margin, by its size in requests a second",
                Stream.concat(Stream.of("unbacked", "rule"), SIZES.stream().map(Numbers::plain))
                        .toList(),
                rows);
    }

    private static Table sensitivity(List<Draw> draws) {
        List<List<Cell>> rows = new ArrayList<>();
        for (double exponent : EXPONENTS) {
            List<Draw> crowd = draws.stream().map(draw -> draw.zipf(exponent)).toList();
            for (double factor : DEARER) {
                List<Draw> at = crowd.stream().map(draw -> draw.dearer(factor)).toList();
                rows.add(List.of(
                        Cell.of(Numbers.plain(exponent)),
                        Cell.of(Numbers.plain(factor)),
                        Cell.of(measured(at, BarrierExperiment::edge), Unit.RATIO),
                        Cell.of(part(at, BarrierRule.FLAT, Unbacked.A_WEEK, Part::operators), Unit.SHARE),
                        Cell.of(part(at, BarrierRule.FLAT, Unbacked.A_WEEK, Part::traffic), Unit.SHARE),
                        Cell.of(part(at, BarrierRule.PROPORTIONAL, Unbacked.A_WEEK, Part::operators), Unit.SHARE)));
            }
        }
        return new Table(
                "Other crowds and prices, unbacked for 7 days",
                List.of(
                        "Zipf's exponent",
                        "k / (tau mu), times",
                        "smallest size let in, requests/s",
                        "flat: operators shut out",
                        "flat: traffic shut out",
                        "proportional: operators"),
                rows);
    }

    private static double edge(Draw draw) {
        double yearly = BarrierRule.FLAT.yearly(draw.economy(), 1, false, Unbacked.A_WEEK.hours());
        return draw.economy().leastSize(yearly);
    }

    private static Chart chart(String title, List<Draw> draws, ToDoubleFunction<Part> of) {
        List<Chart.Series> series = new ArrayList<>();
        for (BarrierRule rule : BarrierRule.values()) {
            series.add(new Chart.Series(
                    rule.words(),
                    TIMES.stream().map(time -> part(draws, rule, time, of)).toList()));
        }
        return new Chart(
                title,
                Chart.Kind.POINTS,
                "unbacked time",
                Unit.SHARE,
                Chart.Mark.inARow(TIMES.stream().map(Unbacked::words).toList()),
                series);
    }

    private static Measured measured(List<Draw> draws, ToDoubleFunction<Draw> of) {
        return Measured.of(draws.stream().mapToDouble(of).toArray());
    }
}
