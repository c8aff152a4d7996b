package openledger.telemetry;

import static openledger.telemetry.Dimensions.COHORT;
import static openledger.telemetry.Dimensions.GATE;
import static openledger.telemetry.Dimensions.MODE;
import static openledger.telemetry.Dimensions.PART;
import static openledger.telemetry.Dimensions.ROUTE;
import static openledger.telemetry.Dimensions.SCOPE;
import static openledger.telemetry.Dimensions.SLO;
import static openledger.telemetry.Metric.counter;
import static openledger.telemetry.Metric.gauge;

/** The metrics of fairness: objectives, cohorts, and the figures of the window that has just passed, each with its floor. */
final class FairnessMetrics {
    static final Metric SLO_EVENTS =
            counter("openledger.slo.events", "{event}", "What an objective counts", SLO, ROUTE, MODE, GATE);
    static final Metric SLO_GOOD =
            counter("openledger.slo.good", "{event}", "Counted events that were good", SLO, ROUTE, MODE, GATE);
    static final Metric SLO_TARGET = gauge("openledger.slo.target", "1", "Target share of good events, 0 to 1", SLO);
    static final Metric COHORT_REQUESTS = counter(
            "openledger.cohort.requests", "{request}", "Finished requests by cohort", ROUTE, MODE, GATE, COHORT);
    static final Metric COHORT_DENIED = counter(
            "openledger.cohort.denied",
            "{request}",
            "Requests by cohort that fell back or were exhausted",
            ROUTE,
            MODE,
            GATE,
            COHORT);
    static final Metric COHORT_INPUT = counter(
            "openledger.cohort.input_tokens",
            "{token}",
            "Tokens of the prompts of a cohort, as providers count them",
            ROUTE,
            MODE,
            GATE,
            COHORT);
    static final Metric COHORT_CACHED = counter(
            "openledger.cohort.cached_tokens",
            "{token}",
            "Prompt tokens of a cohort that were read from providers' caches",
            ROUTE,
            MODE,
            GATE,
            COHORT);
    static final Metric WINDOW_REQUESTS = gauge(
            "openledger.fairness.requests",
            "{request}",
            "Requests in the window of the figures",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric COMPARED = gauge(
            "openledger.fairness.cohorts",
            "{cohort}",
            "Cohorts with enough requests in the window to be compared",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric DISPARITY = gauge(
            "openledger.fairness.disparity",
            "1",
            "How many times as often the worst off cohort falls back as the best off",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric DISPARITY_FLOOR = gauge(
            "openledger.fairness.disparity.floor",
            "1",
            "Value that chance alone stays below in 99 of 100 windows, among requests that came at the same time and load",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric DISTANCE = gauge(
            "openledger.fairness.attempts_distance",
            "{attempt}",
            "How far the attempts of the most unlike cohort are from those of the others (Wasserstein-1)",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric DISTANCE_FLOOR = gauge(
            "openledger.fairness.attempts_distance.floor",
            "{attempt}",
            "Value that chance alone stays below in 99 of 100 windows, among requests that came at the same time and load",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric PARITY = gauge(
            "openledger.fairness.congestion_parity",
            "{point}",
            "Percentage points by which a cohort falls back more or less than the others in the same congestion",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric PARITY_FLOOR = gauge(
            "openledger.fairness.congestion_parity.floor",
            "{point}",
            "Value that chance alone stays below in 99 of 100 windows, among requests that came at the same time and load",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric JAIN = gauge(
            "openledger.fairness.jain", "1", "Jain's index of the cohorts' best-tier shares", ROUTE, MODE, GATE, SCOPE);
    static final Metric JAIN_FLOOR = gauge(
            "openledger.fairness.jain.floor",
            "1",
            "Value that chance alone stays above in 99 of 100 windows, among requests that came at the same time and load",
            ROUTE,
            MODE,
            GATE,
            SCOPE);
    static final Metric VARIANCE = gauge(
            "openledger.fairness.variance",
            "1",
            "Share of the variance of [fell back]: between seconds, within them, of that by cohort, and what chance alone explains so in 99 of 100 windows",
            ROUTE,
            MODE,
            GATE,
            SCOPE,
            PART);

    static final Metric MEMBERS = gauge(
            "openledger.cluster.members", "{router}", "Routers of the cluster that serve; 0 if that is not known");
    static final Metric POLICIES = gauge(
            "openledger.cluster.policies",
            "{policy}",
            "Different policies that the routers of the cluster follow; 0 if that is not known");
    static final Metric REPLICAS = gauge(
            "openledger.fairness.replicas",
            "{router}",
            "Routers of the cluster whose requests are all in its figures; 0 if there are no figures of it");
    static final Metric REPLICAS_EXPECTED = gauge(
            "openledger.fairness.replicas.expected",
            "{router}",
            "Routers of the cluster whose requests should be in its figures");

    private FairnessMetrics() {}
}
