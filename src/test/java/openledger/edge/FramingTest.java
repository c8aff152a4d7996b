package openledger.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let through to the HTTP parser of a real server, and what is answered before. */
final class FramingTest {
    private static final int CASES = 400;

    private GuardedServer server;

    @BeforeEach
    void listen() {
        server = new GuardedServer(GuardedServer.WIDE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRequestWithOneFaultIsRefusedAndTheConnectionClosed() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            String request = FramingFaults.one(random);
            byte[] octets = request.getBytes(StandardCharsets.ISO_8859_1);
            try (Wire wire = new Wire(server.port())) {
                String answer = wire.send(octets, random.nextBoolean() ? octets.length : 1 + random.nextInt(40))
                        .readToEnd();

                assertThat(answer).as("seed %d: %s", seed, request).startsWith("HTTP/1.1 400 Bad Request\r\n");
                assertThat(answer)
                        .contains("urn:openledger:problem:invalid-head")
                        .contains("connection: close");
            }
        }
        assertThat(server.reached()).isEmpty();
    }

    @Test
    void aTargetThatIsNotInItsPlainFormIsRefused() throws IOException {
        for (String target : FramingFaults.TARGETS) {
            try (Wire wire = new Wire(server.port())) {
                String answer = wire.send("GET " + target + " HTTP/1.1\r\nhost: a\r\n\r\n")
                        .readToEnd();

                assertThat(answer).as(target).startsWith("HTTP/1.1 400 ");
            }
        }
        assertThat(server.reached()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/chat/completions",
                "/v1/receipts/0000?format=signed&x=%2F..%2f",
                "/v1/models/org%2Fmodel-1.0_x~y",
                "/v1/models/a/b",
                "/v1/models/%C3%A9t%C3%A9",
                "/a...b/.c/..d",
                "/a:b@c!$&'()*+,=d",
                "/a%20b",
                "/a?b[c]={d}|e^f`g\"h<i>j\\k//..;",
            })
    void aPlainTargetIsLetThrough(String target) throws IOException {
        try (Wire wire = new Wire(server.port())) {
            String answer = wire.send("GET " + target + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                    .readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 200 OK");
        }
        assertThat(server.reached()).containsExactly("GET " + target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: A.example:8080\r\n",
                "HOST:\t[::1]:80 \r\n",
                "host: x_y-z\r\n"
                        + "accept: a\r\n"
                        + "accept: b\r\n"
                        + "Connection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\n"
                        + "HTTP2-Settings: AA\r\n",
                "host: a\r\nx-utf8: gr\u00fc\u00df\r\nempty:\r\n!#$%&'*+-.^_`|~: x\r\nCookies: 1\r\n",
            })
    void headersThatAreRightAreLetThrough(String headers) throws IOException {
        try (Wire wire = new Wire(server.port())) {
            String answer = wire.send("\r\nPOST /x HTTP/1.1\r\n" + headers + "content-length: 2\r\n\r\n{}")
                    .readUntil("{}");

            assertThat(answer).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void requestsInAnyPiecesAreReadAsSent() throws IOException {
        for (int seed = 0; seed < CASES / 4; seed++) {
            Random random = new Random(seed);
            StringBuilder all = new StringBuilder();
            List<String> bodies = new ArrayList<>();
            int requests = 1 + random.nextInt(5);
            for (int i = 0; i < requests; i++) {
                String body = "<" + "b".repeat(random.nextInt(300)) + i + ">";
                bodies.add(body);
                all.append("POST /x HTTP/1.1\r\nhost: a\r\n").append(i == requests - 1 ? "connection: close\r\n" : "");
                all.append(
                        random.nextBoolean()
                                ? "content-length: " + body.length() + "\r\n\r\n" + body
                                : chunked(body, random));
            }
            byte[] octets = all.toString().getBytes(StandardCharsets.ISO_8859_1);
            try (Wire wire = new Wire(server.port())) {
                String answer =
                        wire.send(octets, 1 + random.nextInt(octets.length)).readToEnd();

                assertThat(answer.split("HTTP/1.1 200 OK", -1))
                        .as("seed %d", seed)
                        .hasSize(requests + 1);
                assertThat(answer).contains(bodies);
            }
        }
    }

    private static String chunked(String body, Random random) {
        StringBuilder all = new StringBuilder("transfer-encoding: chunked\r\n\r\n");
        for (int at = 0; at < body.length(); ) {
            int length = Math.min(1 + random.nextInt(40), body.length() - at);
            String size = Integer.toHexString(length);
            all.append(random.nextBoolean() ? size : "00" + size.toUpperCase(java.util.Locale.ROOT))
                    .append(random.nextInt(4) == 0 ? ";a=\"b;c\"" : "")
                    .append("\r\n")
                    .append(body, at, at + length)
                    .append("\r\n");
            at += length;
        }
        return all.append("0\r\n")
                .append(random.nextBoolean() ? "x-sum: 1\r\n" : "")
                .append("\r\n")
                .toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n",
                "\r\n",
                "-5\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                " 5\r\nhello\r\n0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\rhello\r\n0\r\n\r\n",
                "5\r\nhelloX\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "FFFFFFFFF\r\n",
                "5;a\u0000\r\nhello\r\n",
                "5;a\nb\r\nhello\r\n",
                "0\r\nhost: b\r\n\r\n",
                "0\r\ncontent-length: 5\r\n\r\n",
                "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "0\r\nno colon\r\n\r\n",
                "0\r\n folded: x\r\n\r\n",
                "0\r\nx: y\n\r\n",
                "0\r\n\n",
            })
    void chunksThatCouldBeReadInTwoWaysAreRefused(String body) throws IOException {
        try (Wire wire = new Wire(server.port())) {
            String answer = wire.send("POST /x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" + body)
                    .readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void aFaultWaitsForTheAnswersBeforeIt() throws IOException {
        try (Wire wire = new Wire(server.port())) {
            String good = "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\n";

            String answer = wire.send(good + "one" + good + "two" + "GET //x HTTP/1.1\r\nhost: a\r\n\r\n")
                    .readToEnd();

            assertThat(answer).containsSubsequence("200 OK", "one", "200 OK", "two", "400 Bad Request");
        }
    }

    @Test
    void theHeadOfHttp2IsRefused() throws IOException {
        try (Wire wire = new Wire(server.port())) {
            String answer = wire.send(
                            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000")
                    .readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aHeadWithoutBoundIsRefused() throws IOException {
        String large = "x: " + "a".repeat(17 << 10);
        String many = "x: a\r\n".repeat(4_000);

        assertThat(answer("GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(answer("GET /" + "a".repeat(50_000))).startsWith("HTTP/1.1 414 ");
        assertThat(answer("GET / HTTP/1.1\r\nhost: a\r\n" + large + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(answer("GET / HTTP/1.1\r\nhost: a\r\n" + large)).startsWith("HTTP/1.1 431 ");
        assertThat(answer("GET / HTTP/1.1\r\nhost: a\r\n" + many)).startsWith("HTTP/1.1 431 ");
        assertThat(server.reached()).isEmpty();
    }

    private String answer(String request) throws IOException {
        try (Wire wire = new Wire(server.port())) {
            return wire.send(request).readToEnd();
        }
    }
}
