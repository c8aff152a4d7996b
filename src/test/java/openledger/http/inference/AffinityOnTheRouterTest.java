package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of a session go to one target on a route that says so, and only there. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {
            @ResourceArg(name = "openledger.routes[5].name", value = "session"),
            @ResourceArg(name = "openledger.routes[5].affinity", value = "session"),
            @ResourceArg(name = "openledger.routes[5].storm-guard.reserve-per-second", value = "1000"),
            @ResourceArg(name = "openledger.routes[5].backoff.base", value = "10ms"),
            @ResourceArg(name = "openledger.routes[5].backoff.cap", value = "20ms"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].name", value = "best"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].attempts", value = "3"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[0].provider", value = "north"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[0].model", value = "sim-large"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[1].provider", value = "east"),
            @ResourceArg(name = "openledger.routes[5].tiers[0].targets[1].model", value = "sim-large"),
        },
        restrictToAnnotatedClass = true)
final class AffinityOnTheRouterTest {
    private static final int SESSIONS = 24;
    private static final int TURNS = 4;
    private static final String HEADER = "openledger-session";

    @BeforeEach
    void forget() throws InterruptedException {
        // A router that was started for this class reads its journal back first.
        ChatApi.await(() -> given().get("/q/health/ready").statusCode() == 200);
        RouterUnderTest.reset();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSessionStaysAndSessionsAreSpread(boolean byHeader) {
        Map<String, Integer> sessions = new HashMap<>();
        for (int session = 0; session < SESSIONS; session++) {
            Set<String> targets = new TreeSet<>();
            for (int turn = 0; turn < TURNS; turn++) {
                String key = "session-" + session;
                targets.add(target(byHeader ? ask("session", "", key) : ask("session", cacheKey(key), "")));
            }
            assertThat(targets).hasSize(1);
            sessions.merge(targets.iterator().next(), 1, Integer::sum);
        }
        assertThat(sessions).hasSize(2);
    }

    @Test
    void theHeaderWins() {
        for (int session = 0; session < SESSIONS; session++) {
            String key = "session-" + session;
            assertThat(target(ask("session", cacheKey("other"), key))).isEqualTo(target(ask("session", "", key)));
        }
    }

    @Test
    void aTargetThatFailsIsStoodInForAndTheSessionComesBack() {
        String key = "session-1";
        String first = target(ask("session", "", key));
        RouterUnderTest.provider(first).script("status 500");

        Response moved = ask("session", "", key);
        moved.then().statusCode(200).header("openledger-attempts", equalTo("2"));

        assertThat(target(moved)).isNotEqualTo(first);
        assertThat(target(ask("session", "", key))).isEqualTo(first);
    }

    @Test
    void tenantsHaveSessionsOfTheirOwn() {
        boolean differs = false;
        for (int session = 0; session < SESSIONS; session++) {
            String key = "session-" + session;
            String other = target(with(RouterUnderTest.OTHER_KEY)
                    .header(HEADER, key)
                    .body(body("session", ""))
                    .post(InferenceRoutes.path(Operation.CHAT)));
            differs |= !other.equals(target(ask("session", "", key)));
        }
        assertThat(differs).isTrue();
    }

    @Test
    void withoutAKeyOrOnAnotherRouteEachRequestIsByItself() {
        Set<String> unnamed = new TreeSet<>();
        Set<String> elsewhere = new TreeSet<>();
        for (int i = 0; i < 2 * SESSIONS; i++) {
            unnamed.add(target(ask("session", ",\"prompt_cache_key\":null", "")));
            elsewhere.add(target(ask("assistant", cacheKey("one"), "one")));
        }
        assertThat(unnamed).hasSize(2);
        assertThat(elsewhere).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "caf\u00e9"})
    void whatIsNoKeyIsRefused(String key) {
        ask("session", "", key)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_parameter"))
                .body("error.param", equalTo(HEADER));
    }

    @Test
    void aLongKeyIsRefusedAndALongMemberIsNot() {
        ask("session", "", "x".repeat(257)).then().statusCode(400);
        ask("session", cacheKey("x".repeat(5_000)), "").then().statusCode(200);
    }

    @Test
    void theRuleIsPublished() {
        String policy = given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/policy")
                .asString();

        assertThat(Collections.frequency(java.util.List.of(policy.split("[,{}]")), "\"affinity\":\"session\""))
                .isOne();
    }

    private static String cacheKey(String key) {
        return ",\"prompt_cache_key\":\"" + key + "\"";
    }

    private static Response ask(String route, String more, String session) {
        RequestSpecification request = with(RouterUnderTest.KEY).body(body(route, more));
        return (session.isEmpty() ? request : request.header(HEADER, session))
                .post(InferenceRoutes.path(Operation.CHAT));
    }

    private static RequestSpecification with(String key) {
        return given().header("authorization", "Bearer " + key).contentType(ContentType.JSON);
    }

    private static String body(String route, String more) {
        return "{\"model\":\"" + route + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
    }

    private static String target(Response answer) {
        answer.then().statusCode(200);
        return answer.header("openledger-target").replaceFirst("/.*", "");
    }
}
