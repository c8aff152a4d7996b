package openledger.cli.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code openledger health} makes of routers, of others at that port, and of silence. */
@Timeout(20)
final class HealthCommandTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK\\r\\n | 0 | ready: the router at 127.0.0.1, port",
                "HTTP/1.1 200\\r\\n | 0 | ready: the router at",
                "HTTP/1.1 503 Service Unavailable\\r\\n | 1 | takes no requests",
                "HTTP/1.1 404 Not Found\\r\\n | 1 | answers 404 to GET /q/health/ready",
                "HTTP/1.1 302 Found\\r\\nLocation: http://127.0.0.1/\\r\\n | 1 | answers 302",
                "HTTP/2 200 OK\\r\\n | 1 | does not speak HTTP/1.1",
                "HTTP/1.1 2000 OK\\r\\n | 1 | does not speak HTTP/1.1",
                "SSH-2.0-OpenSSH\\r\\n | 1 | does not speak HTTP/1.1",
                "'' | 1 | does not speak HTTP/1.1",
            })
    void theStatusDecides(String answer, int code, String words) throws IOException {
        try (Answering router = Answering.with(answer.replace("\\r", "\r").replace("\\n", "\n"), Duration.ZERO)) {
            Ran ran = run("--port", String.valueOf(router.port()));

            assertThat(ran.code).isEqualTo(code);
            assertThat(ran.printed.lines()).singleElement().asString().contains(words);
        }
    }

    @Test
    void nobodyListening() throws IOException {
        int free;
        try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
            free = closed.getLocalPort();
        }

        Ran ran = run("--port", String.valueOf(free));

        assertThat(ran.code).isOne();
        assertThat(ran.printed).contains("nothing listens at 127.0.0.1, port " + free);
    }

    @Test
    void aRouterThatSaysNothingIsNotReadyInTime() throws IOException {
        // Connections are taken by the system; nobody reads them.
        try (ServerSocket silent = new ServerSocket(0, 5, LOOPBACK)) {
            long start = System.nanoTime();
            Ran ran = run("--port", String.valueOf(silent.getLocalPort()), "--timeout-ms", "150");

            assertThat(ran.code).isOne();
            assertThat(ran.printed).contains("no answer").contains("within 150 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void bytesNowAndThenDoNotStretchTheTime() throws IOException {
        try (Answering slow = Answering.with("HTTP/1.1 200 OK\r\n", Duration.ofMillis(100))) {
            Ran ran = run("--port", String.valueOf(slow.port()), "--timeout-ms", "400");

            assertThat(ran.code).isOne();
            assertThat(ran.printed).contains("within 400 ms");
        }
    }

    @Test
    void aLineWithoutEndIsNotReadForEver() throws IOException {
        try (Answering endless = Answering.with("x".repeat(100_000), Duration.ZERO)) {
            assertThat(run("--port", String.valueOf(endless.port())).printed).contains("does not speak HTTP/1.1");
        }
    }

    private static Ran run(String... arguments) {
        StringWriter printed = new StringWriter();
        PrintWriter both = new PrintWriter(printed);
        int code =
                new CommandLine(new HealthCommand()).setOut(both).setErr(both).execute(arguments);
        return new Ran(code, printed.toString());
    }

    private record Ran(int code, String printed) {}

    /** Answers every connection with the same bytes, with a pause before each if there is one. */
    private record Answering(ServerSocket server, Thread thread) implements AutoCloseable {
        static Answering with(String answer, Duration pause) throws IOException {
            ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        answer(server, answer.getBytes(StandardCharsets.US_ASCII), pause);
                    }
                } catch (IOException | InterruptedException e) {
                    // It was closed.
                }
            });
            return new Answering(server, thread);
        }

        private static void answer(ServerSocket server, byte[] answer, Duration pause)
                throws IOException, InterruptedException {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[1_024]);
                if (pause.isZero()) {
                    socket.getOutputStream().write(answer);
                    return;
                }
                for (byte one : answer) {
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                    socket.getOutputStream().write(one);
                }
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
            thread.interrupt();
        }
    }
}
