package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import openledger.settlement.log.LogArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bucket whose service answers as it likes. */
final class S3ArchiveTest {
    private static final byte[] SOME = "some".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "secret-of-the-bucket");

    private final Queue<Integer> statuses = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private LogArchive archive;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        archive = new ArchiveAddress("s3://audit/log", Optional.of(endpoint), Optional.empty()).open(KEYS::get);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        var headers = exchange.getRequestHeaders();
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body.length
                + (headers.containsKey("if-none-match") ? " none" + headers.getFirst("if-none-match") : "")
                + (headers.containsKey("if-match") ? " " + headers.getFirst("if-match") : ""));
        assertThat(headers.getFirst("x-amz-content-sha256")).isEqualTo(SignatureV4.sha256(body));
        assertThat(headers.getFirst("authorization"))
                .contains("AKIDEXAMPLE/")
                .containsPattern("SignedHeaders=host;(if-(none-)?match;)?x-amz-content-sha256;x-amz-date,");
        exchange.getResponseHeaders().add("location", "/audit/log/elsewhere");
        exchange.getResponseHeaders().add("etag", "\"e1\"");
        int status = statuses.isEmpty() ? 200 : statuses.remove();
        exchange.sendResponseHeaders(status, SOME.length);
        exchange.getResponseBody().write(SOME);
        exchange.close();
    }

    @Test
    void asksByThePathOfTheBucket() throws IOException {
        assertThat(archive.write("7/batch/001", Optional.empty(), new byte[9])).isTrue();
        assertThat(archive.read("7/batch/001", 4)).contains(SOME);
        statuses.add(404);
        assertThat(archive.read("7/batch/002", 4)).isEmpty();

        assertThat(asked)
                .containsExactly(
                        "PUT /audit/log/7/batch/001 9 none*",
                        "GET /audit/log/7/batch/001 0",
                        "GET /audit/log/7/batch/002 0");
    }

    /** The service looks and writes at once. */
    @Test
    void whatSomebodyElseHasWrittenStays() throws IOException {
        for (int status : List.of(412, 409)) {
            statuses.add(status);
            assertThat(archive.write("7/batch/001", Optional.empty(), SOME)).isFalse();
            statuses.addAll(List.of(200, status));
            assertThat(archive.write("7/exported", Optional.of(SOME), new byte[3]))
                    .isFalse();
        }
        assertThat(archive.write("7/exported", Optional.of(SOME), new byte[3])).isTrue();
        assertThat(asked).contains("PUT /audit/log/7/batch/001 4 none*").endsWith("PUT /audit/log/7/exported 3 \"e1\"");
        asked.clear();

        assertThat(archive.write("7/exported", Optional.of(new byte[4]), new byte[3]))
                .isFalse();
        statuses.add(404);
        assertThat(archive.write("7/exported", Optional.of(SOME), new byte[3])).isFalse();
        assertThat(asked).allMatch(request -> request.startsWith("GET"));
    }

    @Test
    void aServiceWithoutConditionsIsWrittenToWithoutOne() throws IOException {
        statuses.add(501);
        assertThat(archive.write("7/batch/001", Optional.empty(), SOME)).isTrue();
        assertThat(asked).containsExactly("PUT /audit/log/7/batch/001 4 none*", "PUT /audit/log/7/batch/001 4");
    }

    @Test
    void asksAgainOfAServiceInTrouble() throws IOException {
        statuses.addAll(List.of(503, 500, 200));
        archive.write("7/exported", Optional.empty(), SOME);
        statuses.addAll(List.of(429, 404));
        assertThat(archive.read("7/exported", 4)).isEmpty();
        statuses.addAll(List.of(503, 503, 503));
        assertThatThrownBy(() -> archive.read("7/exported", 4)).hasMessageContaining("status 503");

        assertThat(asked).hasSize(8);
    }

    @Test
    void aRefusalIsNoObject() {
        for (int status : List.of(301, 307, 400, 401, 403)) {
            statuses.add(status);
            assertThatThrownBy(() -> archive.read("7/exported", 4))
                    .hasMessageContaining("status " + status)
                    .hasMessageNotContaining("secret-of");
            statuses.add(status);
            assertThatThrownBy(() -> archive.write("7/exported", Optional.empty(), SOME))
                    .hasMessageContaining("status " + status);
        }
        assertThat(asked).hasSize(10);
    }

    @Test
    void takesNoMoreThanIsAsked() {
        assertThatThrownBy(() -> archive.read("7/exported", 3)).hasMessageContaining("longer than 3 bytes");
    }

    @Test
    void aServiceThatIsAwayIsSaid() {
        server.stop(0);
        assertThatThrownBy(() -> archive.read("7/exported", 4))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("7/exported of the bucket");
    }
}
