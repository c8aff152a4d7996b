package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the code says there is, for tests outside its room. */
public final class DeclaredMetrics {
    private DeclaredMetrics() {}

    /** One metric as declared. */
    public record Declared(
            String name, String kind, String unit, String description, List<Double> buckets, Set<String> attributes) {}

    /** All of them. */
    public static List<Declared> all() {
        return Metrics.ALL.stream()
                .map(metric -> new Declared(
                        metric.name(),
                        metric.kind().name(),
                        metric.unit(),
                        metric.description(),
                        metric.buckets(),
                        metric.attributes().stream().map(AttributeKey::getKey).collect(Collectors.toSet())))
                .toList();
    }
}
