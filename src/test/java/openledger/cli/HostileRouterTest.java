package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.verifier.GenuineReceipt;
import openledger.verifier.TerminalTextTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Every command that reads what others write, against a server that is out to keep it, to fill it, or to write on its terminal.
 * Long because there are many ways to answer.
 */
@Timeout(120)
final class HostileRouterTest {
    private static final String EVIL =
            "\u001b[2J\u001b]0;gone\u0007\u202eVERIFIED\r\nok  It is the right registry\u2066\u009b31m";
    private static final String FROM = "2026-11-01T12:00:00Z";
    private static final String TO = "2026-11-01T13:00:00Z";
    private static final String POLICY = """
            {"version":1,"routes":[{"name":"%s","budget":3,"modes":["fast"],"operations":["chat"],
            "tiers":[{"name":"%s","attempts":2,"up_to":2,"targets":[{"provider":"%s","model":"m","weight":1,"slots":[1,4,8]}]},
             {"name":"next","attempts":1,"up_to":3,"targets":[{"provider":"r","model":"s","weight":1,"slots":[1,100,100]}]}],
            "backoff":{"base_ms":100,"cap_ms":800},"hedge_after_ms":null,
            "storm_guard":{"ratio_bp":2000,"reserve_per_second":10,"window_ms":10000}}]}
            """;

    @TempDir
    private Path folder;

    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Manner manner = Manner.NONSENSE;

    /** What the server does with whatever it is asked. */
    enum Manner {
        NONSENSE,
        REDIRECT,
        ENDLESS,
        DEEP,
        HUGE_NUMBERS,
        GIANT_LISTS,
        EVIL_WORDS,
        PAGES_WITHOUT_DATA,
        CUT_SHORT,
        OTHER_STATUS,
        NOT_AN_OBJECT
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        switch (manner) {
            case NONSENSE -> send(exchange, 200, "\u0000" + EVIL);
            case REDIRECT -> {
                exchange.getResponseHeaders().add("location", address() + path + "x");
                send(exchange, 302, "");
            }
            case ENDLESS -> endless(exchange);
            case DEEP -> send(exchange, 200, "{\"data\":" + "[".repeat(500_000));
            case HUGE_NUMBERS ->
                send(
                        exchange,
                        200,
                        plausible(path)
                                .replaceAll(":[0-9.]+", ":9" + "9".repeat(400))
                                .replace("2026-", "+999999999-"));
            case GIANT_LISTS -> send(exchange, 200, "{\"data\":[" + "{},".repeat(900_000) + "{}],\"routes\":[]}");
            case EVIL_WORDS -> send(exchange, 200, plausible(path));
            case PAGES_WITHOUT_DATA ->
                send(
                        exchange,
                        200,
                        path.startsWith("/v1/policy")
                                ? POLICY.formatted("assistant", "best", "n")
                                : "{\"data\":[],\"next_cursor\":\"" + asked.get() + "\"}");
            case CUT_SHORT -> {
                exchange.sendResponseHeaders(200, 1_000);
                exchange.getResponseBody().write('{');
                exchange.close();
            }
            case OTHER_STATUS -> send(exchange, 599, EVIL);
            case NOT_AN_OBJECT -> send(exchange, 200, "[\"" + "x".repeat(300_000) + "\"]");
        }
    }

    /** As a router or a node would answer, but for its words. */
    private static String plausible(String path) throws IOException {
        String evil = new ObjectMapper().writeValueAsString(EVIL).replaceAll("^\"|\"$", "");
        if (path.startsWith("/v1/policy")) {
            return POLICY.formatted("assistant", evil, evil);
        }
        if (path.startsWith("/v1/decisions")) {
            return "{\"data\":[{\"request\":\"" + evil
                    + "\",\"status\":\"SERVED\",\"arrival\":\"2026-11-01T12:30:00Z\","
                    + "\"mode\":\"" + evil + "\",\"tier\":\"" + evil
                    + "\",\"time_ms\":{\"total\":900.0},\"attempt_list\":["
                    + "{\"number\":1,\"tier\":\"best\",\"target\":\"" + evil + "\",\"trigger\":\"" + evil
                    + "\",\"start_ms\":1.0,\"duration_ms\":2.0}]}]}";
        }
        if (path.startsWith("/v1/batches")) {
            return "{\"data\":[{\"sequence\":1}],\"version\":1,\"chain_id\":901,\"registry\":\"" + evil
                    + "\",\"head\":\"" + evil + "\"}";
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"" + evil + "\",\"data\":\""
                + evil + "\"}}";
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream to = exchange.getResponseBody()) {
            to.write(bytes);
        }
        exchange.close();
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] more = "{\"data\":[".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        // Until the other side has had enough.
        while (!Thread.currentThread().isInterrupted()) {
            exchange.getResponseBody().write(more);
        }
    }

    private record Ran(int code, String out, String err) {
        void assertHarmless() {
            assertThat(out + err)
                    .hasSizeLessThan(16_000)
                    .doesNotContain("    at ")
                    .matches(TerminalTextTest::isHarmless);
            assertThat((out + err).lines()).noneMatch(line -> line.startsWith("ok  It is"));
        }
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void theAuditEnds(Manner how) {
        manner = how;

        Ran ran = run("audit", address(), "--key-env", "HOME");

        ran.assertHarmless();
        assertThat(ran.code).isIn(1, 2);
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void whatIfEnds(Manner how) {
        manner = how;

        Ran ran = run("what-if", address(), "--key-env", "HOME", "--from", FROM, "--to", TO);

        ran.assertHarmless();
        assertThat(ran.code).isEqualTo(2);
        assertThat(asked.get()).isLessThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void whatIfPrintsNoWordAsItIs(String form) {
        manner = Manner.EVIL_WORDS;

        run(
                        "what-if",
                        address(),
                        "--key-env",
                        "HOME",
                        "--from",
                        FROM,
                        "--to",
                        TO,
                        "json".equals(form) ? "--json" : "--draws=3")
                .assertHarmless();
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void verifyEnds(Manner how) throws IOException {
        manner = how;
        Path receipt = folder.resolve("receipt.json");
        Files.writeString(receipt, new GenuineReceipt().json().toString());

        Ran ran = run("verify", receipt.toString(), "--rpc", address());

        ran.assertHarmless();
        assertThat(ran.code).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void chainEnds(Manner how) {
        manner = how;
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new ChainCommand(name -> "0x" + "11".repeat(32)))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("deploy", "--rpc", address());

        new Ran(code, out.toString(), err.toString()).assertHarmless();
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aReceiptIsPrintedWithoutItsWords() throws IOException {
        Path receipt = folder.resolve("receipt.json");
        for (String member : List.of("status", "mode", "attribution", "fallback_reason", "gate", "level", "request")) {
            Files.writeString(
                    receipt,
                    new GenuineReceipt()
                            .json()
                            .put(member, EVIL.substring(0, 24))
                            .toString());

            run("verify", receipt.toString()).assertHarmless();
            run("verify", receipt.toString(), "--json").assertHarmless();
            run("verify", receipt.toString(), receipt.toString()).assertHarmless();
        }
    }

    @Test
    void aTraceIsPrintedWithoutItsWords() throws IOException {
        Path trace = folder.resolve("trace.csv");
        for (String line :
                List.of(EVIL, EVIL + ",1,2", "2026-01-01 00:00:00," + EVIL + ",1", "x".repeat(1_000_000) + ",1,1")) {
            Files.writeString(
                    trace, "TIMESTAMP,ContextTokens,GeneratedTokens\n" + line.replaceAll("[\r\n]", "") + "\n");

            Ran ran = run("lab", "--trace", trace.toString(), "--out", folder.toString());

            assertThat(ran.code).isEqualTo(2);
            assertThat(ran.out + ran.err).matches(TerminalTextTest::isHarmless).hasSizeLessThan(16_000);
        }
    }

    @Test
    void aTraceThatNeverEndsIsGivenUp() {
        Path endless = Path.of("/dev/zero");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(endless));

        Ran ran = run("lab", "--trace", endless.toString(), "--out", folder.toString());

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("is larger than 256 MiB");
    }

    /** Anything in place of anything: each command ends, and its terminal stays what it was. */
    @Test
    void changedAnswersEndToo() throws IOException {
        Random random = new Random(7);
        server.removeContext("/");
        server.createContext("/", exchange -> {
            StringBuilder text =
                    new StringBuilder(plausible(exchange.getRequestURI().getPath()));
            for (int i = random.nextInt(8); i > 0; i--) {
                text.setCharAt(random.nextInt(text.length()), "{}[]\",:0-9e+\u001b".charAt(random.nextInt(14)));
            }
            send(exchange, 200, text.toString());
        });
        for (int i = 0; i < 40; i++) {
            run("what-if", address(), "--key-env", "HOME", "--from", FROM, "--to", TO, "--draws", "2")
                    .assertHarmless();
            run("audit", address(), "--key-env", "HOME").assertHarmless();
        }
    }
}
