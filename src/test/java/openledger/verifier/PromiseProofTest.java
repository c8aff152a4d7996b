package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.AnswerPromiseCheck.Headers;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.support.RecordedChain;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.verifier.PromiseWatch.Look;
import openledger.verifier.PromiseWatch.Settings;
import openledger.verifier.Unproved.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a look at a receipt is the last one, against a router's receipts and a chain that were recorded. */
final class PromiseProofTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 30;
    /** A call with a lane and an account, which is no small number: whether that key signs. */
    private static final Pattern KEY_QUESTION = Pattern.compile("0x.{8}.{64}0{24}(?!0{16}).{40}");

    private final List<Unproved> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final RecordedChain chain = new RecordedChain();
    private final HttpServer router;
    private final byte[] digest =
            RequestDigest.of(chain.promise().get("body").asText().getBytes(StandardCharsets.UTF_8));
    private volatile Instant now = Instant.ofEpochSecond(chain.signedAt() + 1);
    private volatile String receipt = "{}";
    private final PromiseWatch watch =
            new PromiseWatch(Settings.of(chain.rpc(), Pins.ofLane(new LaneId(chain.lane()))), () -> now, told::add);

    PromiseProofTest() throws IOException {
        router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        router.createContext("/", exchange -> {
            looks.incrementAndGet();
            byte[] bytes = receipt.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        router.start();
    }

    @AfterEach
    void stop() {
        watch.close();
        router.stop(0);
        chain.close();
    }

    private WatchedAnswer answer(String promise, byte[] sent) {
        return new WatchedAnswer(
                URI.create("http://127.0.0.1:" + router.getAddress().getPort() + "/v1/receipts/"),
                Optional.of(sent),
                Map.of(),
                200,
                new Headers(Optional.of(promise), Optional.empty()));
    }

    private void answered(String promise, byte[] sent) throws InterruptedException {
        watch.answered(answer(promise, sent));
        watch.finishChecks();
        assertThat(told).isEmpty();
        assertThat(watch.counts().pending()).isOne();
    }

    private static boolean isAboutAKey(ObjectNode answer) {
        return KEY_QUESTION
                .matcher(answer.at("/question/params/0/data").asText())
                .matches();
    }

    private String refuted() {
        return chain.genuine("signed").replaceFirst("\"status\":\"[A-Z_]+\"", "\"status\":\"REJECTED\"");
    }

    /** What a plan promises is that the request ends as planned, and its leaf alone does not show that. */
    @Test
    void aPlansLeafAloneProvesNothing() throws Exception {
        String whole = chain.genuine("confirmed, gate response");
        answered(ofPlan(whole), HexFormat.of().parseHex(text(whole, "/commitment/digest")));
        receipt = ofItsPlanAlone(whole);

        watch.prove(Look.ALL);
        assertThat(watch.counts().proved()).isZero();
        assertThat(watch.counts().pending()).isOne();

        now = Instant.ofEpochSecond(chain.signedAt() + 601);
        watch.prove(Look.ALL);
        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.reason()).isEqualTo(Reason.OVERDUE);
            assertThat(one.why()).isEqualTo("The plan's leaf is on chain, but the outcome's is in no batch yet.");
        });
    }

    @Test
    void aPlanIsProvedByTheOutcomeThatFollowedIt() throws Exception {
        String whole = chain.genuine("confirmed, gate response");
        answered(ofPlan(whole), HexFormat.of().parseHex(text(whole, "/commitment/digest")));
        receipt = ofItsPlanAlone(whole);
        watch.prove(Look.ALL);
        receipt = whole;
        watch.prove(Look.ALL);

        assertThat(told).isEmpty();
        assertThat(watch.counts().proved()).isOne();
    }

    private static String text(String receipt, String path) throws IOException {
        String value = JSON.readTree(receipt).at(path).asText();
        return value.startsWith("0x") ? value.substring(2) : value;
    }

    /** The promise of a plan that no receipt was recorded with; the node takes whoever its signature is of for the lane's signer. */
    private String ofPlan(String whole) throws IOException {
        chain.changed =
                answer -> isAboutAKey(answer) ? answer.put("result", "0x" + "00".repeat(24) + "ff".repeat(8)) : answer;
        RequestId request = RequestId.parse(text(whole, "/request")).orElseThrow();
        byte[] salt = HexFormat.of().parseHex(text(whole, "/commitment/salt"));
        byte[] sent = HexFormat.of().parseHex(text(whole, "/commitment/digest"));
        return chain.signedHeader()
                .replaceFirst("anchor_by=\\d+", "anchor_by=" + (chain.signedAt() + 600))
                .replaceFirst("kind=2", "kind=1")
                .replaceFirst("request=\"\\w+", "request=\"" + request)
                .replaceFirst("request_key=\"\\w+", "request_key=\"" + RequestCommitment.of(request, sent, salt))
                .replaceFirst("leaf_hash=\"\\w+", "leaf_hash=\"0x" + "00".repeat(32))
                .replaceFirst("salt=\"\\w+", "salt=\"0x" + HexFormat.of().formatHex(salt));
    }

    private static String ofItsPlanAlone(String whole) throws IOException {
        ObjectNode receipt = (ObjectNode) JSON.readTree(whole);
        return receipt.remove(List.of("leaf", "proof", "batch", "transaction", "history", "urls", "followed_plan"))
                .toString();
    }

    /** A node that is a block behind refutes what is genuine. */
    @Test
    void oneLookConvictsNobody() throws Exception {
        answered(chain.signedHeader(), digest);
        receipt = refuted();
        watch.prove(Look.ALL);
        now = now.plusSeconds(9);
        watch.prove(Look.ALL);
        assertThat(told).isEmpty();
        receipt = chain.genuine("signed");
        watch.prove(Look.ALL);

        assertThat(told).isEmpty();
        assertThat(watch.counts().proved()).isOne();
    }

    @Test
    void aSecondLookConvicts() throws Exception {
        answered(chain.signedHeader(), digest);
        receipt = refuted();
        watch.prove(Look.ALL);
        now = now.plusSeconds(10);
        watch.prove(Look.DUE);

        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.REFUTED);
        assertThat(watch.counts().pending()).isZero();
    }

    @Test
    void whatIsRefutedWhenItIsDueIsFinal() throws Exception {
        answered(chain.signedHeader(), digest);
        receipt = refuted();
        now = now.plusSeconds(601);
        watch.prove(Look.DUE);

        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.REFUTED);
    }

    @Test
    void whatIsLongOverdueIsReportedWithoutAnotherLook() throws Exception {
        answered(chain.signedHeader(), digest);
        now = now.plusSeconds(3_600 + 121);
        watch.prove(Look.DUE);

        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.OVERDUE);
        assertThat(looks).hasValue(0);
    }

    /** The pause between two questions about keys that nobody knows begins when the node has answered. */
    @Test
    void aSlowNodeIsNotAskedAgainAtOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        chain.changed = answer -> {
            if (!isAboutAKey(answer)) {
                return answer;
            }
            asked.incrementAndGet();
            now = now.plusSeconds(5);
            return answer.put("result", "0x" + "00".repeat(32));
        };
        for (int i = 0; i < 3; i++) {
            watch.answered(answer(
                    chain.signedHeader().replaceFirst("signed_at=\\d+", "signed_at=" + (chain.signedAt() - i)),
                    digest));
        }
        watch.finishChecks();

        assertThat(asked).hasValue(1);
    }

    @Test
    void aCheckThatIsUnderWayAtTheEndIsReportedToo() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        chain.changed = answer -> {
            reached.countDown();
            try {
                never.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
            return answer;
        };
        watch.answered(answer(chain.signedHeader(), digest));
        assertThat(reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        watch.close();
        never.countDown();

        assertThat(told).extracting(Unproved::reason).containsExactly(Reason.STOPPED);
        assertThat(watch.counts().pending()).isZero();
    }
}
