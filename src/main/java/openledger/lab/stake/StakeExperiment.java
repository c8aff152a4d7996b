package openledger.lab.stake;

import static openledger.lab.report.EvidenceLevel.ROBUST;
import static openledger.lab.report.EvidenceLevel.TUNED;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Reference;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.stake.StakeRun.Found;

/**
 * How many lazy fall-backs stake prevents: judged by the product's own replay, as {@code docs/explanation/0016-stake-experiment.md} has it,
 * and by proofs of one step, as {@code docs/explanation/0026-stakes-and-barrier.md} has it.
 */
public final class StakeExperiment implements Experiment {
    private static final List<Double> LOADS = List.of(0.5, 0.7, 0.8, 0.9, 0.95);
    private static final double HEADLINE = 0.8;
    private static final double PERCENT = 100;
    private static final Reference OBSERVED = Reference.within(0.06, 0.09);

    @Override
    public String name() {
        return "stake";
    }

    @Override
    public String about() {
        return "operators that fall back lazily when it pays: replay, proofs of one step, pools, proofs' cost";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        Map<Double, List<StakeRun>> runs = new LinkedHashMap<>();
        for (double load : LOADS) {
            runs.put(load, seeds.each("load " + load, progress, seed -> StakeRun.of(load, seed, StakeRun.OF_NOTE_16)));
        }
        Section.Draft draft = Section.draft(
                name(),
                "Stake",
                "An operator falls back lazily when that pays; an auditor replays batches and takes stake for each misroute it"
                        + " can prove.");
        List<StakeRun> headline = runs.getOrDefault(HEADLINE, List.of());
        headline(draft, headline);
        innocent(draft, seeds, progress);
        List<Found> lies = seeds.each("an operator that lies", progress, seed -> StakeRun.behindLies(HEADLINE, seed));
        draft.add(Figure.of(
                "hidden_by_lies",
                "lazy fall-backs a full replay does not find if the operator lies about its providers' answers",
                Unit.SHARE,
                Measured.ratio(found(lies, lie -> lie.whole() - lie.replayed()), found(lies, Found::whole)),
                ROBUST));
        draft.add(loads(runs));
        draft.add(manners());
        draft.add(chart(runs));
        Map<Double, List<Temptation>> lanes = new LinkedHashMap<>();
        runs.forEach((load, at) ->
                lanes.put(load, at.stream().map(StakeRun::temptation).toList()));
        new DeterrenceTables(lanes.getOrDefault(HEADLINE, List.of()), lies).add(draft);
        new PoolTables(lanes, HEADLINE).add(draft);
        draft.note(
                "Reading and parameters were written down in docs/explanation/0016-stake-experiment.md before the first run: 2 % of the"
                        + " batches are replayed, each proved misroute costs 7 mean gains. \"Relative\" is of the lazy fall-backs without"
                        + " stake; \"points\" are of all decisions, the other way to read 6 to 9 %. That conviction is the replay's; on"
                        + " a chain, a reporter of 7 gains does not earn what the proof costs.");
        draft.note(
                "Penalties, pools and the unbacked time are those of docs/explanation/0026-stakes-and-barrier.md, written down before"
                        + " the first run too: conviction is what leaves prove in one step, a gain is $0.002 and a proof costs $0.02, by"
                        + " guess. Rows with NO exist on no real chain: nobody proves at a loss. Stake answers hit and run, what is"
                        + " checked and burned answers laziness, and neither replaces the other.");
        draft.note(
                "Tuned is the size of the reduction under a sampled audit. Robust are its fall with load, the ceiling that a full"
                        + " replay cannot pass, and that an honest operator is not convicted.");
        draft.note(
                "An operator that lies about its providers' answers leaves nothing that a replay could find: against that only"
                        + " twins, latency and the providers' own records help, and no stake of this design.");
        return draft.done();
    }

    private static void headline(Section.Draft draft, List<StakeRun> runs) {
        draft.add(Figure.of(
                        "reduction_relative",
                        "lazy fall-backs that a sampled audit prevents, of all of them, at a load of 0.8",
                        Unit.SHARE,
                        relative(runs, StakeRun::sampled),
                        TUNED)
                .beside(OBSERVED));
        draft.add(Figure.of(
                "reduction_points",
                "the same in points of all decisions",
                Unit.POINTS,
                points(runs, StakeRun::sampled),
                TUNED));
        draft.add(Figure.of(
                "reduction_full_replay",
                "lazy fall-backs that a full replay prevents, at the same slash",
                Unit.SHARE,
                relative(runs, StakeRun::full),
                ROBUST));
        draft.add(Figure.of(
                "lazy_without",
                "lazy fall-backs without stake, of all decisions",
                Unit.SHARE,
                ratio(runs, StakeRun::without, StakeRun::decisions),
                TUNED));
        draft.add(Figure.of(
                "behind_congestion",
                "lazy fall-backs that hide behind real congestion and contradict nothing",
                Unit.SHARE,
                ratio(runs, run -> run.without() - run.traced(), StakeRun::without),
                ROBUST));
        draft.add(Figure.of(
                "conviction_sampled",
                "of those that contradict a plan, found by a replay of one batch by itself",
                Unit.SHARE,
                ratio(runs, StakeRun::convictedSampled, StakeRun::traced),
                ROBUST));
        draft.add(Figure.of(
                "conviction_full",
                "of those that contradict a plan, found by a replay of all batches",
                Unit.SHARE,
                ratio(runs, StakeRun::convictedFull, StakeRun::traced),
                ROBUST));
    }

    private static void innocent(Section.Draft draft, Seeds seeds, Progress progress) {
        List<Found> honest = seeds.each("an honest lane", progress, seed -> StakeRun.inHonestLane(HEADLINE, seed));
        draft.add(Figure.of(
                "convicted_of_nothing",
                "requests of an honest lane about which a full replay finds something",
                Unit.SHARE,
                Measured.ratio(found(honest, Found::replayed), found(honest, Found::whole)),
                ROBUST));
        draft.add(Figure.of(
                "proved_of_nothing",
                "requests of an honest lane that are proved in one step or lost as a game",
                Unit.SHARE,
                Measured.ratio(found(honest, Found::proved), found(honest, Found::whole)),
                ROBUST));
    }

    private static double[] found(List<Found> all, ToDoubleFunction<Found> of) {
        return all.stream().mapToDouble(of).toArray();
    }

    private static Table loads(Map<Double, List<StakeRun>> runs) {
        List<List<Cell>> rows = new ArrayList<>();
        runs.forEach((load, at) -> rows.add(List.of(
                Cell.of(String.valueOf(load)),
                Cell.of(ratio(at, StakeRun::without, StakeRun::decisions), Unit.SHARE),
                Cell.of(ratio(at, run -> run.without() - run.traced(), StakeRun::without), Unit.SHARE),
                Cell.of(ratio(at, StakeRun::convictedSampled, StakeRun::traced), Unit.SHARE),
                Cell.of(ratio(at, run -> run.temptation().provenByLeaf(), StakeRun::traced), Unit.SHARE),
                Cell.of(relative(at, StakeRun::sampled), Unit.SHARE),
                Cell.of(points(at, StakeRun::sampled), Unit.POINTS),
                Cell.of(relative(at, StakeRun::full), Unit.SHARE),
                Cell.of(points(at, StakeRun::full), Unit.POINTS))));
        return new Table(
                "Reduction of lazy fall-backs by load",
                List.of(
                        "load",
                        "lazy without stake",
                        "behind congestion",
                        "conviction, sampled",
                        "proved by one leaf",
                        "sampled, relative",
                        "sampled, points",
                        "full replay, relative",
                        "full replay, points"),
                rows);
    }

    private static Table manners() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Misbehaviour manner : Misbehaviour.values()) {
            Misbehaviour.Found found = manner.found(HEADLINE, 1);
            rows.add(List.of(
                    Cell.of(manner.words()),
                    Cell.of(names(found.oneStep())),
                    Cell.of(found.hasGame() ? "PLAN_MISSING" : "nothing"),
                    Cell.of(names(found.replay()))));
        }
        return new Table(
                "One misroute of each manner in an honest lane, and what is found of it",
                List.of("manner", "proved in one step", "won as a game", "found by a replay"),
                rows);
    }

    private static String names(List<? extends Enum<?>> found) {
        return found.isEmpty() ? "nothing" : found.stream().map(Enum::name).collect(Collectors.joining(", "));
    }

    private static Chart chart(Map<Double, List<StakeRun>> runs) {
        List<Measured> sampled = new ArrayList<>();
        List<Measured> full = new ArrayList<>();
        runs.values().forEach(at -> {
            sampled.add(relative(at, StakeRun::sampled));
            full.add(relative(at, StakeRun::full));
        });
        return new Chart(
                "Lazy fall-backs prevented, of all of them",
                Chart.Kind.LINES,
                "load",
                Unit.SHARE,
                LOADS.stream().map(Chart.Mark::of).toList(),
                List.of(new Chart.Series("sampled audit", sampled), new Chart.Series("full replay", full)));
    }

    private static Measured relative(List<StakeRun> runs, ToDoubleFunction<StakeRun> remaining) {
        return ratio(runs, run -> run.without() - remaining.applyAsDouble(run), StakeRun::without);
    }

    private static Measured points(List<StakeRun> runs, ToDoubleFunction<StakeRun> remaining) {
        return ratio(runs, run -> run.without() - remaining.applyAsDouble(run), StakeRun::decisions)
                .times(PERCENT);
    }

    private static Measured ratio(
            List<StakeRun> runs, ToDoubleFunction<StakeRun> part, ToDoubleFunction<StakeRun> whole) {
        return Measured.ratio(values(runs, part), values(runs, whole));
    }

    private static double[] values(List<StakeRun> runs, ToDoubleFunction<StakeRun> of) {
        return runs.stream().mapToDouble(of).toArray();
    }
}
