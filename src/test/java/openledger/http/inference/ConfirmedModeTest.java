package openledger.http.inference;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import openledger.http.ChainUnderTest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.inference.upstream.AnswerForm;
import openledger.simulator.SimulatedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Confirmed mode through the whole router, on a real chain: confirmed, stalled, reorganised. Long because a chain and a router take
 * a while to start, and all of it can be asked of one of each.
 */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {
            @ResourceArg(name = "openledger.routes[0].modes", value = "fast,confirmed"),
            @ResourceArg(name = "openledger.confirmed.max-held", value = "8")
        },
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ChainUnderTest.class, restrictToAnnotatedClass = true)
final class ConfirmedModeTest {
    private static final int PATIENT_MILLIS = 9_000;
    private static boolean stalled;

    @BeforeEach
    void aChainThatWorks() throws InterruptedException {
        // The first plan opens the lane and publishes the policy, and after a stall all has to be caught up with.
        ChatApi.await(() -> confirmed("response", PATIENT_MILLIS, "fail").statusCode() == 200);
        RouterUnderTest.reset();
    }

    @AfterEach
    void goOn() throws IOException, InterruptedException {
        if (stalled) {
            stalled = false;
            ChainUnderTest.chain().resume(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"response", "dispatch"})
    void anAnswerComesWithAPlanThatIsOnChainAndWasFollowed(String gate) throws InterruptedException {
        Response answer = confirmed(gate, PATIENT_MILLIS, "fail");

        answer.then()
                .statusCode(200)
                .header("openledger-mode", "confirmed")
                .header("openledger-gate", gate)
                .header("openledger-level", "SEQUENCED")
                .header("openledger-attempts", "1");
        assertThat(Long.parseLong(answer.header("openledger-snapshot"))).isPositive();
        assertThat(Double.parseDouble(answer.header("openledger-confirm-ms"))).isPositive();
        assertThat(answer.header("openledger-released")).isNull();
        JsonPath receipt = settled(answer);
        assertThat(receipt.getBoolean("followed_plan.followed")).isTrue();
        assertThat(receipt.getString("planned.level")).isIn("SEQUENCED", "SAFE", "FINALIZED");
        assertThat(receipt.getList("plan")).hasSize(4);
        assertThat(receipt.getString("gate")).isEqualTo(gate);
        given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/snapshots/" + answer.header("openledger-snapshot"))
                .then()
                .statusCode(200);
    }

    @Test
    void theSuffixOfTheModelAsksForItAsWell() {
        ChatApi.chat(ChatApi.body("assistant:confirmed", false))
                .then()
                .statusCode(200)
                .header("openledger-gate", "response");
    }

    @Test
    void aStreamIsHeldBeforeItsHeadAndWholeAfterIt() {
        String stream = ChatApi.chat(body("response", PATIENT_MILLIS, "fail", AnswerForm.STREAM))
                .asString();

        assertThat(stream)
                .contains("\"gate\":\"response\"", "\"level\":\"SEQUENCED\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void noProviderSeesWhatIsOurs() {
        confirmed("response", PATIENT_MILLIS, "fail").then().statusCode(200);

        List<SimulatedProvider.SeenCall> seen = RouterUnderTest.providers().stream()
                .map(SimulatedProvider::takeSeen)
                .filter(Objects::nonNull)
                .toList();
        assertThat(seen).isNotEmpty().allSatisfy(call -> assertThat(call.body()).doesNotContain("openledger"));
    }

    @Test
    void theNextAttemptIsTheNextPlaceOfThePlan() throws InterruptedException {
        RouterUnderTest.script("status 500");

        Response answer = confirmed("response", PATIENT_MILLIS, "fail");

        answer.then().statusCode(200).header("openledger-attempts", "2");
        JsonPath receipt = settled(answer);
        assertThat(receipt.getBoolean("followed_plan.followed")).isTrue();
        assertThat(receipt.getString("attempt_list[1].target")).isEqualTo(receipt.getString("plan[1]"));
    }

    @Test
    void whoAsksHasThePlansSignatureBeforeAnyProviderHasTheRequest() throws IOException, InterruptedException {
        stall();
        String body = body("dispatch", PATIENT_MILLIS, "fail", AnswerForm.PLAIN);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(PATIENT_MILLIS);
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nhost: router\r\ncontent-type: application/json\r\n"
                                    + "authorization: Bearer " + RouterUnderTest.KEY
                                    + "\r\nopenledger-receipt: signed\r\ncontent-length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(in.readLine()).startsWith("HTTP/1.1 103");
            String early = header(in, "openledger-promise");
            assertThat(early).contains("lane=" + ChainUnderTest.LANE.value(), "leaf_hash=\"0x", "signature=\"0x");
            assertThat(ChatApi.upstreamCalls()).isZero();

            goOn();
            assertThat(in.readLine()).startsWith("HTTP/1.1 200");
            assertThat(header(in, "openledger-promise")).isEqualTo(early);
        }
    }

    /** Reads a head to its end. */
    private static String header(BufferedReader in, String name) throws IOException {
        String found = "";
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                found = line.substring(name.length() + 1).strip();
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({"response, 1", "dispatch, 0"})
    void whileTheChainStandsStillNothingIsGivenAndDispatchCallsNobody(String gate, int calls)
            throws IOException, InterruptedException {
        stall();

        Response answer = confirmed(gate, 600, "fail");

        answer.then().statusCode(504);
        assertThat(answer.<String>path("error.code")).isEqualTo("unconfirmed");
        assertThat(ChatApi.upstreamCalls()).isEqualTo(calls);
        assertThat(ChatApi.receipt(answer.header("openledger-request")).<String>path("status"))
                .isEqualTo("UNCONFIRMED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"response", "dispatch"})
    void whoWantsToBeReleasedIsServedAndToldSo(String gate) throws IOException, InterruptedException {
        stall();

        Response answer = confirmed(gate, 600, "release");

        answer.then().statusCode(200).header("openledger-released", "true").header("openledger-level", "RECORDED");
        assertThat(ChatApi.upstreamCalls()).isOne();
    }

    @Test
    void whileTheChainLagsAConfirmedRequestIsRefusedAtOnceAndAFastOneIsNot() throws IOException, InterruptedException {
        stall();
        confirmed("response", 500, "release").then().statusCode(200);
        long calls = ChatApi.upstreamCalls();
        ChatApi.await(() -> confirmed("response", 500, "fail").statusCode() == 503);

        Response refused = confirmed("response", 500, "fail");

        refused.then().statusCode(503);
        assertThat(refused.<String>path("error.code")).isEqualTo("chain_lags");
        assertThat(refused.header("retry-after")).isNotNull();
        assertThat(refused.header("openledger-request")).isNull();
        ChatApi.chat(ChatApi.body("assistant", false)).then().statusCode(200);
        assertThat(ChatApi.upstreamCalls()).isGreaterThan(calls);
    }

    @Test
    void whoFindsNoPlaceAmongThoseWhoWaitIsToldToComeBackAndTheOthersAreServed() throws InterruptedException {
        RouterUnderTest.script("status 429 retry-after=3", "status 429 retry-after=3");
        ChatApi.chat(ChatApi.body("assistant", false)).then().header("openledger-tier", "standard");
        List<Response> answers = new CopyOnWriteArrayList<>();

        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                clients.execute(() -> answers.add(confirmed("response", PATIENT_MILLIS, "fail")));
            }
        }

        Map<Integer, List<Response>> byStatus = answers.stream().collect(Collectors.groupingBy(Response::statusCode));
        // Alone a tenant gets half of the places.
        assertThat(byStatus).containsOnlyKeys(200, 503);
        assertThat(byStatus.get(200)).hasSizeGreaterThanOrEqualTo(4);
        assertThat(byStatus.get(503)).allSatisfy(refused -> {
            assertThat(refused.<String>path("error.code")).isEqualTo("hold_full");
            assertThat(refused.header("retry-after")).isNotNull();
            assertThat(refused.header("openledger-request")).isNull();
        });
    }

    @Test
    void aReorgAfterTheAnswerDemotesThePlanAndBringsItBack() throws IOException, InterruptedException {
        Response answer = confirmed("response", PATIENT_MILLIS, "fail");
        answer.then().statusCode(200);
        String id = answer.header("openledger-request");
        ChatApi.await(() -> levels(id).contains("SEQUENCED"));
        List<Integer> blocks = history(id, "block_number");
        long block = blocks.stream()
                .filter(Objects::nonNull)
                .mapToLong(Integer::longValue)
                .max()
                .orElseThrow();

        // Deep enough for the plan's batch, and for the blocks that a slow machine lets pass meanwhile.
        ChainUnderTest.chain().reorg(Math.toIntExact(ChainUnderTest.chain().blockNumber() - block) + 4);

        ChatApi.await(() -> levels(id).lastIndexOf("RECORDED") > levels(id).indexOf("SEQUENCED"));
        ChatApi.await(() -> levels(id).lastIndexOf("SEQUENCED") > levels(id).lastIndexOf("RECORDED"));
    }

    private static List<String> levels(String id) {
        return history(id, "level");
    }

    private static <T> List<T> history(String id, String member) {
        List<T> values = given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .get("/v1/receipts/" + id)
                .jsonPath()
                .getList("planned.history." + member);
        return values == null ? List.of() : values;
    }

    private static void stall() throws IOException, InterruptedException {
        stalled = true;
        ChainUnderTest.chain().stall();
    }

    private static Response confirmed(String gate, int maxWaitMillis, String onUnconfirmed) {
        return ChatApi.chat(body(gate, maxWaitMillis, onUnconfirmed, AnswerForm.PLAIN));
    }

    private static String body(String gate, int maxWaitMillis, String onUnconfirmed, AnswerForm form) {
        String own = "{\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"" + gate + "\",\"max_wait_ms\":"
                + maxWaitMillis + ",\"on_unconfirmed\":\"" + onUnconfirmed + "\"},";
        return own + ChatApi.body("assistant", form == AnswerForm.STREAM).substring(1);
    }

    /** The receipt once both leaves are on chain. */
    private static JsonPath settled(Response answer) throws InterruptedException {
        String id = answer.header("openledger-request");
        JsonPath[] found = new JsonPath[1];
        ChatApi.await(() -> {
            found[0] = given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                    .get("/v1/receipts/" + id + "?wait=SEQUENCED&timeout=5s")
                    .jsonPath();
            return found[0].get("followed_plan") != null;
        });
        return found[0];
    }
}
