package openledger.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import openledger.fairness.Slo;
import openledger.telemetry.Metric.Kind;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/metrics.md} is made from the code; {@code -Dmetrics.write=true} writes it. */
final class MetricsPageTest {
    private static final Path PAGE = Path.of("docs/reference/metrics.md");
    private static final double WHOLE = 10_000;

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
    void everyMetricIsInASection() {
        assertThat(Metrics.ALL).allSatisfy(metric -> assertThat(page()).contains("| `" + metric.name() + "` |"));
    }

    @Test
    void noNameStandsTwice() {
        assertThat(Metrics.ALL).extracting(Metric::name).doesNotHaveDuplicates();
    }

    @Test
    void aCounterHasNoUnitThatWouldBecomeAWordOfItsName() {
        assertThat(Metrics.ALL)
                .filteredOn(metric -> metric.kind() == Kind.COUNTER)
                .noneMatch(metric -> "1".equals(metric.unit()));
    }

    @Test
    void whatTheObjectivesAllowIsAnEdgeOfABucket() {
        assertThat(Metrics.OVERHEAD.buckets()).contains(0.01);
        assertThat(Metrics.CONFIRMATION.buckets()).contains(0.3, 0.45, 2.0);
    }

    private static String page() {
        return """
                # Metrics

                Every metric of the router, with its kind, unit, meaning and attributes.
                This page is made from the code, and a test holds it: `mvn test -Dtest=MetricsPageTest -Dmetrics.write=true` writes it anew.

                The same metrics can be scraped by Prometheus (`GET /metrics` on `openledger.telemetry.scrape`, by default `127.0.0.1:9464`), and are pushed by OTLP over HTTP to `openledger.telemetry.push.endpoint`.
                In Prometheus dots are underscores, counters end in `_total`, seconds in `_seconds`, bytes in `_bytes`, gauges without a dimension in `_ratio`.
                No metric contains a tenant, a key, a request or a text of a client: tenants appear as one of 64 cohorts, which change every week.

                """
                + section(
                        "Requests and attempts",
                        "openledger.re",
                        "openledger.att",
                        "openledger.target_changes",
                        "openledger.over",
                        "openledger.plans",
                        "openledger.answers")
                + section("Calls of providers, after OpenTelemetry's GenAI conventions", "gen_ai.")
                + section(
                        "The live view",
                        "openledger.target.",
                        "openledger.provider.",
                        "openledger.storm",
                        "openledger.held",
                        "openledger.journal",
                        "openledger.lanes")
                + section("Objectives", "openledger.slo")
                + objectives()
                + section("Fairness", "openledger.cohort", "openledger.fairness")
                + section("Settlement", "openledger.settlement", "openledger.audit", "openledger.chain");
    }

    private static String section(String title, String... prefixes) {
        return "## " + title + "\n\n| metric | kind, unit | meaning | attributes |\n| --- | --- | --- | --- |\n"
                + Metrics.ALL.stream()
                        .filter(metric -> java.util.Arrays.stream(prefixes)
                                .anyMatch(prefix -> metric.name().startsWith(prefix)))
                        .map(MetricsPageTest::row)
                        .collect(Collectors.joining())
                + "\n";
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
