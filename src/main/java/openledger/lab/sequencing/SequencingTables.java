package openledger.lab.sequencing;

import static openledger.lab.sequencing.SequencingExperiment.measured;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Chart.Mark;
import openledger.lab.report.Chart.Series;
import openledger.lab.report.Measured;
import openledger.lab.report.Section;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.sequencing.SequencingResult.Gated;
import openledger.lab.sequencing.SequencingResult.Timed;

/** Tables and charts of the sequencing experiment. */
public final class SequencingTables {
    /** Ours whose node is near; only these stand on the axis of block times. */
    private static final int NEAR = 4;

    private SequencingTables() {}

    public static void addTo(Section.Draft draft, List<SequencingResult> results) {
        draft.add(gates(results));
        draft.add(exposures(results));
        draft.add(hard(results));
        draft.add(routers(results));
        draft.add(blocks(results));
    }

    private static Table gates(List<SequencingResult> results) {
        List<List<Cell>> rows = new ArrayList<>();
        row(rows, "reference", results, SequencingResult::reference);
        for (int i = 0; i < SequencingResult.OURS.size(); i++) {
            int place = i;
            row(
                    rows,
                    SequencingResult.OURS.get(i).name(),
                    results,
                    result -> result.ours().get(place));
        }
        return new Table(
                "Confirmation by block time and gate",
                List.of(
                        "blocks",
                        "gate",
                        "confirmed p50",
                        "confirmed p95",
                        "added p50",
                        "added p95",
                        "changed",
                        "stale when called"),
                rows);
    }

    private static void row(
            List<List<Cell>> rows,
            String name,
            List<SequencingResult> results,
            Function<SequencingResult, Timed> timed) {
        row(rows, name, "dispatch", results, timed, timed.andThen(Timed::dispatch));
        row(rows, name, "response", results, timed, timed.andThen(Timed::response));
    }

    private static void row(
            List<List<Cell>> rows,
            String name,
            String gate,
            List<SequencingResult> results,
            Function<SequencingResult, Timed> timed,
            Function<SequencingResult, Gated> gated) {
        rows.add(List.of(
                Cell.of(name),
                Cell.of(gate),
                Cell.of(measured(results, result -> timed.apply(result).p50()), Unit.MILLIS),
                Cell.of(measured(results, result -> timed.apply(result).p95()), Unit.MILLIS),
                Cell.of(measured(results, result -> gated.apply(result).p50()), Unit.ADDED_MILLIS),
                Cell.of(measured(results, result -> gated.apply(result).p95()), Unit.ADDED_MILLIS),
                Cell.of(
                        measured(
                                results,
                                result -> gated.apply(result).followed().changed()),
                        Unit.SHARE),
                Cell.of(
                        measured(
                                results,
                                result -> gated.apply(result).followed().stale()),
                        Unit.SHARE)));
    }

    private static Table exposures(List<SequencingResult> results) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < SequencingResult.EXPOSURES.size(); i++) {
            int place = i;
            rows.add(List.of(
                    Cell.of(SequencingResult.EXPOSURES.get(i) + " ms"),
                    Cell.of(
                            measured(
                                    results,
                                    result -> result.exposures().get(place).naive()),
                            Unit.SHARE),
                    Cell.of(
                            measured(
                                    results,
                                    result -> result.exposures().get(place).unpinned()),
                            Unit.SHARE),
                    Cell.of(
                            measured(
                                    results,
                                    result -> result.exposures().get(place).pinned()),
                            Unit.SHARE)));
        }
        return new Table(
                "Changes by the mean time to the first of an answer",
                List.of("exposure", "naive", "ordered, not pinned", "pinned"),
                rows);
    }

    private static Table hard(List<SequencingResult> results) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < SequencingResult.HARD.size(); i++) {
            int place = i;
            rows.add(List.of(
                    Cell.of(Unit.SHARE.show(SequencingResult.HARD.get(i))),
                    Cell.of(measured(results, result -> result.hard().get(place)), Unit.SHARE)));
        }
        return new Table(
                "Changes along pinned plans by how many calls to a congested target fail hard",
                List.of("fail hard", "pinned"),
                rows);
    }

    private static Chart routers(List<SequencingResult> results) {
        return new Chart(
                "Requests that changed target",
                Chart.Kind.POINTS,
                "router",
                Unit.SHARE,
                Mark.inARow(List.of("naive", "ordered, not pinned", "pinned")),
                List.of(new Series(
                        "changed",
                        List.of(
                                measured(results, SequencingResult::naive),
                                measured(results, SequencingResult::unpinned),
                                measured(results, result -> result.pinned().changed())))));
    }

    private static Chart blocks(List<SequencingResult> results) {
        return new Chart(
                "Added to the first of an answer, by block time",
                Chart.Kind.LINES,
                "s from block to block",
                Unit.ADDED_MILLIS,
                SequencingResult.OURS.subList(0, NEAR).stream()
                        .map(timing -> Mark.of(timing.blockMillis() / 1_000))
                        .toList(),
                List.of(
                        new Series(
                                "dispatch, median",
                                near(results, timed -> timed.dispatch().p50())),
                        new Series(
                                "dispatch, p95",
                                near(results, timed -> timed.dispatch().p95())),
                        new Series(
                                "response, median",
                                near(results, timed -> timed.response().p50())),
                        new Series(
                                "response, p95",
                                near(results, timed -> timed.response().p95()))));
    }

    private static List<Measured> near(List<SequencingResult> results, Function<Timed, Double> of) {
        List<Measured> values = new ArrayList<>();
        for (int i = 0; i < NEAR; i++) {
            int place = i;
            values.add(measured(results, result -> of.apply(result.ours().get(place))));
        }
        return values;
    }
}
