package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.ConfirmedRun;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.Figures;
import openledger.lab.engine.Requests;
import openledger.lab.engine.Resending;
import openledger.lab.engine.RunOutcome;
import openledger.lab.report.Measured;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.lab.world.Workload;

/**
 * Who gets the slots while they are scarce, by the rule for a tenant's surplus: the same arrivals in the same world under each of
 * them, and in fast mode. Three mixes: a small one; the same while its largest tenant sends ten times as much, in bursts; 64 tenants
 * of unequal size who ask for twice what there is. Same seeds, same figures.
 */
public final class SurplusExperiment {
    /** Word of the rows in fast mode. */
    public static final String FAST = "fast mode";
    /** Word of the rows under the product's rule. */
    public static final String PRODUCT = SurplusRules.PRODUCT.word();

    private static final double PERCENT = 100;

    private final int seeds;
    private final double millis;

    /**
     * An experiment.
     *
     * @param seeds runs of each row, at least 2
     * @param millis virtual time of a run
     */
    public SurplusExperiment(int seeds, double millis) {
        this.seeds = seeds;
        this.millis = millis;
    }

    /** What is measured, with the unit in which it is shown. */
    public enum Measure {
        FALL_BACK("fell back, %", figures -> PERCENT * figures.fallBack()),
        SELECTIVE_TURN("SELECTIVE, % of those", figures -> PERCENT * figures.selectiveTurns()),
        SELECTIVE_ARRIVAL("passed by later arrivals, %", figures -> PERCENT * figures.selective()),
        TWINS("twins differ, %", figures -> PERCENT * figures.twins()),
        OTHERS_FALL_BACK("others fell back, %", figures -> PERCENT * figures.othersFallBack()),
        OTHERS_MEDIAN("others held p50, ms", Figures::othersHeldMedian),
        OTHERS_P95("others held p95, ms", Figures::othersHeldP95),
        DISTANCE("from max-min, %", figures -> PERCENT * figures.distance()),
        WORST("worst off got, %", figures -> PERCENT * figures.worst()),
        UNUSED("slots unused, %", figures -> PERCENT * figures.unused());

        private final String word;

        @SuppressWarnings("ImmutableEnumChecker") // it holds nothing
        private final ToDoubleFunction<Figures> of;

        Measure(String word, ToDoubleFunction<Figures> of) {
            this.word = word;
            this.of = of;
        }

        /** As a table shows it. */
        public String word() {
            return word;
        }
    }

    /**
     * One rule in one mix.
     *
     * @param mix word of the mix
     * @param rule word of the rule
     * @param estimates in the order of the measures
     */
    public record Row(String mix, String rule, Map<Measure, Measured> estimates) {}

    /** Runs it all; rows are given away as they come. */
    public List<Row> run(Consumer<Row> each) {
        List<Row> rows = new ArrayList<>();
        for (Workload mix : List.of(Workload.SMALL, Workload.FLOODED, Workload.MANY)) {
            add(mix, FAST, fast(mix), rows, each);
            for (SurplusRules rule : SurplusRules.values()) {
                add(mix, rule.word(), confirmed(mix, rule), rows, each);
            }
        }
        return rows;
    }

    private static void add(Workload mix, String rule, List<Figures> figures, List<Row> rows, Consumer<Row> each) {
        Map<Measure, Measured> estimates = new LinkedHashMap<>();
        for (Measure measure : Measure.values()) {
            estimates.put(
                    measure,
                    Measured.of(figures.stream().mapToDouble(measure.of).toArray()));
        }
        Row row = new Row(mix.name(), rule, estimates);
        rows.add(row);
        each.accept(row);
    }

    /** A run for each seed, under a rule. */
    List<Figures> confirmed(Workload mix, SurplusRule rule) {
        List<Figures> figures = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            Market market = market(mix);
            RunOutcome outcome = ConfirmedRun.of(mix.arrivals(seed, millis), market, world(market, seed), rule);
            figures.add(Figures.of(outcome, mix.tenants()));
        }
        return figures;
    }

    /** A run for each seed, in fast mode. */
    List<Figures> fast(Workload mix) {
        List<Figures> figures = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            FastSetting setting = FastSetting.REFERENCE.in(market(mix)).with(Resending.NEVER);
            List<Arrival> arrivals = mix.arrivals(seed, millis);
            Requests requests = new FastRun(setting).of(Arrivals.of(arrivals), seed);
            RunOutcome outcome = new RunOutcome(requests.fates(arrivals), 0);
            figures.add(Figures.of(outcome, mix.tenants()));
        }
        return figures;
    }

    private static Market market(Workload mix) {
        return mix.equals(Workload.MANY) ? Market.SCARCE : Market.REFERENCE;
    }

    private static CongestionWorld world(Market market, long seed) {
        return new CongestionWorld(market.congestion(), Market.PROVIDERS, seed);
    }
}
