package openledger.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import openledger.fairness.AgainstChance;
import openledger.fairness.FairnessFigures;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.fairness.FairnessSeries;
import openledger.inference.fairness.FairnessSeries.CohortCount;
import openledger.inference.fairness.FairnessView;
import openledger.routing.Gate;
import openledger.unit.BasisPoints;

/** How fair the router is, as JSON. Whole cohorts only: of single requests nothing, of single tenants nothing but their own cohort. */
final class FairnessJson {
    private FairnessJson() {}

    /** The whole, for one of the cohort {@code own}. */
    static ObjectNode of(FairnessView view, int own) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("scope", view.scope().word()).put("replicas", view.replicas()).put("of", view.of());
        node.put("window_seconds", FairnessBoard.WINDOW.toSeconds()).put("your_cohort", own);
        ArrayNode objectives = node.putArray("objectives");
        for (Slo slo : Slo.values()) {
            objectives
                    .addObject()
                    .put("name", slo.slug())
                    .put("target", (double) slo.target().value() / BasisPoints.WHOLE)
                    .put("counted", slo.counted())
                    .put("good", slo.good());
        }
        ArrayNode series = node.putArray("series");
        view.series().forEach(each -> series.add(of(each)));
        return node;
    }

    private static ObjectNode of(FairnessSeries series) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("route", series.key().route())
                .put("mode", series.key().mode().routing().word())
                .put("gate", series.key().mode().gate().map(Gate::word).orElse("none"));
        ObjectNode objectives = node.putObject("objectives");
        for (Slo slo : Slo.values()) {
            Proportion hour = series.lastHour().getOrDefault(slo, new Proportion(0, 0));
            Proportion all = series.sinceStart().getOrDefault(slo, new Proportion(0, 0));
            if (all.total() > 0) {
                ObjectNode objective = objectives.putObject(slo.slug());
                proportion(objective.putObject("last_hour"), hour);
                proportion(objective.putObject("since_start"), all);
                objective.put("budget_left", budgetLeft(slo, hour));
            }
        }
        ArrayNode cohorts = node.putArray("cohorts");
        for (CohortCount count : series.cohorts()) {
            cohorts.addArray().add(count.admitted()).add(count.denied());
        }
        series.figures().ifPresent(figures -> figures(node.putObject("window"), figures));
        return node;
    }

    /** What is left of what may be bad of the last hour's, 1 for all of it; below 0 if more was bad. */
    private static double budgetLeft(Slo slo, Proportion hour) {
        double allowed = 1 - (double) slo.target().value() / BasisPoints.WHOLE;
        return 1 - (1 - hour.value()) / allowed;
    }

    private static void proportion(ObjectNode to, Proportion share) {
        to.put("good", share.good())
                .put("total", share.total())
                .put("share", share.value())
                .put("low", share.low())
                .put("high", share.high());
    }

    private static void figures(ObjectNode to, FairnessFigures figures) {
        to.put("requests", figures.requests())
                .put("cohorts", figures.cohorts())
                .put("compared", figures.compared())
                .put("fell_back", figures.fellBack())
                .put("exhausted", figures.exhausted())
                .put("cancelled", figures.cancelled())
                .put("slow", figures.slow())
                .put("selective", figures.selective())
                .put("missed", figures.missed())
                .put("overtakes", figures.overtakes())
                .put("mean_attempts", figures.meanAttempts());
        Map.of(
                        "disparity", figures.disparity(),
                        "attempts_distance", figures.attemptsDistance(),
                        "congestion_parity", figures.congestionParity())
                .forEach((name, figure) -> against(to, name, figure));
        figures.jain()
                .ifPresent(jain -> to.putObject("jain")
                        .put("value", jain.value())
                        .put("floor", jain.floor())
                        .put("excess", jain.excess()));
        figures.variance().ifPresent(split -> {
            ObjectNode variance = to.putObject("variance");
            variance.put("between", split.between()).put("within", split.within());
            against(variance, "cohort", Optional.of(split.cohort()));
        });
    }

    private static void against(ObjectNode to, String name, Optional<AgainstChance> figure) {
        figure.ifPresent(known -> to.putObject(name)
                .put("value", known.value())
                .put("floor", known.floor())
                .put("excess", known.excess()));
    }
}
