package openledger.http.admin;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import openledger.http.AdminPort;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A router whose administrator has a port of their own. */
@QuarkusTest
@TestProfile(AdminPortTest.Separate.class)
final class AdminPortTest {
    /** Any free port. */
    public static final class Separate implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(RouterUnderTest.class, Map.of("openledger.admin.port", "0")));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    @Inject
    AdminPort port;

    @Test
    void theAdministratorIsServedThere() {
        admin(there()).get("/admin/keys").then().statusCode(200);
        admin(there()).body("{\"tenant\":\"acme\"}").post("/admin/keys").then().statusCode(201);
        there().get("/admin/keys").then().statusCode(401);
        admin(there()).body("x".repeat(100_000)).post("/admin/keys").then().statusCode(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/keys", "/admin", "/v1/../admin/keys", "/%61dmin/keys", "/admin/./keys"})
    void thePublicPortHasNothingOfIt(String path) {
        int status = isPlain(path) ? 404 : 400;
        admin(given()).urlEncodingEnabled(false).get(path).then().statusCode(status);
        given().urlEncodingEnabled(false).get(path).then().statusCode(status);
    }

    @Test
    void detailsOfHealthAreThereAndNowhereElse() {
        there().get("/q/health")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'journal' }.status", equalTo("UP"));
        admin(given()).get("/q/health").then().statusCode(200).body("checks", hasSize(0));
        given().get("/q/health/ready").then().statusCode(200).body("checks", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/models", "/admin/../v1/models", "/q/openapi", "/q/health/../openapi"})
    void nothingElseIsThere(String path) {
        admin(there()).urlEncodingEnabled(false).get(path).then().statusCode(isPlain(path) ? 404 : 400);
    }

    @Test
    void noOperationIsThere() {
        there().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions")
                .then()
                .statusCode(404);
    }

    /** Others are refused before anybody looks for what is there. */
    private static boolean isPlain(String path) {
        return !path.contains("/.") && !path.contains("%");
    }

    private RequestSpecification there() {
        return given().baseUri("http://127.0.0.1").port(port.number());
    }

    private static RequestSpecification admin(RequestSpecification request) {
        return request.header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY);
    }
}
