package openledger.http.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens of an identity provider in place of keys, against a real issuer. */
@QuarkusTest
@TestProfile(TokensTest.WithTokens.class)
final class TokensTest {
    /** A router that takes tokens. */
    public static final class WithTokens implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(
                    new TestResourceEntry(
                            RouterUnderTest.class,
                            Map.of(
                                    "openledger.oidc.enabled", "true",
                                    "openledger.oidc.tenant-claim", "team",
                                    "openledger.oidc.allowed-tenants", "team-[a-z]+",
                                    "openledger.oidc.requests-per-minute", "100000")),
                    new TestResourceEntry(TokenIssuer.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void aValidTokenLetsItsTenantInAndCountsAsOneOfThatTenants() throws InterruptedException {
        String token = TokenIssuer.token(claims("team-red", "openledger", 600));

        Response first = chat(token);
        Response second = chat(token);

        first.then().statusCode(200).header("x-ratelimit-limit-requests", "100000");
        second.then().statusCode(200);
        given().header("authorization", "Bearer " + token)
                .get("/v1/receipts/" + first.header("openledger-request"))
                .then()
                .statusCode(200);
        given().header("authorization", "Bearer " + TokenIssuer.token(claims("team-blue", "openledger", 600)))
                .get("/v1/receipts/" + first.header("openledger-request"))
                .then()
                .statusCode(404);
    }

    @Test
    void aTokenNotSeenBeforeLetsInAtAnyAddress() {
        String token = TokenIssuer.token(claims("team-green", "openledger", 601));

        given().header("authorization", "Bearer " + token)
                .get("/v1/models")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void aTokenThatDoesNotHoldIsRefusedLikeAKeyWeDoNotKnow(String what, String token) {
        chat(token).then().statusCode(401).body("error.code", equalTo("invalid_api_key"));
        given().header("authorization", "Bearer " + token)
                .get("/v1/models")
                .then()
                .statusCode(401);
        given().header("authorization", "Bearer " + token)
                .get("/admin/keys")
                .then()
                .statusCode(401);
        assertThat(ChatApi.upstreamCalls()).isZero();
    }

    static Stream<List<String>> tokens() {
        String good = TokenIssuer.token(claims("team-red", "openledger", 600));
        return Stream.of(
                List.of("expired", TokenIssuer.token(claims("team-red", "openledger", -600))),
                List.of("for others", TokenIssuer.token(claims("team-red", "somebody", 600))),
                List.of("a tenant who may not", TokenIssuer.token(claims("other", "openledger", 600))),
                List.of("a name that is none", TokenIssuer.token(claims("team-a\\n", "openledger", 600))),
                List.of("forged", TokenIssuer.forged(claims("team-red", "openledger", 600))),
                List.of("unsigned", TokenIssuer.unsigned(claims("team-red", "openledger", 600))),
                List.of(
                        "of another issuer",
                        TokenIssuer.token(
                                claims("team-red", "openledger", 600).replace(TokenIssuer.url(), "http://x"))),
                List.of(
                        "without a tenant",
                        TokenIssuer.token(claims("team-red", "openledger", 600).replace("team\"", "club\""))),
                List.of(
                        "without an end",
                        TokenIssuer.token(claims("team-red", "openledger", 600).replace("exp\"", "end\""))),
                List.of("cut short", good.substring(0, good.length() - 20)),
                List.of("no token at all", "a.b.c"),
                List.of("dots", ".."));
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> badTokens() {
        return tokens().map(pair -> org.junit.jupiter.params.provider.Arguments.of(pair.get(0), pair.get(1)));
    }

    @Test
    void keysGoOnBesideTokens() {
        chat(RouterUnderTest.KEY).then().statusCode(200);
        chat("sk-wrong-0123456789abcdef").then().statusCode(401);
    }

    private static String claims(String team, String audience, int secondsLeft) {
        long now = System.currentTimeMillis() / 1_000;
        return "{\"iss\":\"%s\",\"sub\":\"u1\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"team\":\"%s\"}"
                .formatted(TokenIssuer.url(), audience, now, now + secondsLeft, team);
    }

    private static Response chat(String presented) {
        return given().header("authorization", "Bearer " + presented)
                .body(ChatApi.body("assistant", false))
                .post(InferenceRoutes.path(Operation.CHAT));
    }
}
