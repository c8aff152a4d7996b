package openledger.http.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.Method;
import java.util.List;
import java.util.Map;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A router without an administrator's key and without a page, which bears few wrong keys. */
@QuarkusTest
@TestProfile(ClosedDoorTest.Closed.class)
final class ClosedDoorTest {
    /** No administrator's key, three wrong keys a minute, no page. */
    public static final class Closed implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(
                    RouterUnderTest.class,
                    Map.of(
                            "openledger.admin.key-sha256", "",
                            "openledger.keys.wrong-keys-per-minute", "3",
                            "openledger.page.enabled", "false")));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,/", "HEAD,/", "GET,/page/page.js"})
    void thePageIsNotThere(Method method, String path) {
        given().request(method, path).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({"GET,/admin/keys", "POST,/admin/keys", "PUT,/admin/keys", "DELETE,/admin/keys/1", "GET,/admin/keys/1"})
    void withoutAKeyOfItsOwnTheAdminApiIsNotThere(Method method, String path) {
        String nowhere = given().request(method, "/no/such/address")
                .then()
                .statusCode(404)
                .extract()
                .asString();

        given().header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY)
                .request(method, path)
                .then()
                .statusCode(404)
                .body(equalTo(nowhere));
    }

    @Test
    void tooManyWrongKeysAreToldToWaitAndGoodOnesAreNot() {
        int limited = 0;
        for (int i = 0; i < 8; i++) {
            limited += models("sk-wrong-0123456789abcdef" + i) == 429 ? 1 : 0;
        }

        assertThat(limited).isGreaterThanOrEqualTo(4);
        given().header("authorization", "Bearer sk-wrong-0123456789abcdef")
                .body(ChatApi.body("assistant", false))
                .post(InferenceRoutes.path(Operation.CHAT))
                .then()
                .statusCode(429)
                .header("retry-after", matchesPattern("\\d+"))
                .body("error.code", equalTo("rate_limit_exceeded"));
        assertThat(models(RouterUnderTest.KEY)).isEqualTo(200);
    }

    private static int models(String key) {
        return given().header("authorization", "Bearer " + key)
                .get("/v1/models")
                .statusCode();
    }
}
