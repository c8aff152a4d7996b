package openledger.http.page;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A router whose operator lets pages of one other origin ask it (Fetch Standard, section 3.2). */
@QuarkusTest
@TestProfile(CorsTest.OneOrigin.class)
final class CorsTest {
    private static final String FRIEND = "https://friend.example";

    /** Quarkus' own keys. */
    public static final class OneOrigin implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(RouterUnderTest.class));
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.cors.enabled", "true",
                    "quarkus.http.cors.origins", FRIEND,
                    "quarkus.http.cors.exposed-headers", "openledger-receipt");
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

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings"})
    void operationsObeyIt(String path) {
        of("https://foe.example").post(path).then().statusCode(403);
        of(FRIEND).post(path).then().header("access-control-allow-origin", equalTo(FRIEND));
        of(FRIEND)
                .header("access-control-request-method", "POST")
                .options(path)
                .then()
                .statusCode(200)
                .header("access-control-allow-origin", equalTo(FRIEND));
    }

    @Test
    void anAnswerSaysThatThePageMayReadIt() {
        of(FRIEND)
                .body(ChatApi.body("assistant", true))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200)
                .header("access-control-allow-origin", equalTo(FRIEND))
                .header("access-control-expose-headers", equalTo("openledger-receipt"));
    }

    @Test
    void aClientThatIsNoPageIsServedAsEver() {
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200)
                .header("access-control-allow-origin", nullValue());
    }

    private static RequestSpecification of(String origin) {
        return given().header("origin", origin)
                .header("authorization", "Bearer " + RouterUnderTest.KEY)
                .contentType("application/json");
    }
}
