package openledger.telemetry;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.opentelemetry.api.common.AttributeKey;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What the code says there is, for tests outside its room. */
public final class DeclaredMetrics {
    /** Every constant of the room that is a metric, by name. */
    static final List<Metric> METRICS = new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(Metric.class.getPackageName())
                    .stream()
                    .flatMap(type -> type.getFields().stream())
                    .filter(field -> field.getRawType().isEquivalentTo(Metric.class))
                    .map(JavaField::reflect)
                    .filter(field -> Modifier.isStatic(field.getModifiers()))
                    .map(DeclaredMetrics::valueOf)
                    .sorted(Comparator.comparing(Metric::name))
                    .toList();

    private DeclaredMetrics() {}

    private static Metric valueOf(Field constant) {
        try {
            constant.setAccessible(true);
            return (Metric) Objects.requireNonNull(constant.get(null), constant::getName);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** One metric as declared. */
    public record Declared(
            String name, String kind, String unit, String description, List<Double> buckets, Set<String> attributes) {}

    /** All of them. */
    public static List<Declared> all() {
        return METRICS.stream()
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
