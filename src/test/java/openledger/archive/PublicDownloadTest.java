package openledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import openledger.archive.PublicDownload.NotThere;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PublicDownloadTest {
    private HttpServer server;
    private PublicDownload download;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean known = "Bearer key".equals(exchange.getRequestHeaders().getFirst("authorization"));
            int status = switch (exchange.getRequestURI().getPath()) {
                case "/there" -> known ? 200 : 401;
                case "/moved" -> 302;
                default -> 404;
            };
            exchange.getResponseHeaders().add("location", "/there");
            exchange.sendResponseHeaders(status, 8);
            exchange.getResponseBody().write("12345678".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        download = new PublicDownload(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "key");
    }

    @AfterEach
    void stop() {
        download.close();
        server.stop(0);
    }

    @Test
    void bringsWhatIsThereAndNoMoreThanAsked() throws IOException, InterruptedException {
        assertThat(download.get("/there", 8)).hasSize(8);
        assertThatThrownBy(() -> download.get("/there", 7))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/there cannot be downloaded");
    }

    /** Each piece comes soon after the one before, and the whole never does. */
    @Test
    void anAnswerThatTricklesIsGivenUp() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/trickle", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (!over.await(20, TimeUnit.MILLISECONDS)) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        PublicDownload hasty = new PublicDownload(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                Optional.of("key"),
                Duration.ofSeconds(1));

        assertThatThrownBy(() -> hasty.get("/trickle", 1 << 20)).hasMessageContaining("did not arrive within 1 s");
        hasty.close();
        over.countDown();
    }

    @Test
    void tellsWhatIsNotThereAndFollowsNobody() {
        assertThatThrownBy(() -> download.get("/elsewhere", 8)).isInstanceOf(NotThere.class);
        assertThatThrownBy(() -> download.get("/moved", 8)).hasMessageContaining("status 302");
    }
}
