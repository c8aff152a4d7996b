package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import openledger.telemetry.OtlpReceiver;
import openledger.telemetry.PushedMetrics;
import org.junit.jupiter.api.Test;

/** What a router that settles says about plans, batches and the chain, through the real exporters and on a real chain. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = @ResourceArg(name = "openledger.routes[0].modes", value = "fast,confirmed"),
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ChainUnderTest.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = OtlpReceiver.class, restrictToAnnotatedClass = true)
final class ConfirmedTelemetryTest {
    private static final List<String> EXPECTED = List.of(
            "openledger.held",
            "openledger.resends.kept",
            "openledger.resends.kept.size",
            "openledger.request.hold",
            "openledger.request.confirm",
            "openledger.plans.pinned",
            "openledger.plans.confirmation",
            "openledger.settlement.batches",
            "openledger.settlement.leaves",
            "openledger.settlement.batch.size",
            "openledger.settlement.gas",
            "openledger.settlement.fees",
            "openledger.settlement.sendings",
            "openledger.settlement.level.duration",
            "openledger.settlement.backlog.leaves",
            "openledger.settlement.backlog.age",
            "openledger.settlement.condition",
            "openledger.chain.block",
            "openledger.chain.lag");

    private static int traces;

    @Test
    void plansBatchesAndTheChainAreMeasuredAsDeclared() throws InterruptedException {
        confirmed(trace());

        ChatApi.await(() -> OtlpReceiver.metrics().keySet().containsAll(EXPECTED));
        PushedMetrics.assertAsDeclared();
    }

    @Test
    void aTraceShowsTheHoldTheConfirmationAndTheBatchOfItsEnd() throws InterruptedException {
        String trace = trace();
        confirmed(trace);

        ChatApi.await(() -> batches(trace).count() == 1);
        assertThat(named(trace, "hold")).hasSize(1);
        assertThat(named(trace, "confirmation")).hasSize(1);
        assertThat(named(trace, "attempt 1")).hasSize(1);
        assertThat(batches(trace))
                .allSatisfy(batch -> assertThat(batch.getEventsList())
                        .extracting(Span.Event::getName)
                        .contains("SEQUENCED"));
    }

    @Test
    void theRouterReplaysItsOwnReceipts() throws InterruptedException {
        confirmed(trace());
        confirmed(trace());

        ChatApi.await(() -> count(fairness(), "total") >= 2);
        // Both of one answer: the audit goes on meanwhile.
        JsonPath fairness = fairness();
        assertThat(count(fairness, "good")).isEqualTo(count(fairness, "total"));
    }

    private static JsonPath fairness() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/fairness")
                .jsonPath();
    }

    /** Of the series of mode confirmed. */
    private static int count(JsonPath fairness, String member) {
        Integer count = fairness.get(
                "series.find { it.gate == 'response' }?.objectives?.'receipts-replay'?.since_start?." + member);
        return count == null ? 0 : count;
    }

    /** The first one opens the lane and publishes the policy, which may take longer than a request would wait. */
    private static void confirmed(String trace) throws InterruptedException {
        ChatApi.await(() -> ask(trace).statusCode() == 200);
    }

    private static Response ask(String trace) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .header("openledger-mode", "confirmed")
                .contentType(ContentType.JSON)
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions");
    }

    private static String trace() {
        return String.format(Locale.ROOT, "4bf92f3577b34da6a3ce929d0e0e%04x", ++traces);
    }

    private static Stream<Span> named(String trace, String name) {
        return OtlpReceiver.spans().stream()
                .filter(span -> hex(span.getTraceId()).equals(trace))
                .filter(span -> span.getName().equals(name));
    }

    private static Stream<Span> batches(String trace) {
        return OtlpReceiver.spans().stream()
                .filter(span -> "batch".equals(span.getName()))
                .filter(span -> span.getLinksList().stream()
                        .anyMatch(link -> hex(link.getTraceId()).equals(trace)));
    }

    private static String hex(com.google.protobuf.ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
