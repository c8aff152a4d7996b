package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.simulator.SimulatedProvider.SeenCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes with targets of several dialects, and requests that only some of them have the words for. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {
            @ResourceArg(name = "openledger.routes[5].name", value = "down"),
            @ResourceArg(name = "openledger.routes[5].storm-guard.reserve-per-second", value = "1000"),
            @ResourceArg(name = "openledger.routes[5].backoff.base", value = "10ms"),
            @ResourceArg(name = "openledger.routes[5].backoff.cap", value = "20ms"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].name", value = "best"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].attempts", value = "2"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[0].provider", value = "north"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[0].model", value = "sim-large"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].name", value = "standard"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].attempts", value = "2"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].targets[0].provider", value = "messages-reserve"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].targets[0].model", value = "sim-small"),
            @ResourceArg(name = "openledger.routes[6].name", value = "up"),
            @ResourceArg(name = "openledger.routes[6].tiers[0].name", value = "best"),
            @ResourceArg(name = "openledger.routes[6].tiers[0].attempts", value = "3"),
            @ResourceArg(name = "openledger.routes[6].tiers[0].targets[0].provider", value = "messages-north"),
            @ResourceArg(name = "openledger.routes[6].tiers[0].targets[0].model", value = "sim-large"),
            @ResourceArg(name = "openledger.routes[6].tiers[1].name", value = "standard"),
            @ResourceArg(name = "openledger.routes[6].tiers[1].attempts", value = "1"),
            @ResourceArg(name = "openledger.routes[6].tiers[1].targets[0].provider", value = "reserve"),
            @ResourceArg(name = "openledger.routes[6].tiers[1].targets[0].model", value = "sim-small"),
            @ResourceArg(name = "openledger.routes[7].name", value = "across"),
            @ResourceArg(name = "openledger.routes[7].tiers[0].name", value = "best"),
            @ResourceArg(name = "openledger.routes[7].tiers[0].attempts", value = "1"),
            @ResourceArg(name = "openledger.routes[7].tiers[0].targets[0].provider", value = "gemini-north"),
            @ResourceArg(name = "openledger.routes[7].tiers[0].targets[0].model", value = "sim-large"),
            @ResourceArg(name = "openledger.routes[7].tiers[1].name", value = "standard"),
            @ResourceArg(name = "openledger.routes[7].tiers[1].attempts", value = "1"),
            @ResourceArg(name = "openledger.routes[7].tiers[1].targets[0].provider", value = "messages-east"),
            @ResourceArg(name = "openledger.routes[7].tiers[1].targets[0].model", value = "sim-small"),
        },
        restrictToAnnotatedClass = true)
final class ClosedTiersTest {
    @BeforeEach
    void forget() throws InterruptedException {
        // A router that was started for this class reads its journal back first.
        ChatApi.await(() -> given().get("/q/health/ready").statusCode() == 200);
        RouterUnderTest.reset();
    }

    @Test
    void isServedByTheBestTierAndSaysWhichOneWasClosed() {
        ChatApi.chat(asking("down", false))
                .then()
                .statusCode(200)
                .header("openledger-tier", "best")
                .header("openledger-attempts", "1")
                .header("openledger-closed-tiers", "standard")
                .header("openledger-closed-by", "logprobs");

        assertThat(ChatApi.chat(asking("down", true)).asString())
                .contains(
                        "\"closed\":{\"tiers\":[\"standard\"],\"member\":\"logprobs\",\"reason\":\"The member 'logprobs'");
    }

    @Test
    void spendsTheWholeBudgetAndCallsNobodyWhoCannotBeAsked() throws InterruptedException {
        RouterUnderTest.script("status 500", "status 500");

        String id = ChatApi.chat(asking("down", false))
                .then()
                .statusCode(503)
                .header("openledger-attempts", "4")
                .header("openledger-fallback-reason", "UNTRANSLATABLE")
                .body("openledger.closed.tiers", contains("standard"))
                .body("openledger.closed.member", equalTo("logprobs"))
                .extract()
                .header("openledger-request");

        assertThat(ChatApi.upstreamCalls()).isEqualTo(2);
        assertThat(ChatApi.receipt(id).<List<String>>path("attempt_list.trigger"))
                .containsExactly("SERVER_ERROR", "SERVER_ERROR", "UNTRANSLATABLE", "UNTRANSLATABLE");
    }

    @Test
    void goesPastABestTierThatIsClosed() throws InterruptedException {
        String id = ChatApi.chat(asking("up", false))
                .then()
                .statusCode(200)
                .header("openledger-tier", "standard")
                .header("openledger-attempts", "4")
                .header("openledger-fallback-reason", "UNTRANSLATABLE")
                .header("openledger-attribution", "NONE")
                .header("openledger-closed-tiers", "best")
                .extract()
                .header("openledger-request");

        assertThat(ChatApi.upstreamCalls()).isOne();
        assertThat(ChatApi.receipt(id).<String>path("status")).isEqualTo("FELL_BACK");
    }

    @Test
    void asksOnlyTheOthersOfATierThatHasTargetsOfBothDialects() {
        for (int i = 0; i < 10; i++) {
            ChatApi.chat(asking("mixed", false))
                    .then()
                    .statusCode(200)
                    .header("openledger-closed-tiers", nullValue())
                    .header("openledger-closed-by", "logprobs");
        }

        assertThat(seen()).hasSize(10).allMatch(call -> call.path().equals("/v1/chat/completions"));
    }

    @Test
    void saysNothingOfARequestThatEveryTargetCanBeAsked() {
        for (String route : List.of("down", "up", "mixed", "assistant", "scribe")) {
            ChatApi.chat(ChatApi.body(route, false))
                    .then()
                    .statusCode(200)
                    .header("openledger-tier", "best")
                    .header("openledger-closed-tiers", nullValue())
                    .header("openledger-closed-by", nullValue());
        }
    }

    /** Each of two dialects that are translated to closes its own targets only. */
    @Test
    void closesTheTargetsOfTheDialectThatCannotSayIt() {
        ChatApi.chat(with("'temperature':1.5", false))
                .then()
                .statusCode(200)
                .header("openledger-tier", "best")
                .header("openledger-closed-tiers", "standard")
                .header("openledger-closed-by", "temperature");
        ChatApi.chat(with("'parallel_tool_calls':false,'tools':[{'type':'function','function':{'name':'f'}}]", false))
                .then()
                .statusCode(200)
                .header("openledger-tier", "standard")
                .header("openledger-closed-by", "parallel_tool_calls")
                .body("choices[0].finish_reason", equalTo("tool_calls"));

        assertThat(seen())
                .extracting(SeenCall::path)
                .containsExactly("/v1/models/sim-large:generateContent", "/v1/messages");
    }

    @Test
    void streamsGeminisContentWithTheFactsInItsLastChunk() {
        String stream = ChatApi.chat(with("'temperature':1.5", true)).asString();

        assertThat(stream)
                .containsOnlyOnce("\"role\":\"assistant\"")
                .containsOnlyOnce("\"finish_reason\":\"stop\"")
                .contains("\"openledger\":{")
                .endsWith("data: [DONE]\n\n");
        assertThat(seen()).extracting(SeenCall::path).containsExactly("/v1/models/sim-large:streamGenerateContent");
    }

    @Test
    void namesAMemberFitForAHeader() {
        String odd = "{\"caf\u00e9\\u0007" + "x".repeat(300) + "\":1,"
                + ChatApi.body("down", false).substring(1);

        ChatApi.chat(odd).then().statusCode(200).header("openledger-closed-by", containsString("caf??xxx"));
    }

    @Test
    void isRefusedIfNoTargetCanBeAsked() {
        ChatApi.chat(asking("scribe", false))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("untranslatable"))
                .body("error.param", equalTo("logprobs"));

        assertThat(seen()).isEqualTo(List.of());
    }

    private static String asking(String route, boolean stream) {
        return ChatApi.body(route, stream).replaceFirst("\\{", "{\"logprobs\":true,");
    }

    private static String with(String members, boolean stream) {
        return ChatApi.body("across", stream).replaceFirst("\\{", "{" + members.replace('\'', '"') + ",");
    }

    private static List<SeenCall> seen() {
        return RouterUnderTest.providers().stream()
                .flatMap(provider -> Stream.generate(provider::takeSeen).takeWhile(Objects::nonNull))
                .toList();
    }
}
