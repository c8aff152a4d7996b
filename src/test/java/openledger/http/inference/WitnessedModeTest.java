package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import openledger.http.ChainUnderTest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.WitnessUnderTest;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that wait for real witnesses, through the whole router: with a chain, with one that stands still, and with none any more. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = @ResourceArg(name = "openledger.routes[0].modes", value = "fast,confirmed"),
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ChainUnderTest.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = WitnessUnderTest.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WitnessedModeTest {
    private static final Logger LOG = Logger.getLogger(WitnessedModeTest.class);
    private static final int PATIENT_MILLIS = 9_000;
    private static final int SOME = 20;
    /** More than the batches that may be on their way to a block. */
    private static final int MORE_THAN_IN_FLIGHT = 24;
    /** Without it the two that know the log are too few. */
    private static final int NEEDED = 1;

    private static boolean isAway;
    private static boolean isStalled;

    @BeforeEach
    void allIsWell() throws InterruptedException {
        ChatApi.await(
                () -> asked("WITNESSED", "response", PATIENT_MILLIS, "fail").statusCode() == 200);
        RouterUnderTest.reset();
    }

    @AfterEach
    void goOn() throws IOException, InterruptedException {
        if (isAway) {
            isAway = false;
            WitnessUnderTest.returns(NEEDED);
        }
        if (isStalled) {
            isStalled = false;
            ChainUnderTest.chain().resume(1);
        }
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(strings = {"response", "dispatch"})
    void anAnswerComesOnceAQuorumHasSeenThePlan(String gate) throws InterruptedException {
        Response answer = asked("WITNESSED", gate, PATIENT_MILLIS, "fail");

        answer.then().statusCode(200).header("openledger-gate", gate).header("openledger-level", "WITNESSED");
        assertThat(answer.header("openledger-released")).isNull();
        Response receipt = ChatApi.receipt(answer.header("openledger-request"));
        assertThat(receipt.<Boolean>path("planned.witnessed.met")).isTrue();
        assertThat(receipt.<String>path("planned.level")).isNotEqualTo("WITNESSED");
    }

    @Order(1)
    @Test
    void aStreamSaysSoAsWell() {
        String stream = ChatApi.chat(own("WITNESSED", "response", PATIENT_MILLIS, "fail")
                        + ChatApi.body("assistant", true).substring(1))
                .asString();

        assertThat(stream).contains("\"level\":\"WITNESSED\"").endsWith("data: [DONE]\n\n");
    }

    @Order(1)
    @Test
    void whatMayBeAskedForIsShownAndTheChainStaysTheDefault() {
        Response models =
                given().header("authorization", "Bearer " + RouterUnderTest.KEY).get("/v1/models/assistant");

        assertThat(models.<String>path("openledger.confirmed.level")).isEqualTo("SEQUENCED");
        assertThat(models.<Integer>path("openledger.confirmed.max_wait_ms.WITNESSED"))
                .isEqualTo(2_000);
    }

    /** The figure is for the log; the bound only says that no block is waited for. */
    @Order(2)
    @Test
    void aPlanTakesARoundTripAndNoBlock() throws IOException, InterruptedException {
        stall();
        List<Double> waits = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            Response answer = asked("WITNESSED", "response", PATIENT_MILLIS, "fail");
            answer.then().statusCode(200).header("openledger-level", "WITNESSED");
            waits.add(Double.parseDouble(answer.header("openledger-confirm-ms")));
        }

        Collections.sort(waits);
        LOG.infof("from the plan to a quorum of witnesses: %s ms", waits);
        assertThat(waits.get(SOME / 2)).isLessThan(2_000);
        assertThat(asked("SEQUENCED", "response", 500, "fail").statusCode()).isIn(503, 504);
    }

    @Order(2)
    @Test
    void withoutAQuorumNothingIsGivenOrItIsSaid() throws InterruptedException {
        leave();

        Response failed = asked("WITNESSED", "response", 400, "fail");
        Response released = asked("WITNESSED", "response", 400, "release");

        failed.then().statusCode(504);
        assertThat(failed.<String>path("error.code")).isEqualTo("unconfirmed");
        released.then().statusCode(200).header("openledger-released", "true").header("openledger-level", "RECORDED");
        ChatApi.await(() -> asked("WITNESSED", "response", 400, "fail").statusCode() == 503);
        Response refused = asked("WITNESSED", "response", 400, "fail");
        assertThat(refused.<String>path("error.code")).isEqualTo("witnesses_lag");
        assertThat(refused.header("retry-after")).isNotNull();
        asked("SEQUENCED", "response", PATIENT_MILLIS, "fail").then().statusCode(200);
    }

    /** Last, because the chain does not come back. */
    @Order(3)
    @Test
    void withoutANodeOfTheChainPlansAreConfirmedAllTheSame() throws Exception {
        ChainUnderTest.chain().kill();

        for (int i = 0; i < MORE_THAN_IN_FLIGHT; i++) {
            asked("WITNESSED", i % 2 == 0 ? "response" : "dispatch", PATIENT_MILLIS, "fail")
                    .then()
                    .statusCode(200)
                    .header("openledger-level", "WITNESSED");
        }
        assertThat(asked("SEQUENCED", "response", 500, "fail").statusCode()).isIn(503, 504);
    }

    private static void leave() {
        isAway = true;
        WitnessUnderTest.leaves(NEEDED);
    }

    private static void stall() throws IOException, InterruptedException {
        isStalled = true;
        ChainUnderTest.chain().stall();
    }

    private static Response asked(String level, String gate, int maxWaitMillis, String onUnconfirmed) {
        return ChatApi.chat(own(level, gate, maxWaitMillis, onUnconfirmed)
                + ChatApi.body("assistant", false).substring(1));
    }

    private static String own(String level, String gate, int maxWaitMillis, String onUnconfirmed) {
        return "{\"openledger\":{\"mode\":\"confirmed\",\"level\":\"" + level + "\",\"gate\":\"" + gate
                + "\",\"max_wait_ms\":" + maxWaitMillis + ",\"on_unconfirmed\":\"" + onUnconfirmed + "\"},";
    }
}
