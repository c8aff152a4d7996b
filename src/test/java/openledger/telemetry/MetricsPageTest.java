package openledger.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import openledger.fairness.Slo;
import openledger.telemetry.Metric.Kind;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/metrics.md} is made from the code; {@code -Dmetrics.write=true} writes it. */
final class MetricsPageTest {
    private static final Path PAGE = Path.of("docs/reference/metrics.md");
    private static final double WHOLE = 10_000;

    /** A heading, and how the names below it begin. */
    private enum Section {
        /** All that begin like no other. */
        REQUESTS("Requests and attempts"),
        CALLS("Calls of providers, after OpenTelemetry's GenAI conventions", "gen_ai."),
        LIVE(
                "The live view",
                "openledger.target.",
                "openledger.provider.",
                "openledger.storm",
                "openledger.held",
                "openledger.journal",
                "openledger.lanes",
                "openledger.database",
                "openledger.stream"),
        OBJECTIVES("Objectives", "openledger.slo"),
        FAIRNESS("Fairness", "openledger.cohort", "openledger.fairness"),
        SETTLEMENT("Settlement", "openledger.settlement", "openledger.audit", "openledger.chain", "openledger.witness"),
        STAKE("What is at stake", "openledger.stake");

        private final String title;

        @SuppressWarnings("ImmutableEnumChecker") // List.of
        private final List<String> prefixes;

        Section(String title, String... prefixes) {
            this.title = title;
            this.prefixes = List.of(prefixes);
        }

        static Section of(Metric metric) {
            return Arrays.stream(values())
                    .filter(section -> section.prefixes.stream().anyMatch(metric.name()::startsWith))
                    .findFirst()
                    .orElse(REQUESTS);
        }

        String text() {
            return DeclaredMetrics.METRICS.stream()
                    .filter(metric -> of(metric) == this)
                    .map(MetricsPageTest::row)
                    .collect(Collectors.joining(
                            "",
                            "## " + title
                                    + "\n\n| metric | kind, unit | meaning | attributes |\n| --- | --- | --- | --- |\n",
                            this == OBJECTIVES ? "\n" + objectives() : "\n"));
        }
    }

    @Test
    void thePageSaysWhatTheCodeExports() throws IOException {
        if (Boolean.getBoolean("metrics.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE))
                .as("%s, which `make generate` writes", PAGE)
                .isEqualTo(page());
    }

    @Test
    void noNameStandsTwice() {
        assertThat(DeclaredMetrics.METRICS).extracting(Metric::name).doesNotHaveDuplicates();
    }

    @Test
    void aCounterHasNoUnitThatWouldBecomeAWordOfItsName() {
        assertThat(DeclaredMetrics.METRICS)
                .filteredOn(metric -> metric.kind() == Kind.COUNTER)
                .noneMatch(metric -> "1".equals(metric.unit()));
    }

    @Test
    void whatTheObjectivesAllowIsAnEdgeOfABucket() {
        assertThat(buckets("openledger.request.overhead")).contains(0.01);
        assertThat(buckets("openledger.plans.confirmation")).contains(0.3, 0.45, 2.0);
    }

    private static String page() {
        return """
                # Metrics

                Every metric of the router, with its kind, unit, meaning and attributes.
                This page is made from the code, and a test holds it: `mvn test -Dtest=MetricsPageTest -Dmetrics.write=true` writes it anew.

                The same metrics can be scraped by Prometheus (`GET /metrics` on `openledger.telemetry.scrape`, by default `127.0.0.1:9464`), and are pushed by OTLP over HTTP to `openledger.telemetry.push.endpoint`.
                In Prometheus dots are underscores, counters end in `_total`, seconds in `_seconds`, bytes in `_bytes`, gauges without a dimension in `_ratio`.
                No metric contains a tenant, a key, a request or a text of a client: tenants appear as one of 64 cohorts, which change every week.

                """ + Arrays.stream(Section.values()).map(Section::text).collect(Collectors.joining());
    }

    private static List<Double> buckets(String name) {
        return DeclaredMetrics.METRICS.stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow()
                .buckets();
    }

    private static String row(Metric metric) {
        String buckets = metric.buckets().isEmpty()
                ? ""
                : "; up to "
                        + metric.buckets().stream()
                                .map(edge -> edge == Math.rint(edge)
                                        ? Long.toString(edge.longValue())
                                        : new java.math.BigDecimal(edge.toString()).toPlainString())
                                .collect(Collectors.joining(", "));
        return "| `" + metric.name() + "` | " + metric.kind().name().toLowerCase(Locale.ROOT) + ", `" + metric.unit()
                + "` | " + metric.description() + buckets + " | "
                + metric.attributes().stream()
                        .map(key -> "`" + key.getKey() + "`")
                        .collect(Collectors.joining(", "))
                + " |\n";
    }

    private static String objectives() {
        StringBuilder text = new StringBuilder(
                "An objective's share is `openledger.slo.good` by `openledger.slo.events`.\n\n| `openledger.slo` | of | are good if | target |\n| --- | --- | --- | --- |\n");
        for (Slo slo : Slo.values()) {
            text.append("| `").append(slo.slug()).append("` | ").append(slo.counted());
            text.append(" | ").append(slo.good());
            text.append(" | ").append(slo.target().value() / WHOLE).append(" |\n");
        }
        return text.append('\n').toString();
    }
}
