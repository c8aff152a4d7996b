package openledger.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.telemetry.DeclaredMetrics.Declared;

/** Holds what a collector was pushed against what the code declares. */
public final class PushedMetrics {
    private PushedMetrics() {}

    /** Of everything pushed so far: name, unit, kind, buckets, and no attribute beside those that were declared. */
    public static void assertAsDeclared() {
        Map<String, Declared> declared =
                DeclaredMetrics.all().stream().collect(Collectors.toMap(Declared::name, metric -> metric));
        OtlpReceiver.metrics()
                .forEach((name, metric) -> assertAs(Objects.requireNonNull(declared.get(name), name), metric));
    }

    private static void assertAs(Declared said, Metric metric) {
        String name = said.name();
        assertThat(metric.getUnit()).as(name).isEqualTo(said.unit());
        assertThat(metric.getDescription()).as(name).isEqualTo(said.description());
        assertThat(metric.hasGauge()).as(name).isEqualTo("GAUGE".equals(said.kind()));
        assertThat(metric.hasHistogram()).as(name).isEqualTo("HISTOGRAM".equals(said.kind()));
        assertThat(metric.hasSum() && metric.getSum().getIsMonotonic())
                .as(name)
                .isEqualTo("COUNTER".equals(said.kind()));
        metric.getHistogram()
                .getDataPointsList()
                .forEach(point ->
                        assertThat(point.getExplicitBoundsList()).as(name).isEqualTo(said.buckets()));
        assertThat(attributes(metric)).as(name).isSubsetOf(said.attributes());
    }

    private static Set<String> attributes(Metric metric) {
        Stream<List<KeyValue>> lists = Stream.concat(
                metric.getHistogram().getDataPointsList().stream().map(point -> point.getAttributesList()),
                Stream.concat(
                                metric.getSum().getDataPointsList().stream(),
                                metric.getGauge().getDataPointsList().stream())
                        .map(NumberDataPoint::getAttributesList));
        return lists.flatMap(List::stream).map(KeyValue::getKey).collect(Collectors.toSet());
    }
}
