package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.FastTrial;
import openledger.lab.engine.Resending;
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
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.world.LogNormal;

/**
 * Clients give up waiting and send again, which is load, which makes others wait: the shorter their patience, the more the second
 * request feeds on the first, unless it joins it.
 */
public final class ResendExperiment implements Experiment {
    private static final List<Double> PATIENCE = List.of(8_000.0, 5_000.0, 3_500.0, 2_500.0, 1_800.0);
    private static final double PER_SECOND = 100;
    private static final double SHARE = 0.9;
    private static final double CV = 0.6;
    private static final int MOST = 4;
    private static final int SHORT = PATIENCE.size() - 1;

    @Override
    public String name() {
        return "resends";
    }

    @Override
    public String about() {
        return "clients who give up and send again: with and without joining the first request's ledger";
    }

    /** What becomes of the first request, as tables say it. */
    private enum Way {
        ANEW("a new request; the first goes on", Resending.Kind.ANEW),
        CANCELLED("a new request; the first is cancelled", Resending.Kind.CANCELLED),
        JOINED("joins the first one's ledger", Resending.Kind.JOINED);

        private final String words;
        private final Resending.Kind kind;

        Way(String words, Resending.Kind kind) {
            this.words = words;
            this.kind = kind;
        }
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        Map<Way, List<Sample>> samples = new LinkedHashMap<>();
        for (Way way : Way.values()) {
            List<Sample> row = new ArrayList<>();
            for (double patience : PATIENCE) {
                Resending resending = new Resending(way.kind, SHARE, new LogNormal(patience, CV), MOST);
                row.add(FastTrial.REFERENCE
                        .named(way.words)
                        .at(PER_SECOND)
                        .in(FastSetting.REFERENCE.with(resending))
                        .run(seeds, progress));
            }
            samples.put(way, row);
        }
        return section(samples);
    }

    private Section section(Map<Way, List<Sample>> samples) {
        Section.Draft draft = Section.draft(
                name(),
                "Resend loop",
                "Of the clients whose patience ends before their answer is whole, 90 % send again, up to four times; budget of 3 for"
                        + " the best tier, 100 requests a second.");
        Sample anew = at(samples, Way.ANEW);
        Sample joined = at(samples, Way.JOINED);
        draft.add(figure(
                "load_anew", "calls a request, patience 1.8 s, sent anew", Unit.RATIO, anew.mean(RunFigures::calls)));
        draft.add(figure(
                "load_joined", "calls a request, patience 1.8 s, joined", Unit.RATIO, joined.mean(RunFigures::calls)));
        draft.add(figure(
                "fallback_anew", "fell back, patience 1.8 s, sent anew", Unit.SHARE, anew.mean(RunFigures::fallBack)));
        draft.add(figure(
                "fallback_joined", "fell back, patience 1.8 s, joined", Unit.SHARE, joined.mean(RunFigures::fallBack)));
        draft.add(figure(
                "latency_spared_ms",
                "mean latency that joining adds or spares",
                Unit.ADDED_MILLIS,
                joined.difference(anew, RunFigures::latency)));
        draft.add(table(samples));
        draft.add(chart("Calls of providers a request", Unit.RATIO, samples, sample -> sample.mean(RunFigures::calls)));
        draft.add(chart("Fall-backs", Unit.SHARE, samples, sample -> sample.mean(RunFigures::fallBack)));
        draft.add(chart("Mean latency", Unit.MILLIS, samples, sample -> sample.mean(RunFigures::latency)));
        draft.note("Latency is from the first time a client sent its request until the answer it waits for is whole.");
        return draft.done();
    }

    private static Sample at(Map<Way, List<Sample>> samples, Way way) {
        List<Sample> row = samples.get(way);
        if (row == null) {
            throw new IllegalStateException("not run: " + way);
        }
        return row.get(SHORT);
    }

    private static Figure figure(String key, String words, Unit unit, Measured measured) {
        return Figure.of(key, words, unit, measured, EvidenceLevel.ROBUST);
    }

    private static Table table(Map<Way, List<Sample>> samples) {
        List<List<Cell>> rows = new ArrayList<>();
        samples.forEach((way, row) -> {
            for (int i = 0; i < PATIENCE.size(); i++) {
                Sample sample = row.get(i);
                rows.add(List.of(
                        Cell.of(way.words),
                        Cell.of(Measured.exactly(PATIENCE.get(i)), Unit.MILLIS),
                        Cell.of(sample.mean(RunFigures::again), Unit.RATIO),
                        Cell.of(sample.mean(RunFigures::calls), Unit.RATIO),
                        Cell.of(sample.mean(RunFigures::fallBack), Unit.SHARE),
                        Cell.of(sample.mean(RunFigures::latency), Unit.MILLIS),
                        Cell.of(sample.mean(RunFigures::p95), Unit.MILLIS)));
            }
        });
        return new Table(
                "By what becomes of a request that is sent again",
                List.of(
                        "sent again as",
                        "patience",
                        "sent again, a request",
                        "calls a request",
                        "fell back",
                        "latency",
                        "p95"),
                rows);
    }

    private static Chart chart(String title, Unit unit, Map<Way, List<Sample>> samples, Function<Sample, Measured> of) {
        List<Mark> marks = new ArrayList<>();
        for (double patience : PATIENCE.reversed()) {
            marks.add(Mark.of(patience / 1_000));
        }
        List<Series> series = new ArrayList<>();
        samples.forEach((way, row) ->
                series.add(new Series(way.words, row.reversed().stream().map(of).toList())));
        return new Chart(title, Chart.Kind.LINES, "mean patience, s", unit, marks, series);
    }
}
