package openledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import openledger.http.RawClient.Answer;
import openledger.http.RawClient.Manner;
import openledger.routing.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that mean harm or know no better, on raw sockets: never a bug, never a hang, never a key in an answer or a log.
 *
 * <p>Long because each way to be hostile is a test, and all end with the same check.
 */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class HostileInputTest {
    private static final int CASES = 60;
    private static final int AT_ONCE = 8;
    private static final Set<Integer> CIVIL =
            Set.of(200, 400, 401, 404, 405, 408, 409, 413, 414, 415, 422, 429, 431, 503);
    private static final String WRONG_KEY = "sk-wrong-fedcba9876543210";
    private static final List<String> KEYS =
            List.of(RouterUnderTest.KEY, RouterUnderTest.OTHER_KEY, RouterUnderTest.ADMIN_KEY, WRONG_KEY);
    private static final byte[] HELLO = HostileRequests.bytes(ChatApi.body("assistant", true));

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    private final CapturedLog log = new CapturedLog();

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @AfterEach
    void allIsWell() throws InterruptedException {
        ChatApi.await(() -> ChatApi.inFlight() == 0);
        log.close();

        assertThat(ChatApi.chat(ChatApi.body("assistant", false)).statusCode()).isEqualTo(200);
        assertThat(log.text()).doesNotContain(KEYS).doesNotContain("request failed because of a bug");
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void whateverIsDoneToABody(Operation operation) throws Exception {
        List<Callable<Answer>> all = new ArrayList<>();
        for (int seed = 0; seed < CASES; seed++) {
            byte[] body = HostileRequests.mutated(operation, new Random(seed));
            all.add(() -> client().send(HostileRequests.request(operation, "", body)));
        }

        assertCivil(answers(all));
    }

    @Test
    void aHeadThatIsCutOff() throws Exception {
        byte[] whole = HostileRequests.request(Operation.CHAT, "", HELLO);
        List<Callable<Answer>> all = new ArrayList<>();
        for (int seed = 0; seed < CASES; seed++) {
            int length = new Random(seed).nextInt(whole.length);
            all.add(() -> client().send(out -> out.write(whole, 0, length), Manner.HALF_CLOSES));
        }

        assertCivil(answers(all));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: x\r\n",
                "content-length: -1\r\n",
                "content-length: +5\r\n",
                "content-length: 5 5\r\n",
                "content-length: 1e3\r\n",
                "content-length: 99999999999999999999\r\n",
                "content-length: 9223372036854775807\r\n",
                "content-length: 5\r\ncontent-length: 6\r\n",
                "content-length: 5, 6\r\n",
                "content-length: 5\r\ntransfer-encoding: chunked\r\n",
                "transfer-encoding: chunked, chunked\r\n",
                "transfer-encoding: gzip, chunked\r\n",
                "transfer-encoding: \u000bchunked\r\n",
                "transfer-encoding: chunked\r\n\r\nzz\r\n",
                "transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
                "transfer-encoding: chunked\r\n\r\n-5\r\n",
                "transfer-encoding: chunked\r\n\r\n5\r\nhelloX\r\n",
                "content-length : 5\r\n",
                "no colon at all\r\n",
                ": no name\r\n",
                "x\u0000y: z\r\n",
                "x: y\u0000z\r\n",
                " folded: x\r\n",
            })
    void aLengthOrAHeaderThatIsNone(String headers) throws IOException {
        assertCivil(List.of(client().send(HostileRequests.bytes(HostileRequests.head(Operation.CHAT, headers)))));
    }

    @Test
    void headersWithoutBound() throws IOException {
        String large = "x-large: " + "a".repeat(64 << 10) + "\r\n";
        String many =
                IntStream.range(0, 5_000).mapToObj(i -> "x-" + i + ": a\r\n").reduce("", String::concat);

        assertCivil(List.of(
                client().send(HostileRequests.request(Operation.CHAT, large, HELLO)),
                client().send(HostileRequests.request(Operation.CHAT, many, HELLO)),
                client().send(HostileRequests.bytes("GET /" + "a".repeat(64 << 10) + " HTTP/1.1\r\nhost: x\r\n\r\n"))));
    }

    @Test
    void aBodyWithoutEnd() throws Exception {
        String chunked = HostileRequests.head(Operation.CHAT, "transfer-encoding: chunked\r\n");
        byte[] chunk = HostileRequests.bytes("4000\r\n" + " ".repeat(0x4000) + "\r\n");

        Answer answer = client().send(
                        out -> {
                            out.write(HostileRequests.bytes(chunked));
                            for (int i = 0; i < 4_096; i++) {
                                out.write(chunk);
                            }
                        },
                        Manner.WAITS);

        assertCivil(List.of(answer));
        assertThat(answer.status()).isIn(0, 413);
    }

    @Test
    void aBodyThatNeverComes() throws Exception {
        String head = HostileRequests.head(Operation.MESSAGES, "content-length: 1000\r\n");

        Answer silent = client().send(HostileRequests.bytes(head));
        Answer gone = client().send(out -> out.write(HostileRequests.bytes(head + "{")), Manner.HALF_CLOSES);

        assertThat(silent.status()).isEqualTo(408);
        assertCivil(List.of(silent, gone));
    }

    @Test
    void aBodyThatDrips() throws Exception {
        String head = HostileRequests.head(Operation.CHAT, "content-length: 100000\r\n");

        Answer answer = client().send(out -> drip(out, head), Manner.WAITS);

        assertCivil(List.of(answer));
        assertThat(answer.status()).isIn(0, 408);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-request-id",
                "idempotency-key",
                "openledger-mode",
                "openledger-nonce",
                "anthropic-beta",
                "anthropic-version"
            })
    void aHeaderInsideAHeader(String name) throws Exception {
        List<Callable<Answer>> all = new ArrayList<>();
        for (String end : List.of(
                "\r\n", "\n", "\r", "\r\n ", "%0d%0a", "\\r\\n", "\u010d\u010a", "\u2028", "\u0000", "\u0085")) {
            for (Operation operation : List.of(Operation.CHAT, Operation.MESSAGES)) {
                byte[] body = HostileRequests.bytes(HostileRequests.good(operation, new Random(1)));
                String header = name + ": a" + end + "x-injected: yes\r\n";
                all.add(() -> client().send(HostileRequests.request(operation, header, body)));
            }
        }

        List<Answer> answers = answers(all);

        assertCivil(answers);
        assertThat(answers).flatExtracting(Answer::headers).noneMatch(line -> line.startsWith("x-injected"));
    }

    @Test
    void manyRequestsInOneBreath() throws IOException {
        String one = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + RouterUnderTest.KEY
                + "\r\ncontent-length: " + HELLO.length + "\r\n\r\n" + ChatApi.body("assistant", true);
        byte[] last = HostileRequests.request(Operation.CHAT, "", HELLO);

        Answer answer = client().send(
                        out -> {
                            out.write(HostileRequests.bytes(one.repeat(5)));
                            out.write(last);
                        },
                        Manner.WAITS);

        assertThat(answer.statuses()).hasSize(6).containsOnly(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST //v1/chat/completions HTTP/1.1",
                "POST /v1/chat/completions%00 HTTP/1.1",
                "POST /v1/../v1/chat/completions HTTP/1.1",
                "POST /v1/%zz HTTP/1.1",
                "GET /v1/receipts/%ff%fe HTTP/1.1",
                "GET /v1/receipts/..%2f..%2fetc%2fpasswd HTTP/1.1",
                "GET /v1/decisions?limit=%00&limit=99999999999999999999 HTTP/1.1",
                "POST http://127.0.0.1:9/v1/chat/completions HTTP/1.1",
                "PUT /v1/chat/completions HTTP/1.1",
                "GET /v1/chat/completions HTTP/1.0",
                "POST /v1/chat/completions",
                "\u0000\u0001\u0002",
            })
    void aRequestLineThatIsNone(String line) throws IOException {
        String request = line + "\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer " + RouterUnderTest.KEY
                + "\r\ncontent-length: 2\r\n\r\n{}";

        assertCivil(List.of(client().send(HostileRequests.bytes(request))));
    }

    @Test
    void aWrongKeyIsNotRepeated() throws IOException {
        for (String header :
                List.of("authorization: Bearer ", "authorization: ", "x-api-key: ", "authorization: Basic ")) {
            String request = "POST /v1/messages HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + header + WRONG_KEY
                    + "\r\ncontent-length: 2\r\n\r\n{}";

            assertCivil(List.of(client().send(HostileRequests.bytes(request))));
        }
    }

    @Test
    void noRequestSaysWhereAProviderIs() throws IOException {
        try (ServerSocket trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + trap.getLocalPort() + "/v1";
            String headers = "base-url: " + url + "\r\nx-base-url: " + url + "\r\nopenledger-base-url: " + url
                    + "\r\nx-forwarded-host: 127.0.0.1:" + trap.getLocalPort() + "\r\n";
            String body = ChatApi.body("assistant", false).replaceFirst("}$", "");

            for (String member : List.of("base_url", "api_base", "baseURL", "provider", "openledger")) {
                String value = member.equals("openledger") ? "{\"base_url\":\"" + url + "\"}" : "\"" + url + "\"";
                byte[] asked = HostileRequests.bytes(body + ",\"" + member + "\":" + value + "}");
                assertThat(client().send(HostileRequests.request(Operation.CHAT, headers, asked))
                                .status())
                        .isEqualTo(member.equals("openledger") ? 400 : 200);
            }

            trap.setSoTimeout(1);
            assertThatThrownBy(trap::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void drip(OutputStream out, String head) throws IOException {
        out.write(HostileRequests.bytes(head));
        // The router's close ends this; were there none, the bytes would.
        for (int i = 0; i < 100_000; i++) {
            out.write(' ');
            out.flush();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private RawClient client() throws IOException {
        return new RawClient(router);
    }

    private static List<Answer> answers(List<Callable<Answer>> all) throws InterruptedException, ExecutionException {
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : clients.invokeAll(all)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private static void assertCivil(List<Answer> answers) {
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.isHttp()).as(answer.text()).isTrue();
            assertThat(CIVIL).as(answer.text()).containsAll(answer.statuses());
            assertThat(answer.text()).doesNotContain(KEYS);
        });
    }
}
