package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.metrics.ObservableMeasurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import openledger.fairness.AgainstChance;
import openledger.fairness.FairnessFigures;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.fairness.VarianceSplit;
import openledger.inference.fairness.ClusterFairness;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.fairness.FairnessReader;
import openledger.inference.fairness.FairnessSeries;
import openledger.inference.fairness.FairnessSeries.CohortCount;
import openledger.inference.fairness.FairnessView;
import openledger.inference.fairness.FairnessView.Scope;
import openledger.unit.BasisPoints;

/**
 * Gauges of the fairness board, read when metrics are collected: a request costs nothing here. Counters are each router's own, and can be
 * added up. Figures cannot: those of a cluster are exported by one of its routers alone, with the scope {@code cluster}, so that a query
 * over all routers finds each of them once. Thread-safe.
 */
public final class FairnessGauges {
    private final FairnessBoard board;
    private final FairnessReader reader;
    private final ObservableLongMeasurement events;
    private final ObservableLongMeasurement good;
    private final ObservableLongMeasurement requests;
    private final ObservableLongMeasurement denied;
    private final ObservableLongMeasurement inputTokens;
    private final ObservableLongMeasurement cachedTokens;
    private final Map<Metric, ObservableDoubleMeasurement> gauges = new LinkedHashMap<>();

    public FairnessGauges(Telemetry telemetry, FairnessBoard board, FairnessReader reader) {
        Meter meter = telemetry.meter();
        this.board = board;
        this.reader = reader;
        this.events = FairnessMetrics.SLO_EVENTS.observedCounter(meter);
        this.good = FairnessMetrics.SLO_GOOD.observedCounter(meter);
        this.requests = FairnessMetrics.COHORT_REQUESTS.observedCounter(meter);
        this.denied = FairnessMetrics.COHORT_DENIED.observedCounter(meter);
        this.inputTokens = FairnessMetrics.COHORT_INPUT.observedCounter(meter);
        this.cachedTokens = FairnessMetrics.COHORT_CACHED.observedCounter(meter);
        for (Metric metric : List.of(
                FairnessMetrics.SLO_TARGET,
                FairnessMetrics.WINDOW_REQUESTS,
                FairnessMetrics.COMPARED,
                FairnessMetrics.DISPARITY,
                FairnessMetrics.DISPARITY_FLOOR,
                FairnessMetrics.DISTANCE,
                FairnessMetrics.DISTANCE_FLOOR,
                FairnessMetrics.PARITY,
                FairnessMetrics.PARITY_FLOOR,
                FairnessMetrics.JAIN,
                FairnessMetrics.JAIN_FLOOR,
                FairnessMetrics.VARIANCE)) {
            gauges.put(metric, metric.gauge(meter));
        }
        List<ObservableMeasurement> all = new ArrayList<>(gauges.values());
        all.addAll(List.of(good, requests, denied, inputTokens, cachedTokens));
        meter.batchCallback(this::observe, events, all.toArray(ObservableMeasurement[]::new));
        reader.cluster().ifPresent(cluster -> members(meter, cluster));
    }

    private static void members(Meter meter, ClusterFairness cluster) {
        ObservableDoubleMeasurement members = FairnessMetrics.MEMBERS.gauge(meter);
        ObservableDoubleMeasurement policies = FairnessMetrics.POLICIES.gauge(meter);
        ObservableDoubleMeasurement replicas = FairnessMetrics.REPLICAS.gauge(meter);
        ObservableDoubleMeasurement expected = FairnessMetrics.REPLICAS_EXPECTED.gauge(meter);
        meter.batchCallback(
                () -> {
                    members.record(cluster.serving());
                    policies.record(cluster.policies());
                    replicas.record(cluster.view().map(FairnessView::replicas).orElse(0));
                    expected.record(cluster.expected());
                },
                members,
                policies,
                replicas,
                expected);
    }

    private void observe() {
        for (Slo slo : Slo.values()) {
            record(
                    FairnessMetrics.SLO_TARGET,
                    (double) slo.target().value() / BasisPoints.WHOLE,
                    Attributes.of(Dimensions.SLO, slo.slug()));
        }
        board.series().forEach(this::observe);
        if (reader.exportsFigures()) {
            FairnessView view = reader.view();
            view.series()
                    .forEach(series ->
                            series.figures().ifPresent(figures -> figures(figures, scoped(series, view.scope()))));
        }
    }

    /** A router that is alone has no scope to say. */
    private Attributes scoped(FairnessSeries series, Scope scope) {
        AttributesBuilder of = of(series);
        return reader.cluster().isPresent()
                ? of.put(Dimensions.SCOPE, scope.word()).build()
                : of.build();
    }

    private void observe(FairnessSeries series) {
        series.sinceStart().forEach((slo, share) -> objective(series, slo, share));
        List<CohortCount> cohorts = series.cohorts();
        for (int cohort = 0; cohort < cohorts.size(); cohort++) {
            CohortCount count = cohorts.get(cohort);
            if (count.admitted() > 0) {
                Attributes of = of(series)
                        .put(Dimensions.COHORT, Integer.toString(cohort))
                        .build();
                requests.record(count.admitted(), of);
                denied.record(count.denied(), of);
                inputTokens.record(count.inputTokens(), of);
                cachedTokens.record(count.cachedTokens(), of);
            }
        }
    }

    private void objective(FairnessSeries series, Slo slo, Proportion share) {
        if (share.total() > 0) {
            Attributes of = of(series).put(Dimensions.SLO, slo.slug()).build();
            events.record(share.total(), of);
            good.record(share.good(), of);
        }
    }

    private void figures(FairnessFigures figures, Attributes of) {
        record(FairnessMetrics.WINDOW_REQUESTS, (double) figures.requests(), of);
        record(FairnessMetrics.COMPARED, figures.compared(), of);
        record(FairnessMetrics.DISPARITY, FairnessMetrics.DISPARITY_FLOOR, figures.disparity(), of);
        record(FairnessMetrics.DISTANCE, FairnessMetrics.DISTANCE_FLOOR, figures.attemptsDistance(), of);
        record(FairnessMetrics.PARITY, FairnessMetrics.PARITY_FLOOR, figures.congestionParity(), of);
        figures.jain().ifPresent(jain -> {
            record(FairnessMetrics.JAIN, jain.value(), of);
            record(FairnessMetrics.JAIN_FLOOR, jain.floor(), of);
        });
        figures.variance().ifPresent(split -> variance(split, of));
    }

    private void variance(VarianceSplit split, Attributes of) {
        record(FairnessMetrics.VARIANCE, split.between(), part(of, "between"));
        record(FairnessMetrics.VARIANCE, split.within(), part(of, "within"));
        record(FairnessMetrics.VARIANCE, split.cohort().value(), part(of, "cohort"));
        record(FairnessMetrics.VARIANCE, split.cohort().floor(), part(of, "cohort_floor"));
    }

    private void record(Metric value, Metric floor, Optional<AgainstChance> figure, Attributes of) {
        figure.ifPresent(known -> {
            record(value, known.value(), of);
            record(floor, known.floor(), of);
        });
    }

    private void record(Metric metric, double value, Attributes of) {
        Objects.requireNonNull(gauges.get(metric)).record(value, of);
    }

    private static Attributes part(Attributes of, String part) {
        return of.toBuilder().put(Dimensions.PART, part).build();
    }

    private static AttributesBuilder of(FairnessSeries series) {
        AttributesBuilder builder =
                Attributes.builder().put(Dimensions.ROUTE, series.key().route());
        return Dimensions.settled(builder, series.key().mode());
    }
}
