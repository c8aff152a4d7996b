package openledger.http.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.inference.policy.PolicySteps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A changed file while the router runs: by the administrator's word, and by itself. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class PolicyReloadTest {
    private static final String RELOAD = "/admin/policy/reload";
    private static final String BEST = "openledger.routes[0].tiers[0].attempts=";

    @Inject
    PolicySteps steps;

    private String before = "";

    @BeforeEach
    void remember() throws IOException {
        RouterUnderTest.reset();
        before = Files.readString(RouterUnderTest.configurationFile());
    }

    @AfterEach
    void restore() throws IOException {
        Files.writeString(RouterUnderTest.configurationFile(), before);
        admin().post(RELOAD).then().statusCode(200);
    }

    @Test
    void aReloadOfAllIsOneOfThisRouterIfItIsAlone() throws IOException {
        String old = hash();
        write(BEST + "3", BEST + "5");

        admin().post(RELOAD + "?all=true")
                .then()
                .statusCode(200)
                .body("previous_policy_hash", equalTo(old))
                .body("routers", equalTo(null));

        assertThat(hash()).isNotEqualTo(old);
        admin().post(RELOAD + "?all=yes").then().statusCode(400).body("detail", containsString("'all'"));
    }

    @Test
    void newRequestsFollowTheNewPolicyAndTheOldOneCanStillBeRead() throws IOException {
        String old = hash();
        write(BEST + "3", BEST + "5");

        String now = admin().post(RELOAD)
                .then()
                .statusCode(200)
                .body("previous_policy_hash", equalTo(old))
                .extract()
                .path("policy_hash");

        assertThat(now).isNotEqualTo(old).isEqualTo(hash());
        ChatApi.chat(ChatApi.body("assistant", false)).then().statusCode(200).header("openledger-budget", "6");
        caller().get("/v1/policy/" + old)
                .then()
                .statusCode(200)
                .header("openledger-policy-hash", old)
                .body("routes[0].budget", equalTo(4));
        caller().get("/v1/policy/0x" + "0".repeat(64)).then().statusCode(404);
        caller().get("/v1/policy/nonsense").then().statusCode(400);
    }

    @Test
    void aRequestKeepsThePolicyItStartedWith() throws Exception {
        RouterUnderTest.script("slow 300");
        CompletableFuture<Response> running =
                CompletableFuture.supplyAsync(() -> ChatApi.chat(ChatApi.body("assistant", false)));
        ChatApi.await(() -> ChatApi.upstreamCalls() == 1);
        write(BEST + "3", BEST + "1");
        admin().post(RELOAD).then().statusCode(200);

        running.get(10, TimeUnit.SECONDS)
                .then()
                .statusCode(200)
                .header("openledger-budget", "4")
                .header("openledger-attempts", "1");
    }

    @Test
    void aRequestKeepsTheDialectItStartedWithInAllItsAttempts() throws Exception {
        RouterUnderTest.script("hang-after 0");
        // What no target could be asked in the other dialect.
        String body = ChatApi.body("assistant", false).replaceFirst("\\{", "{\"logprobs\":true,");
        CompletableFuture<Response> running = CompletableFuture.supplyAsync(() -> ChatApi.chat(body));
        ChatApi.await(() -> ChatApi.upstreamCalls() == 1);
        Files.writeString(
                RouterUnderTest.configurationFile(),
                before
                        + "openledger.providers[0].dialect=anthropic\nopenledger.providers[1].dialect=anthropic\n"
                        + "openledger.providers[2].dialect=anthropic\n");
        admin().post(RELOAD).then().statusCode(200);

        running.get(10, TimeUnit.SECONDS).then().statusCode(200).header("openledger-attempts", "2");
        ChatApi.chat(body).then().statusCode(400).body("error.code", equalTo("untranslatable"));
        ChatApi.await(() -> ChatApi.inFlight() == 0);
    }

    @Test
    void anUnusableFileIsRefusedAsAWholeWithItsKeys() throws IOException {
        String old = hash();
        write(BEST + "3", BEST + "0");

        admin().post(RELOAD)
                .then()
                .statusCode(422)
                .body("error.code", equalTo("unusable_policy"))
                .body("detail", containsString("openledger.routes[0].tiers[0].attempts: "));

        assertThat(hash()).isEqualTo(old);
        ChatApi.chat(ChatApi.body("assistant", false)).then().statusCode(200).header("openledger-budget", "4");
    }

    @Test
    void aChangedFileIsNoticed() throws IOException, InterruptedException {
        String old = hash();
        write(BEST + "3", BEST + "7");

        ChatApi.await(() -> !old.equals(hash()));

        ChatApi.chat(ChatApi.body("assistant", false)).then().header("openledger-budget", "8");
    }

    @Test
    void whatAllWereAskedForIsNotFollowedAloneUntilTheFileChangesOnceMore() throws IOException, InterruptedException {
        String old = hash();
        // The watch may be quicker: then there is nothing to see yet.
        do {
            Files.writeString(RouterUnderTest.configurationFile(), before);
            admin().post(RELOAD).then().statusCode(200);
            write(BEST + "3", BEST + "7");
            assertThat(steps.own().await().atMost(Duration.ofSeconds(10))).isPresent();
        } while (!old.equals(hash()));

        Thread.sleep(5_000);
        assertThat(hash()).isEqualTo(old);
        write(BEST + "3", BEST + "11");
        ChatApi.await(() -> !old.equals(hash()));
        ChatApi.chat(ChatApi.body("assistant", false)).then().header("openledger-budget", "12");
    }

    @Test
    void onlyTheAdministratorMayDoIt() {
        caller().post(RELOAD).then().statusCode(401);
    }

    private void write(String from, String to) throws IOException {
        assertThat(before).contains(from + "\n");
        Files.writeString(RouterUnderTest.configurationFile(), before.replace(from + "\n", to + "\n"));
    }

    private static String hash() {
        return caller().get("/v1/policy").header("openledger-policy-hash");
    }

    private static RequestSpecification caller() {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY);
    }

    private static RequestSpecification admin() {
        return given().header("authorization", "Bearer " + RouterUnderTest.ADMIN_KEY);
    }
}
