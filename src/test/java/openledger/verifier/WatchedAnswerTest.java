package openledger.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are watched, and where their receipts are. */
final class WatchedAnswerTest {
    private final HttpServer router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile int status = 200;

    WatchedAnswerTest() throws IOException {
        router.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("openledger-request", "a name");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        router.start();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        router.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, /v1/receipts/",
        "/base/v1/messages/count_tokens, /base/v1/receipts/",
        "/v1//chat/completions/, /v1/receipts/",
        "/v1/%63hat/completion%73, /v1/receipts/",
        "/x/../v1/./embeddings, /v1/receipts/",
        "/%2e%2E/a%20b//v1/responses, /a%20b/v1/receipts/",
    })
    void anInferenceIsKnownHoweverItIsSpelled(String path, String receipts) {
        assertThat(WatchedAnswer.receipts(path)).contains(receipts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/chat%2Fcompletions", "/v1/chat/completions/x", "", "/", "/../.."})
    void nothingElseIsOne(String path) {
        assertThat(WatchedAnswer.receipts(path)).isEmpty();
    }

    private Optional<WatchedAnswer> answer(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + router.getAddress().getPort() + path))
                .header("authorization", "Bearer a key")
                .POST(BodyPublishers.noBody())
                .build();
        return WatchedAnswer.of(request, new byte[0], client.send(request, BodyHandlers.discarding()));
    }

    /** Whoever reads receipts sends the caller's credentials along. */
    @ParameterizedTest
    @ValueSource(strings = {"//127.0.0.1:1/../v1/chat/completions", "//elsewhere.example/v1/chat/completions"})
    void receiptsAreAtTheRouterWhateverTheCallersPath(String path) throws IOException, InterruptedException {
        assertThat(answer(path).orElseThrow().receipts().toString())
                .startsWith("http://127.0.0.1:" + router.getAddress().getPort() + "/")
                .endsWith("/v1/receipts/");
    }

    @Test
    void anAnswerWithARequestsNameIsOfAnInferenceWhateverThePath() throws IOException, InterruptedException {
        WatchedAnswer unasked = answer("/v1/new-operation").orElseThrow();

        assertThat(unasked.headers().promise()).isEmpty();
        assertThat(unasked.headers().request()).contains("a name");
        assertThat(unasked.credentials()).isEmpty();
        status = 400;
        assertThat(answer("/v1/new-operation")).isEmpty();
    }
}
