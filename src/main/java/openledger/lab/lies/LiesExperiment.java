package openledger.lab.lies;

import static openledger.lab.report.EvidenceLevel.ROBUST;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import openledger.fairness.Proportion;
import openledger.fairness.twin.TwinPlan;
import openledger.fairness.twin.TwinVerdict.Conclusion;
import openledger.lab.lies.UsageWorld.Form;
import openledger.lab.report.Cell;
import openledger.lab.report.Experiment;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;

/** How many lies about providers their own records and twins show; see {@code docs/explanation/lies-about-providers.md}. */
public final class LiesExperiment implements Experiment {
    private static final List<Double> RATES = List.of(0.001, 0.005, 0.01, 0.02, 0.05, 0.1);
    private static final double HEADLINE = 0.01;
    private static final int WINDOWS = 5;
    private static final int PROBES = 10;
    private static final long APART = 1_000;
    private static final double HIGH_POWER = 0.95;
    private static final double PERCENT = 100;
    private static final List<Treatment> TREATMENTS = List.of(
            Treatment.EQUAL,
            new Treatment("refused 2 points more often", 0.02, 0, 0),
            new Treatment("refused 5 points more often", 0.05, 0, 0),
            new Treatment("refused 10 points more often", 0.10, 0, 0),
            new Treatment("refused 20 points more often", 0.20, 0, 0),
            new Treatment("answers take 5 % longer", 0, 0.05, 0),
            new Treatment("answers take 10 % longer", 0, 0.10, 0),
            new Treatment("answers take 20 % longer", 0, 0.20, 0),
            new Treatment("5 % of the answers by another model", 0, 0, 0.05),
            new Treatment("10 % of the answers by another model", 0, 0, 0.10),
            new Treatment("20 % of the answers by another model", 0, 0, 0.20));

    @Override
    public String name() {
        return "lies";
    }

    @Override
    public String about() {
        return "lies about providers' answers, against their own records and against twins";
    }

    @Override
    public Section run(Seeds seeds, Progress progress) {
        Section.Draft draft = Section.draft(
                name(),
                "Lies about providers",
                "A router lies about its providers' answers, which no replay and no stake reaches; the provider's own usage export and"
                        + " twins show it.");
        reconcile(draft, seeds, progress);
        probe(draft, seeds, progress);
        draft.note(
                "Parameters were written down in docs/explanation/lies-about-providers.md before the first run. A window of 6 h has"
                        + " 1,500 requests, and counts as found with at least one difference; intervals are Wilson's, 95 %, over all windows"
                        + " or probes.");
        draft.note(
                "Ids find nearly every single lie, so the power is that of having lied at all in the window. Totals find what is more than"
                        + " uncertain calls and borders can explain, and tokens alone only what changes sums.");
        draft.note("Not found at any rate: a lie that looks like a time-out or a broken connection.");
        return draft.done();
    }

    private static void reconcile(Section.Draft draft, Seeds seeds, Progress progress) {
        Map<Form, Proportion> honest = found(seeds, progress, "honest windows", UsageWorld::honest);
        List<List<Cell>> rows = new ArrayList<>();
        honest.forEach((form, share) -> {
            draft.add(Figure.of(
                    "false_alarms_" + form.name().toLowerCase(Locale.ROOT),
                    "windows of an honest router with a difference, " + form.words(),
                    Unit.SHARE,
                    measured(share, seeds),
                    ROBUST));
        });
        for (ProviderLie lie : ProviderLie.values()) {
            for (double rate : RATES) {
                Map<Form, Proportion> found =
                        found(seeds, progress, lie.words() + " " + rate, seed -> UsageWorld.lying(seed, lie, rate));
                List<Cell> row = new ArrayList<>(
                        List.of(Cell.of(lie.words()), Cell.of(String.format(Locale.ROOT, "%.1f %%", PERCENT * rate))));
                found.forEach((form, share) -> {
                    row.add(Cell.of(measured(share, seeds), Unit.SHARE));
                    if (rate == HEADLINE) {
                        draft.add(Figure.of(
                                "found_" + lie.name().toLowerCase(Locale.ROOT) + "_"
                                        + form.name().toLowerCase(Locale.ROOT),
                                "windows found with 1 % of " + lie.words() + ", " + form.words(),
                                Unit.SHARE,
                                measured(share, seeds),
                                ROBUST));
                    }
                });
                rows.add(row);
            }
        }
        List<String> heads = new ArrayList<>(List.of("lie", "of the requests"));
        honest.keySet().forEach(form -> heads.add(form.words()));
        draft.add(new Table("reconcile: windows in which it finds a difference", heads, rows));
    }

    /** Worlds by their seed. */
    @FunctionalInterface
    private interface Worlds {
        UsageWorld of(long seed);
    }

    private static Map<Form, Proportion> found(Seeds seeds, Progress progress, String words, Worlds worlds) {
        List<Map<Form, Integer>> runs = seeds.each(words, progress, seed -> {
            Map<Form, Integer> found = new EnumMap<>(Form.class);
            for (int window = 0; window < WINDOWS; window++) {
                UsageWorld world = worlds.of(seed * APART + window);
                for (Form form : Form.values()) {
                    found.merge(form, world.reconciled(form).total() > 0 ? 1 : 0, Integer::sum);
                }
            }
            return found;
        });
        Map<Form, Proportion> all = new EnumMap<>(Form.class);
        for (Form form : Form.values()) {
            int sum = runs.stream().mapToInt(run -> run.getOrDefault(form, 0)).sum();
            all.put(form, new Proportion(sum, (long) WINDOWS * runs.size()));
        }
        return all;
    }

    private static Measured measured(Proportion share, Seeds seeds) {
        return new Measured(share.value(), share.low(), share.high(), seeds.count());
    }

    private static void probe(Section.Draft draft, Seeds seeds, Progress progress) {
        int few = ProbeWorld.PLAN.pairs(TwinPlan.USUAL_POWER);
        int many = ProbeWorld.PLAN.pairs(HIGH_POWER);
        List<List<Cell>> rows = new ArrayList<>();
        for (Treatment treatment : TREATMENTS) {
            Proportion atFew = unequal(seeds, progress, treatment, few);
            Proportion atMany = unequal(seeds, progress, treatment, many);
            rows.add(List.of(
                    Cell.of(treatment.words()),
                    Cell.of(measured(atFew, seeds), Unit.SHARE),
                    Cell.of(measured(atMany, seeds), Unit.SHARE)));
            if (treatment.equals(Treatment.EQUAL)) {
                draft.add(Figure.of(
                        "probe_false_alarms",
                        "probes of an endpoint that treats twins alike that end in \"unequal\", " + many + " pairs",
                        Unit.SHARE,
                        measured(atMany, seeds),
                        ROBUST));
            }
            if (treatment.refusals() == ProbeWorld.PLAN.difference()) {
                draft.add(Figure.of(
                        "probe_power_80",
                        "probes that find refusals 10 points more often, with the " + few + " pairs for 80 %",
                        Unit.SHARE,
                        measured(atFew, seeds),
                        ROBUST));
                draft.add(Figure.of(
                        "probe_power_95",
                        "probes that find refusals 10 points more often, with the " + many + " pairs for 95 %",
                        Unit.SHARE,
                        measured(atMany, seeds),
                        ROBUST));
            }
        }
        draft.add(new Table(
                "probe: how often it ends in \"unequal\"",
                List.of("the second twin is", few + " pairs, for 80 %", many + " pairs, for 95 %"),
                rows));
    }

    private static Proportion unequal(Seeds seeds, Progress progress, Treatment treatment, int pairs) {
        LongPredicate isUnequal =
                seed -> ProbeWorld.probe(seed, treatment, pairs).conclusion() == Conclusion.UNEQUAL;
        List<Integer> runs = seeds.each(
                treatment.words() + ", " + pairs + " pairs", progress, seed -> (int) IntStream.range(0, PROBES)
                        .filter(probe -> isUnequal.test(seed * APART + probe))
                        .count());
        return new Proportion(runs.stream().mapToInt(Integer::intValue).sum(), (long) PROBES * runs.size());
    }
}
