package openledger.http.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin API: what it makes lets callers in, and what it takes back lets them in no more. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class AdminKeysTest {
    private static final String KEYS = "/admin/keys";

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void aKeyIsShownOnceAndLetsItsTenantInWithItsLimits() throws InterruptedException {
        Response made = create("{\"tenant\":\"acme\",\"label\":\"ci\",\"limits\":{\"requests_per_minute\":1000},"
                + "\"default_mode\":\"confirmed\",\"expires\":\"2999-01-31T12:00:00Z\"}");
        made.then()
                .statusCode(201)
                .header("cache-control", "no-store")
                .body("tenant", equalTo("acme"))
                .body("label", equalTo("ci"))
                .body("limits.requests_per_minute", equalTo(1000))
                .body("limits.concurrent_requests", nullValue())
                .body("default_mode", equalTo("confirmed"))
                .body("expires", equalTo("2999-01-31T12:00:00Z"))
                .body("revoked", nullValue());
        String key = made.path("key");
        assertThat(key).matches("sk-openledger-[A-Za-z0-9_-]{43}").startsWith(made.<String>path("prefix"));

        ChatApi.await(() -> chat(key) == 200);

        admin().get(KEYS + "?tenant=acme")
                .then()
                .statusCode(200)
                .body("data.id", hasItem(made.<String>path("id")))
                .body("data.key", not(hasItem(notNullValue())));
        assertThat(admin().get(KEYS).asString()).doesNotContain(key.substring(20));
        given().header("authorization", "Bearer " + key)
                .get("/v1/models")
                .then()
                .statusCode(200);
    }

    @Test
    void aRevokedKeyIsRefused() throws InterruptedException {
        Response made = create("{\"tenant\":\"acme\"}");
        String key = made.path("key");
        ChatApi.await(() -> chat(key) == 200);

        admin().delete(KEYS + "/" + made.path("id")).then().statusCode(200).body("revoked", notNullValue());

        ChatApi.await(() -> chat(key) == 401);
        admin().post(KEYS + "/" + made.path("id") + "/rotate").then().statusCode(404);
    }

    @Test
    void aRotatedKeyIsGoodForItsGrace() throws InterruptedException {
        Response first = create("{\"tenant\":\"acme\",\"label\":\"old\"}");
        Response second = admin().body("{\"grace\":\"1h\"}").post(KEYS + "/" + first.path("id") + "/rotate");
        second.then().statusCode(201).body("label", equalTo("old")).body("id", not(equalTo(first.path("id"))));
        ChatApi.await(() -> chat(second.path("key")) == 200);
        assertThat(chat(first.path("key"))).isEqualTo(200);

        Response third = admin().post(KEYS + "/" + second.path("id") + "/rotate");

        ChatApi.await(() -> chat(third.path("key")) == 200 && chat(second.path("key")) == 401);
        assertThat(chat(first.path("key"))).isEqualTo(200);
    }

    @Test
    void listsInPages() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.addFirst(create("{\"tenant\":\"paged\"}").path("id"));
        }

        Response page = admin().get(KEYS + "?tenant=paged&limit=2");
        Response last = admin().get(KEYS + "?tenant=paged&limit=2&cursor=" + page.path("next_cursor"));

        assertThat(page.<List<String>>path("data.id")).isEqualTo(made.subList(0, 2));
        assertThat(last.<List<String>>path("data.id")).isEqualTo(made.subList(2, 3));
        last.then().body("next_cursor", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {RouterUnderTest.KEY, "sk-wrong-0123456789abcdef", ""})
    void noOtherKeyOpensIt(String key) {
        given().header("authorization", "Bearer " + key)
                .get(KEYS)
                .then()
                .statusCode(401)
                .body("error.code", equalTo("invalid_api_key"));
        given().urlEncodingEnabled(false)
                .header("authorization", "Bearer " + key)
                .get("/%61dmin/keys")
                .then()
                .statusCode(400);
    }

    @Test
    void theAdministratorsKeyOpensNothingElse() {
        admin().get("/v1/models").then().statusCode(401);
        assertThat(chat(RouterUnderTest.ADMIN_KEY)).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{};tenant",
                "{\"tenant\":\"a b\"};tenant",
                "{\"tenant\":3};tenant",
                "{\"tenant\":\"a\",\"label\":\"\\u0000\"};label",
                "{\"tenant\":\"a\",\"limits\":3};limits",
                "{\"tenant\":\"a\",\"limits\":{\"requests_per_minute\":0}};limits.requests_per_minute",
                "{\"tenant\":\"a\",\"limits\":{\"requests_per_minute\":1.5}};limits.requests_per_minute",
                "{\"tenant\":\"a\",\"limits\":{\"concurrent_requests\":99999999999}};limits.concurrent_requests",
                "{\"tenant\":\"a\",\"limits\":{\"tokens_per_minute\":100000001}};limits.tokens_per_minute",
                "{\"tenant\":\"a\",\"limits\":{\"x\":1}};limits",
                "{\"tenant\":\"a\",\"default_mode\":\"slow\"};default_mode",
                "{\"tenant\":\"a\",\"expires\":\"tomorrow\"};expires",
                "{\"tenant\":\"a\",\"expires\":\"2001-01-01T00:00:00Z\"};expires",
                "{\"tenant\":\"a\",\"secret\":1};",
                "{\"tenant\":\"a\",\"tenant\":\"b\"};",
                "{\"tenant\":\"a\"}{};",
                "[];",
            })
    void refusesByName(String body, String member) {
        create(body)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_body"))
                .body("error.param", equalTo(member));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limt=1", "limit=0", "limit=1001", "limit=x", "cursor=-1", "cursor=99999999999999999999"})
    void refusesAQueryItDoesNotKnow(String query) {
        admin().get(KEYS + "?" + query).then().statusCode(400).body("error.code", equalTo("invalid_parameter"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/0", "/x", "/999999999", "/99999999999999999999999"})
    void knowsNoSuchKey(String id) {
        admin().delete(KEYS + id).then().statusCode(404);
        admin().post(KEYS + id + "/rotate").then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"grace\":\"forever\"}", "{\"grace\":\"91d\"}", "{\"grace\":1}", "{\"x\":1}", "x"})
    void refusesAGraceThatMakesNoSense(String body) {
        String id = create("{\"tenant\":\"acme\"}").path("id");

        admin().body(body).post(KEYS + "/" + id + "/rotate").then().statusCode(400);
    }

    private static RequestSpecification admin() {
        return given().header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY);
    }

    private static Response create(String body) {
        return admin().body(body).post(KEYS);
    }

    private static int chat(String key) {
        return given().header("authorization", "Bearer " + key)
                .body(ChatApi.body("assistant", false))
                .post(InferenceRoutes.path(Operation.CHAT))
                .statusCode();
    }
}
