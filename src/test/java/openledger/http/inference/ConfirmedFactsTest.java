package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.http.ApiDescription;
import openledger.http.header.FactHeaders;
import openledger.http.receipt.DecisionJson;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.Catalog.NumberKind;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.ConfirmedFacts;
import openledger.inference.RequestFacts;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.TimeSplit;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Plan;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** What answers, errors and records say of the mode. */
public final class ConfirmedFactsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OF_CONFIRMED = List.of(
            "openledger-gate",
            "openledger-level",
            "openledger-snapshot",
            "openledger-turn",
            "openledger-hold-ms",
            "openledger-confirm-ms",
            "openledger-released");
    private static final Plan PLAN = new Plan(42, 40, 41, 3, 0, 2, 1, List.of(0, 2, 1, 3));
    private static final ConfirmedFacts CONFIRMED =
            new ConfirmedFacts(PLAN, Optional.of(PlanLevel.SEQUENCED), 98_004, 1_250_000);

    @Test
    void anAnswerInModeFastSaysNothingOfAPlan() {
        MultiMap headers = headers(facts(LeafMode.FAST, Optional.empty()));
        JsonNode node = FactsJson.of(facts(LeafMode.FAST, Optional.empty()));

        assertThat(headers.get("openledger-mode")).isEqualTo("fast");
        assertThat(headers.names()).doesNotContainAnyElementsOf(OF_CONFIRMED);
        assertThat(ApiDescription.names(node))
                .doesNotContain("gate", "level", "snapshot", "turn", "hold_ms", "confirm_ms", "released");
    }

    @Test
    void aConfirmedAnswerSaysHowItWasConfirmed() {
        RequestFacts facts = facts(LeafMode.CONFIRMED_DISPATCH, Optional.of(CONFIRMED));
        MultiMap headers = headers(facts);
        JsonNode node = FactsJson.of(facts);

        assertThat(headers.get("openledger-mode")).isEqualTo("confirmed");
        assertThat(OF_CONFIRMED.stream().map(headers::get))
                .containsExactly("dispatch", "SEQUENCED", "42", "41", "98.004", "1250.000", null);
        assertThat(node.toString())
                .contains(
                        "\"mode\":\"confirmed\"",
                        "\"gate\":\"dispatch\",\"level\":\"SEQUENCED\",\"snapshot\":42,\"turn\":41,"
                                + "\"hold_ms\":98.004,\"confirm_ms\":1250.0}");
    }

    @Test
    void aReleasedAnswerSaysSo() {
        RequestFacts facts = facts(
                LeafMode.RELEASED_RESPONSE, Optional.of(new ConfirmedFacts(PLAN, Optional.empty(), 0, 2_000_000)));

        assertThat(OF_CONFIRMED.stream().map(headers(facts)::get))
                .containsExactly("response", "RECORDED", "42", "41", "0.000", "2000.000", "true");
        assertThat(FactsJson.of(facts).get("released").booleanValue()).isTrue();
        assertThat(FactsJson.of(facts).get("mode").textValue()).isEqualTo("confirmed");
    }

    @Test
    void withoutAPlanOnlyTheGateIsKnown() {
        MultiMap headers = headers(facts(LeafMode.CONFIRMED_RESPONSE, Optional.empty()));

        assertThat(OF_CONFIRMED.stream().map(headers::get))
                .containsExactly("response", null, null, null, null, null, null);
    }

    @Test
    void aRecordHasThePlanByNameAndWhatItWaitedFor() {
        JsonNode record =
                JSON.valueToTree(DecisionJson.of(decision(LeafMode.RELEASED_DISPATCH, Optional.of(PLAN)), NAMES));

        assertThat(record.get("mode").textValue()).isEqualTo("confirmed");
        assertThat(record.get("gate").textValue()).isEqualTo("dispatch");
        assertThat(record.get("released").booleanValue()).isTrue();
        assertThat(record.get("snapshot").longValue()).isEqualTo(42);
        assertThat(record.get("turn").longValue()).isEqualTo(41);
        assertThat(record.get("plan").toString()).isEqualTo("[\"p/0\",\"p/2\",\"p/1\",\"p/3\"]");
        assertThat(record.get("time_ms").get("hold").doubleValue()).isEqualTo(98.004);
        assertThat(record.get("time_ms").get("confirm").doubleValue()).isEqualTo(0.5);
    }

    @Test
    void aRecordInModeFastHasNoneOfThat() {
        JsonNode record = JSON.valueToTree(DecisionJson.of(decision(LeafMode.FAST, Optional.empty()), NAMES));

        assertThat(ApiDescription.names(record)).doesNotContain("gate", "released", "snapshot", "turn", "plan");
        assertThat(ApiDescription.names(record.get("time_ms"))).doesNotContain("hold", "confirm");
    }

    @Test
    void anOpenRecordSaysTheGateOnly() {
        Decision decision = decision(LeafMode.CONFIRMED_RESPONSE, Optional.empty());
        JsonNode record = JSON.valueToTree(DecisionJson.open(decision.id(), decision.intent(), NAMES));

        assertThat(record.get("gate").textValue()).isEqualTo("response");
        assertThat(ApiDescription.names(record)).doesNotContain("released", "snapshot", "plan");
    }

    public static RequestFacts facts(LeafMode mode, Optional<ConfirmedFacts> confirmed) {
        return new RequestFacts(
                new RequestId(1, 601),
                TestRoutes.of(3, 1),
                mode,
                0,
                0,
                2,
                1,
                Trigger.RATE_LIMITED,
                Attribution.SELECTIVE,
                1,
                1_000,
                new byte[32],
                ClosedTargets.of(new long[] {0, 0b111}, new Objection("logprobs", "It cannot be said.")),
                confirmed);
    }

    private static MultiMap headers(RequestFacts facts) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        new FactHeaders().set(headers, facts, "");
        return headers;
    }

    private static Decision decision(LeafMode mode, Optional<Plan> plan) {
        return new Decision(
                new RequestId(1, 601),
                new Intent(
                        1_795_600_000_000L,
                        "acme",
                        new RouteId(7),
                        Operation.CHAT,
                        mode,
                        4,
                        AnswerForm.PLAIN,
                        new byte[32],
                        "",
                        ""),
                DecisionStatus.SERVED,
                List.of(),
                0,
                2,
                0,
                2,
                Trigger.NONE,
                Attribution.NONE,
                0,
                new TimeSplit(120, 0, 900, 40, 0, 99_564, 98_004, 500),
                new byte[32],
                mode,
                plan);
    }

    private static final LaneId LANE = new LaneId(1);
    private static final Names NAMES = new Names(IntStream.range(0, 16)
            .boxed()
            .flatMap(id -> Stream.of(
                    Map.entry(
                            new LaneNumber(LANE, NumberKind.ROUTE, id),
                            new RouteEntry("assistant", List.of("best", "standard"))),
                    Map.entry(new LaneNumber(LANE, NumberKind.TARGET, id), new RouteEntry("p/" + id, List.of()))))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
}
