package openledger.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code openledger probe} against an endpoint that treats twins as a test wants. Long because each way to treat them is a story. */
@Timeout(120)
final class ProbeCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANSWER = """
            {"object":"chat.completion","model":"%s","choices":[{"message":{"role":"assistant","content":"1"}}],
             "usage":{"prompt_tokens":9,"completion_tokens":3}}""";
    private static final String STREAM = """
            data: {"object":"chat.completion.chunk","model":"m-1","choices":[{"delta":{"content":"1"}}]}

            data: [DONE]

            """;

    /** What the endpoint does with a request. */
    private interface Manner {
        void answer(HttpExchange exchange, JsonNode body, int number) throws IOException;
    }

    private record Ran(int code, String out, String err) {}

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<JsonNode> bodies = new ConcurrentLinkedQueue<>();
    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private HttpServer server;
    private Manner manner = (exchange, body, number) -> answer(exchange, 200, String.format(ANSWER, "m-1"));

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            bodies.add(body);
            keys.add(exchange.getRequestHeaders().getFirst("authorization"));
            manner.answer(exchange, body, count.incrementAndGet());
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("openledger-attempts", "1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Ran run(String typed, String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(
                List.of("http://127.0.0.1:" + server.getAddress().getPort() + "/v1", "--model", "m"));
        List<String> given = List.of(options);
        if (!given.contains("--rate")) {
            arguments.addAll(List.of("--rate", "100"));
        }
        if (!given.contains("--at-once")) {
            arguments.addAll(List.of("--at-once", "32"));
        }
        arguments.addAll(given);
        int code = new CommandLine(new ProbeCommand(
                        Map.of("A", "sk-secret-a", "B", "sk-secret-b")::get,
                        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8))))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void saysNothingFoundOfAnEndpointThatTreatsTwinsAlike() {
        // Of a longer prompt the time is not tested, so chance has no part in it.
        Ran ran = run("", "--key-env", "A", "--vary", "prompt", "--difference", "20", "--yes");

        assertThat(ran.code).as(ran.out + ran.err).isZero();
        assertThat(ran.out)
                .contains("Twins differ in the prompt")
                .contains("pairs for a power of 80 %")
                .contains("NOTHING FOUND");
        assertThat(keys).hasSize(bodies.size()).containsOnly("Bearer sk-secret-a");
        assertThat(ran.out + ran.err).doesNotContain("sk-secret");
        // No two are the same, or a router that joins equal requests would answer one of them.
        assertThat(new HashSet<>(bodies)).hasSize(bodies.size());
    }

    @Test
    void findsAKeyThatIsRefusedMoreOften() {
        AtomicInteger second = new AtomicInteger();
        manner = (exchange, body, number) -> {
            boolean isSecond =
                    "Bearer sk-secret-b".equals(exchange.getRequestHeaders().getFirst("authorization"));
            boolean refuses = isSecond && second.incrementAndGet() % 3 == 0;
            answer(exchange, refuses ? 429 : 200, refuses ? "{}" : String.format(ANSWER, "m-1"));
        };

        Ran ran = run("", "--key-env", "A,B", "--vary", "key", "--pairs", "90", "--yes");

        assertThat(ran.code).as(ran.out + ran.err).isEqualTo(1);
        assertThat(ran.out)
                .contains("UNEQUAL")
                .contains("30 × status 429")
                .contains("Refused: 0 of the first twins, 30 of the second");
        assertThat(keys).containsOnly("Bearer sk-secret-a", "Bearer sk-secret-b");
        assertThat(ran.out + ran.err).doesNotContain("sk-secret");
    }

    @Test
    void findsAnotherModelForAUser() throws IOException {
        manner = (exchange, body, number) -> answer(
                exchange, 200, String.format(ANSWER, body.path("user").asText().equals("poor") ? "m-small" : "m-1"));

        Ran ran = run("", "--key-env", "A", "--vary", "user=rich,poor", "--pairs", "40", "--yes", "--json");

        assertThat(ran.code).isEqualTo(1);
        JsonNode json = JSON.readTree(ran.out);
        assertThat(json.path("conclusion").asText()).isEqualTo("unequal");
        assertThat(json.path("tests").get(1).path("outcome").asText()).isEqualTo("model");
        assertThat(Math.abs(json.path("tests").get(1).path("effect").asDouble()))
                .isEqualTo(1);
    }

    @Test
    void neverSaysThatNothingDiffersWithTooFewPairs() {
        Ran ran = run("", "--key-env", "A", "--vary", "prompt", "--pairs", "20", "--yes");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out).contains("NOT ENOUGH TO TELL").doesNotContain("NOTHING FOUND");
    }

    @Test
    void sendsNothingWithoutAYesOrBeyondTheTokensAllowed() {
        assertThat(run("n\n", "--key-env", "A", "--vary", "nothing").code).isEqualTo(2);
        assertThat(run("", "--key-env", "A", "--vary", "nothing").err).contains("Nothing was sent");
        Ran dear = run("y\n", "--key-env", "A", "--vary", "nothing", "--most-tokens", "100");
        assertThat(dear.err).contains("more than --most-tokens");
        assertThat(bodies).isEmpty();
        assertThat(run("y\n", "--key-env", "A", "--vary", "nothing", "--pairs", "3").out)
                .contains("3 pairs");
        assertThat(bodies).hasSize(6);
    }

    @Test
    void streamsTheSecondAndTakesABrokenStreamForARefusal() {
        manner = (exchange, body, number) -> {
            if (body.path("stream").asBoolean()) {
                answer(exchange, 200, number % 4 < 2 ? STREAM : STREAM.replace("data: [DONE]\n", ""));
            } else {
                answer(exchange, 200, String.format(ANSWER, "m-1"));
            }
        };

        Ran ran = run("", "--key-env", "A", "--vary", "stream", "--pairs", "40", "--yes");

        assertThat(ran.code).isEqualTo(1);
        assertThat(ran.out).contains("× an answer that is none").doesNotContain("tokens of the answer");
    }

    @Test
    void sendsTheSecondAfterTheFirstIfPositionIsTested() {
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        manner = (exchange, body, number) -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            answer(exchange, 200, String.format(ANSWER, "m-1"));
            inFlight.decrementAndGet();
        };

        run("", "--key-env", "A", "--vary", "position", "--pairs", "5", "--at-once", "1", "--yes");

        assertThat(bodies).hasSize(10);
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void givesUpAnEndpointThatAnswersNothing() {
        manner = (exchange, body, number) -> answer(exchange, 401, "{}");

        Ran ran = run("", "--key-env", "A", "--vary", "nothing", "--at-once", "1", "--yes");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("answers none of 10 pairs").contains("status 401");
        assertThat(bodies.size()).isLessThanOrEqualTo(22);
    }

    @Test
    void boundsTimeAndSizeOfAnAnswer() {
        manner = (exchange, body, number) -> {
            if (number % 2 == 0) {
                answer(exchange, 200, " ".repeat(2 << 20));
            } else if (number % 3 == 0) {
                try {
                    Thread.sleep(3_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.close();
            } else {
                answer(exchange, 200, String.format(ANSWER, "\\u001b[2Jm"));
            }
        };

        Ran ran = run("", "--key-env", "A", "--vary", "nothing", "--pairs", "12", "--timeout", "1s", "--yes");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.out)
                .contains("× no answer, or one that is too large")
                .contains("× no whole answer in time")
                .doesNotContain("\u001b");
    }

    @Test
    void beginsNoPairAfterItsTime() {
        Ran ran = run(
                "", "--key-env", "A", "--vary", "nothing", "--pairs", "1000", "--rate", "5", "--for", "1s", "--yes");

        assertThat(ran.code).isEqualTo(2);
        assertThat(bodies.size()).isBetween(2, 30);
    }

    @Test
    void explainsWrongOptions() {
        assertThat(run("", "--key-env", "A", "--vary", "colour").err).contains("--vary must be");
        assertThat(run("", "--key-env", "A", "--vary", "key").err).contains("needs two variables");
        assertThat(run("", "--key-env", "A,B", "--vary", "nothing").err).contains("names one variable");
        assertThat(run("", "--key-env", "C", "--vary", "nothing").err).contains("C does not");
        assertThat(run("", "--key-env", "A", "--vary", "nothing", "--difference", "96").err)
                .contains("under 100");
        assertThat(run("", "--key-env", "A", "--vary", "nothing", "--rate", "0").err)
                .contains("--rate");
        assertThat(run("", "--key-env", "A", "--vary", "header:x=a").err).contains("--vary must be");
        assertThat(bodies).isEmpty();
    }
}
