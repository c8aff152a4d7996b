package openledger.cli.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import openledger.fairness.twin.TwinPlan;
import openledger.fairness.twin.TwinVerdict;
import openledger.fairness.twin.TwinVerdict.Test;

/** Prints the plan of a probe and what it found, for people and for programs. */
final class ProbePrinter {
    private static final double HIGH_POWER = 0.95;
    private static final double PERCENT = 100;

    private final TwinFeature feature;
    private final TwinPlan plan;

    ProbePrinter(TwinFeature feature, TwinPlan plan) {
        this.feature = feature;
        this.plan = plan;
    }

    /** What the probe costs, and what it can find. */
    void plan(PrintWriter out, int pairs, long tokens, double perSecond) {
        out.println("Twins differ in " + feature.words() + ".");
        out.printf(
                Locale.ROOT,
                "To find refusals that differ by %s points (%s %% are refused anyway), at a level of 5 %% over %d outcomes:%n",
                points(plan.difference()),
                points(plan.base()),
                plan.outcomes());
        out.printf(
                Locale.ROOT,
                "  %,d pairs for a power of 80 %%, below which nothing is called equal; %,d pairs for 95 %%.%n",
                plan.floor(),
                plan.pairs(HIGH_POWER));
        out.printf(
                Locale.ROOT,
                "It sends %,d pairs, which find %s points with 80 %% and %s points with 95 %%:%n",
                pairs,
                points(plan.found(pairs, TwinPlan.USUAL_POWER)),
                points(plan.found(pairs, HIGH_POWER)));
        out.printf(Locale.ROOT, "  %,d requests, %,d tokens at most, %,d s at least.%n", 2 * pairs, tokens, (long)
                Math.ceil(pairs / perSecond));
        out.flush();
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%.1f", PERCENT * share);
    }

    void text(PrintWriter out, TwinVerdict found, Map<String, Integer> refusals) {
        out.printf(Locale.ROOT, "%,d pairs.%n%n", found.pairs());
        out.printf(
                Locale.ROOT,
                "%-28s %8s  %-26s %10s %10s%n",
                "outcome",
                "pairs",
                "second against first",
                "p",
                "adjusted");
        for (Test test : found.tests()) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %8d  %-26s %10.4f %10.4f%n",
                    test.of().words(),
                    test.pairs(),
                    test.pairs() == 0 ? "not said" : effect(test),
                    test.probability(),
                    test.adjusted());
        }
        out.printf(
                Locale.ROOT,
                "%nRefused: %d of the first twins, %d of the second; the second %s points more often, 95 %% interval %s to %s.%n",
                found.refusals().both() + found.refusals().firstAlone(),
                found.refusals().both() + found.refusals().secondAlone(),
                points(found.refusals().difference()),
                points(found.refusals().low()),
                points(found.refusals().high()));
        refusals.forEach((why, count) -> out.println("  " + count + " × " + why));
        out.println();
        out.println(words(found));
        out.flush();
    }

    private static String effect(Test test) {
        return switch (test.of()) {
            case REFUSALS -> String.format(Locale.ROOT, "%+.1f points", PERCENT * test.effect());
            case MODEL -> String.format(Locale.ROOT, "%+.1f points the usual one", PERCENT * test.effect());
            case TIME -> String.format(Locale.ROOT, "%.2f times as long", test.effect());
            case RETRIES -> String.format(Locale.ROOT, "%+.1f", test.effect());
            case TOKENS -> String.format(Locale.ROOT, "%+.0f tokens", test.effect());
        };
    }

    private String words(TwinVerdict found) {
        return switch (found.conclusion()) {
            case UNEQUAL ->
                "UNEQUAL: the twins are not treated alike in what has an adjusted p of at most 0.05. Chance alone shows this in at"
                        + " most 5 of 100 probes.";
            case NOTHING_FOUND ->
                "NOTHING FOUND: refusals do not differ by " + points(plan.difference())
                        + " points, and nothing else was found. Smaller differences, and other times, are not excluded.";
            case NOT_ENOUGH ->
                "NOT ENOUGH TO TELL: nothing was found, but "
                        + (found.pairs() < plan.floor()
                                ? "there are " + found.pairs() + " pairs, and it takes " + plan.floor() + "."
                                : "the interval of the difference of refusals goes beyond " + points(plan.difference())
                                        + " points. More pairs make it narrower.");
        };
    }

    ObjectNode json(TwinVerdict found, Map<String, Integer> refusals) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("twins_differ_in", feature.words())
                .put("conclusion", found.conclusion().name().toLowerCase(Locale.ROOT))
                .put("pairs", found.pairs())
                .put("floor", plan.floor())
                .put("pairs_for_95", plan.pairs(HIGH_POWER))
                .put("base", plan.base())
                .put("difference_to_find", plan.difference());
        json.putObject("refusals")
                .put("both", found.refusals().both())
                .put("first_alone", found.refusals().firstAlone())
                .put("second_alone", found.refusals().secondAlone())
                .put("neither", found.refusals().neither())
                .put("difference", found.refusals().difference())
                .put("low", found.refusals().low())
                .put("high", found.refusals().high());
        for (Test test : found.tests()) {
            json.withArray("tests")
                    .addObject()
                    .put("outcome", test.of().name().toLowerCase(Locale.ROOT))
                    .put("pairs", test.pairs())
                    .put("effect", test.effect())
                    .put("p", test.probability())
                    .put("p_adjusted", test.adjusted());
        }
        ObjectNode why = json.putObject("why_refused");
        refusals.forEach(why::put);
        return json;
    }
}
