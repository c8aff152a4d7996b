package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.inference.Timekeeper;
import openledger.inference.origin.Origins;
import openledger.routing.Operation;
import openledger.store.StoredOrigins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a request refers to goes back to the provider that made it, or the request is refused with the reason. Long because each way to refer
 * to something is tried.
 */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {
            @ResourceArg(name = "openledger.routes[5].name", value = "single"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].name", value = "best"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].attempts", value = "2"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[0].provider", value = "north"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[0].model", value = "sim-large"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].name", value = "standard"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].attempts", value = "1"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].targets[0].provider", value = "north"),
            @ResourceArg(name = "openledger.routes[5].tiers[1].targets[0].model", value = "sim-small"),
        },
        restrictToAnnotatedClass = true)
final class OriginsOnTheRouterTest {
    private static final Pattern RESPONSE_ID = Pattern.compile("\"id\":\"(resp_[^\"]+)\"");
    private static final Pattern ENCRYPTED = Pattern.compile("\"encrypted_content\":\"([^\"]+)\"");
    private static final int TURNS = 8;

    @Inject
    Vertx vertx;

    @Inject
    Pool pool;

    @Inject
    Timekeeper time;

    @BeforeEach
    void forget() throws InterruptedException {
        // A router that was started for this class reads its journal back first.
        ChatApi.await(() -> given().get("/q/health/ready").statusCode() == 200);
        RouterUnderTest.reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEarlierResponseIsGoneOnWithByItsProviderAlone(boolean stream) {
        for (int conversation = 0; conversation < 4; conversation++) {
            Response first = ask("assistant", stream, "");
            first.then().statusCode(200).header("openledger-closed-by", nullValue());
            String provider = providerOf(first);
            String id = find(RESPONSE_ID, first);
            for (int turn = 0; turn < TURNS; turn++) {
                Response next = ask("assistant", stream, ",\"previous_response_id\":\"" + id + "\"");
                next.then()
                        .statusCode(200)
                        .header("openledger-target", startsWith(provider + "/"))
                        .header("openledger-attempts", "1")
                        .header("openledger-closed-by", "previous_response_id");
                id = find(RESPONSE_ID, next);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void encryptedReasoningGoesBackWithItsIdOrWithoutIt(boolean stream) {
        Response first = ask("assistant", stream, ",\"include\":[\"reasoning.encrypted_content\"]");
        first.then().statusCode(200);
        String sealed = find(ENCRYPTED, first);
        String id = find(RESPONSE_ID, first).replace("resp_", "rs_");
        List<String> items = List.of(
                "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"" + sealed + "\"}",
                "{\"type\":\"reasoning\",\"id\":\"" + id + "\",\"summary\":[],\"encrypted_content\":\"" + sealed
                        + "\"}",
                "{\"type\":\"item_reference\",\"id\":\"" + id + "\"}");
        for (int turn = 0; turn < TURNS; turn++) {
            for (String item : items) {
                post(RouterUnderTest.KEY, "{\"model\":\"assistant\",\"input\":[" + item + "]}")
                        .then()
                        .statusCode(200)
                        .header("openledger-target", startsWith(providerOf(first) + "/"))
                        .header("openledger-closed-by", startsWith("input[0]."));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"conv_north_%s\"", "{\"id\":\"conv_north_%s\"}"})
    void aConversationIsGoneOnWithOnceAnAnswerHasBeenPartOfIt(String form) {
        String member = ",\"conversation\":" + form.formatted(form.length());
        ask("assistant", false, member)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("origin_unknown"))
                .body("error.param", equalTo("conversation"));
        ask("single", false, member).then().statusCode(200);

        for (int turn = 0; turn < TURNS; turn++) {
            ask("assistant", false, member).then().statusCode(200).header("openledger-target", startsWith("north/"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_of_nobody\"",
                "\"conversation\":\"conv_of_nobody\"",
                "\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_of_nobody\",\"summary\":[]}]",
                "\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"of nobody\"}]",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_of_nobody\"}]",
            })
    void whatNobodyMadeIsRefusedByNameAndCallsNobody(String member) {
        post(RouterUnderTest.KEY, "{\"model\":\"assistant\",\"input\":\"Hi\"," + member + "}")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:openledger:problem:origin-unknown"))
                .body("error.code", equalTo("origin_unknown"))
                .body("error.param", startsWith(member.substring(1, 5)))
                .body("detail", containsString("Send the conversation itself as 'input'"));

        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void whatAnotherTenantWasAnsweredIsNobodys() {
        String id = find(RESPONSE_ID, ask("assistant", false, ""));
        RouterUnderTest.reset();

        post(RouterUnderTest.OTHER_KEY, body("assistant", false, ",\"previous_response_id\":\"" + id + "\""))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("origin_unknown"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void aRouteWithoutTheProviderIsRefused() {
        String id = find(RESPONSE_ID, ask("single", false, ""));
        RouterUnderTest.reset();

        ask("alone", false, ",\"previous_response_id\":\"" + id + "\"")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("origin_elsewhere"))
                .body("error.param", equalTo("previous_response_id"))
                .body("detail", containsString("'north'"));
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    @Test
    void whatTwoProvidersMadeIsRefused() {
        String north = find(RESPONSE_ID, ask("single", false, ""));
        String other = "";
        while (other.isEmpty()) {
            Response answer = ask("assistant", false, "");
            other = providerOf(answer).equals("north") ? "" : find(RESPONSE_ID, answer);
        }

        post(
                        RouterUnderTest.KEY,
                        "{\"model\":\"assistant\",\"previous_response_id\":\"" + north
                                + "\",\"input\":[{\"type\":\"item_reference\",\"id\":\"" + other + "\"}]}")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("origin_elsewhere"))
                .body("error.param", equalTo("input[0].id"));
    }

    @Test
    void aProviderThatIsDownSpendsTheWholeBudgetOfEverybody() throws InterruptedException {
        String id = find(RESPONSE_ID, ask("single", false, ""));
        RouterUnderTest.reset();
        String[] faults = new String[3];
        Arrays.fill(faults, "status 500");
        RouterUnderTest.provider("north").script(faults);

        String request = ask("assistant", false, ",\"previous_response_id\":\"" + id + "\"")
                .then()
                .statusCode(503)
                .header("openledger-attempts", "4")
                .header("openledger-fallback-reason", "ORIGIN_ELSEWHERE")
                .header("openledger-closed-tiers", "standard")
                .body("openledger.closed.tiers", contains("standard"))
                .body("openledger.closed.reason", containsString("was made by the provider 'north'"))
                .extract()
                .header("openledger-request");

        assertThat(ChatApi.upstreamCalls()).isEqualTo(3);
        assertThat(ChatApi.receipt(request).<List<String>>path("attempt_list.trigger"))
                .containsExactly("SERVER_ERROR", "SERVER_ERROR", "SERVER_ERROR", "ORIGIN_ELSEWHERE");
    }

    /** It had no choice, so the system was neither slow nor selective. */
    @Test
    void whatALowerTierMadeGoesPastTheBestOneAndBlamesNobody() {
        RouterUnderTest.script("status 500", "status 500", "status 500");
        Response first = ask("assistant", false, "");
        first.then().statusCode(200).header("openledger-tier", "standard");

        ask("assistant", true, ",\"previous_response_id\":\"" + find(RESPONSE_ID, first) + "\"")
                .then()
                .statusCode(200)
                .header("openledger-tier", "standard")
                .header("openledger-attempts", "4")
                .header("openledger-closed-tiers", "best")
                .header("openledger-fallback-reason", "ORIGIN_ELSEWHERE")
                .header("openledger-attribution", "NONE");
    }

    @Test
    void aRouteOfOneProviderNeedsToKnowNothing() {
        ask("single", false, ",\"previous_response_id\":\"resp_of_nobody\"")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:openledger:problem:rejected-by-provider"))
                .body("detail", containsString("resp_of_nobody"));
    }

    /** This router's memory has none of it, as after a restart. */
    @Test
    void whatAnotherRouterOfTheDatabaseAnsweredIsKnown() {
        for (int i = 0; i < TURNS; i++) {
            String id = find(
                    RESPONSE_ID,
                    given().contentType(ContentType.JSON)
                            .body(body("sim-large", false, ""))
                            .post(RouterUnderTest.provider("east").baseUrl() + "/responses"));
            StoredOrigins stored = new StoredOrigins(vertx, pool);
            new Origins(stored, time).made("test", "east", id);
            stored.close().await().atMost(Duration.ofSeconds(10));

            ask("assistant", true, ",\"previous_response_id\":\"" + id + "\"")
                    .then()
                    .statusCode(200)
                    .header("openledger-target", startsWith("east/"));
        }
    }

    @Test
    void nothingElseIsBound() {
        post(
                        RouterUnderTest.KEY,
                        "{\"model\":\"assistant\",\"input\":[{\"role\":\"user\",\"content\":\"resp_x\"},"
                                + "{\"type\":\"message\",\"id\":\"msg_x\",\"role\":\"assistant\",\"content\":[]}]}")
                .then()
                .statusCode(200)
                .header("openledger-closed-by", nullValue());
    }

    private static Response ask(String route, boolean stream, String more) {
        return post(RouterUnderTest.KEY, body(route, stream, more));
    }

    private static String body(String model, boolean stream, String more) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"input\":\"Hi\"" + more + "}";
    }

    private static Response post(String key, String body) {
        return given().header("authorization", "Bearer " + key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(Operation.RESPONSES));
    }

    private static String providerOf(Response answer) {
        return answer.header("openledger-target").replaceFirst("/.*", "");
    }

    private static String find(Pattern what, Response in) {
        Matcher found = what.matcher(in.asString());
        assertThat(found.find()).as(in.asString()).isTrue();
        return found.group(1);
    }
}
