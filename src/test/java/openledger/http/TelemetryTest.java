package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import openledger.telemetry.DeclaredMetrics;
import openledger.telemetry.DeclaredMetrics.Declared;
import openledger.telemetry.OtlpReceiver;
import openledger.telemetry.PushedMetrics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leaves the router about itself, through the real exporters: a collector that is pushed to, and a scrape. */
@QuarkusTest
@QuarkusTestResource(value = RouterUnderTest.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = OtlpReceiver.class, restrictToAnnotatedClass = true)
final class TelemetryTest {
    private static final String PROMPT = "a-word-that-no-measure-may-hold";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    /** What a router without a chain, and with few requests, has nothing to say of. */
    private static final Set<String> SILENT = Set.of(
            "openledger.request.hold",
            "openledger.request.confirm",
            "openledger.request.journal",
            "openledger.overtakes",
            "openledger.target.limit.remaining",
            "openledger.target.limit.reset",
            "openledger.answers.thrown_away",
            "openledger.cohort.denied");

    @BeforeEach
    void traffic() {
        RouterUnderTest.reset();
        RouterUnderTest.script("status 429", "status 500");
        assertThat(ask("").statusCode()).isEqualTo(200);
        RouterUnderTest.script("status 500", "status 500", "status 500");
        assertThat(ask("").statusCode()).isEqualTo(200);
        assertThat(ask("").statusCode()).isEqualTo(200);
    }

    private static Response ask(String traceparent) {
        var request = given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .contentType(ContentType.JSON)
                .body("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}");
        return (traceparent.isEmpty() ? request : request.header("traceparent", traceparent))
                .post(InferenceRoutes.path(Operation.CHAT));
    }

    @Test
    void whatIsPushedIsWhatIsDeclared() throws InterruptedException {
        ChatApi.await(() -> OtlpReceiver.metrics().containsKey("openledger.fairness.requests"));
        PushedMetrics.assertAsDeclared();

        assertThat(OtlpReceiver.metrics().keySet())
                .containsAll(DeclaredMetrics.all().stream()
                        .map(Declared::name)
                        .filter(name -> name.startsWith("openledger.request")
                                || name.startsWith("openledger.attempts")
                                || name.startsWith("gen_ai")
                                || name.startsWith("openledger.target.")
                                || name.startsWith("openledger.journal")
                                || name.startsWith("openledger.cohort"))
                        .filter(name -> !SILENT.contains(name))
                        .toList());
    }

    @Test
    void noMeasureHoldsATenantAKeyOrAPrompt() throws InterruptedException {
        int before = OtlpReceiver.texts().size();
        ask("00-" + TRACE + "-00f067aa0ba902b7-01");
        ChatApi.await(() -> OtlpReceiver.texts().size() > before + 2);

        assertThat(OtlpReceiver.texts())
                .noneMatch(text -> text.contains(PROMPT))
                .noneMatch(text -> text.contains(RouterUnderTest.KEY))
                .noneMatch(text -> text.contains("\"test\""));
    }

    @Test
    void prometheusFindsTheSameAtThePortOfItsOwn() {
        String text = given().baseUri("http://127.0.0.1:" + OtlpReceiver.scrapePort())
                .header("accept", "application/openmetrics-text")
                .get("/metrics")
                .asString();

        assertThat(text)
                .contains("openledger_requests_total{")
                .contains("openledger_request_overhead_seconds_bucket{")
                .contains("le=\"0.01\"")
                .contains("gen_ai_client_operation_duration_seconds_bucket{")
                .contains("openledger_slo_good_total{")
                .contains("openledger_target_open_ratio{")
                .doesNotContain(PROMPT);
    }

    @Test
    void aClientsTraceGoesThroughTheRouterToTheProvider() throws InterruptedException {
        RouterUnderTest.reset();
        RouterUnderTest.script("status 429");
        Response answer = ask("00-" + TRACE + "-00f067aa0ba902b7-01");

        String id = answer.header("openledger-request");
        ChatApi.await(() -> gateway(id).findAny().isPresent());
        Span gateway = gateway(id).findAny().orElseThrow();
        List<Span> attempts = OtlpReceiver.spans().stream()
                .filter(span -> span.getParentSpanId().equals(gateway.getSpanId()))
                .filter(span -> span.getName().startsWith("attempt"))
                .toList();

        assertThat(hex(gateway.getTraceId())).isEqualTo(TRACE);
        assertThat(hex(gateway.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(gateway.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(attempts).hasSize(2);
        assertThat(attempts).allMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(attempts).allMatch(span -> span.getStartTimeUnixNano() >= gateway.getStartTimeUnixNano());
        assertThat(attempts).allMatch(span -> span.getEndTimeUnixNano() <= gateway.getEndTimeUnixNano() + 1_000_000);
    }

    @Test
    void aHistogramPointsToATracedRequest() throws InterruptedException {
        ask("00-" + TRACE + "-00f067aa0ba902b7-01");

        ChatApi.await(() -> exemplars("openledger.request.duration")
                .anyMatch(exemplar -> hex(exemplar.getTraceId()).equals(TRACE)));
    }

    @Test
    void whoAsksIsToldHowFairTheRouterIsAndNothingOfSingleTenants() throws InterruptedException {
        ChatApi.await(() -> fairness().getList("series.window.requests").stream()
                .anyMatch(count -> count instanceof Integer number && number > 0));

        var now = fairness();
        assertThat(now.getInt("your_cohort")).isBetween(0, 63);
        assertThat(now.getList("objectives.name")).hasSize(8).contains("twins-agree");
        assertThat(now.getString("series[0].route")).isEqualTo("assistant");
        assertThat(now.getList("series[0].cohorts")).hasSize(64);
        assertThat(now.getInt("series[0].objectives.availability.since_start.total"))
                .isPositive();
        assertThat(now.prettify()).doesNotContain("\"test\"");
        given().get("/v1/fairness").then().statusCode(401);
    }

    @Test
    void whoWatchesIsToldAgainAndAgain() throws IOException {
        HttpURLConnection stream =
                (HttpURLConnection) URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/v1/fairness/stream")
                        .toURL()
                        .openConnection();
        stream.setRequestProperty("authorization", "Bearer " + RouterUnderTest.KEY);
        stream.setRequestProperty("accept", "text/event-stream");
        stream.setReadTimeout(10_000);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> events = lines.lines()
                    .filter(line -> line.startsWith("data:"))
                    .limit(2)
                    .toList();

            assertThat(stream.getContentType()).startsWith("text/event-stream");
            assertThat(events).hasSize(2).allMatch(event -> event.contains("\"window_seconds\":300"));
        } finally {
            stream.disconnect();
        }
    }

    private static io.restassured.path.json.JsonPath fairness() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/fairness")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static Stream<Span> gateway(String id) {
        return OtlpReceiver.spans().stream()
                .filter(span -> span.getAttributesList().stream()
                        .anyMatch(attribute -> "openledger.request".equals(attribute.getKey())
                                && attribute.getValue().getStringValue().equals(id)));
    }

    private static Stream<Exemplar> exemplars(String name) {
        Metric metric = OtlpReceiver.metrics().get(name);
        return metric == null
                ? Stream.empty()
                : metric.getHistogram().getDataPointsList().stream()
                        .map(HistogramDataPoint::getExemplarsList)
                        .flatMap(List::stream);
    }

    private static String hex(com.google.protobuf.ByteString bytes) {
        return java.util.HexFormat.of().formatHex(bytes.toByteArray());
    }
}
