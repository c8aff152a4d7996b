package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import openledger.http.ChatApi;
import openledger.inference.TurnedClock;
import openledger.inference.upstream.UpstreamAnswer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that read slowly or not at all, on real sockets, with a clock that the test turns. */
final class BackPressureTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** More than the sockets between client and server hold. */
    private static final int LARGE = 32 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final TurnedClock clock = new TurnedClock();
    private final Answer answer = new Answer();
    private final CompletableFuture<Context> loop = new CompletableFuture<>();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    /** How an answer is written. */
    enum Way {
        IN_PIECES,
        AS_ONE_PIECE,
        AS_ITS_END
    }

    @AfterEach
    void stop() throws ExecutionException, InterruptedException, TimeoutException {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aClientThatTakesNothingIsCutOffAndTheProviderIsPausedMeanwhile(Way way) throws Exception {
        try (Socket client = ask(serve(pressure -> write(pressure, way)))) {
            Context context = loop.get(10, TimeUnit.SECONDS);
            ChatApi.await(() -> pending(context) == 1);
            assertThat(answer.paused).isEqualTo(way != Way.AS_ITS_END);

            // What the sockets between them still take counts as read.
            ChatApi.await(() -> {
                onLoop(context, () -> clock.advance(LONGEST));
                return closed.isDone();
            });

            assertThat(client.isClosed()).isFalse();
            assertThat(pending(context)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aClientThatReadsGetsEveryByteInOrder(Way way) throws Exception {
        try (Socket client = ask(serve(pressure -> write(pressure, way)))) {
            byte[] text = client.getInputStream().readAllBytes();
            String head = new String(text, 0, 200, StandardCharsets.ISO_8859_1);
            int body = head.indexOf("\r\n\r\n") + 4;

            assertThat(Buffer.buffer().appendBytes(text, body, text.length - body))
                    .isEqualTo(large());
            assertThat(pending(loop.get())).isZero();
        }
    }

    @Test
    void aClientThatGoesOnReadingIsNotCutOff() throws Exception {
        try (Socket client = ask(serve(pressure -> write(pressure, Way.AS_ONE_PIECE)))) {
            Context context = loop.get(10, TimeUnit.SECONDS);
            InputStream in = client.getInputStream();
            long read = 0;
            while (read < LARGE / 2) {
                read += in.readNBytes(1 << 20).length;
                onLoop(context, () -> clock.advance(LONGEST.dividedBy(12)));
            }

            assertThat(closed).isNotDone();
        }
    }

    private void write(BackPressure pressure, Way way) {
        Buffer large = large();
        switch (way) {
            case IN_PIECES -> {
                for (int at = 0; at < LARGE; at += 8_192) {
                    pressure.write(large.slice(at, at + 8_192));
                }
                pressure.end(Buffer.buffer());
            }
            case AS_ONE_PIECE -> {
                pressure.write(large);
                pressure.end(Buffer.buffer());
            }
            case AS_ITS_END -> pressure.end(large);
        }
    }

    private static Buffer large() {
        byte[] bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        return Buffer.buffer(bytes);
    }

    private int serve(Consumer<BackPressure> answering) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> answer(request, answering));
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private void answer(HttpServerRequest request, Consumer<BackPressure> answering) {
        request.response().putHeader("content-length", Integer.toString(LARGE));
        request.connection().closeHandler(gone -> closed.complete(true));
        answering.accept(new BackPressure(answer, request, new ReaderPatience(clock, LONGEST)));
        loop.complete(vertx.getOrCreateContext());
    }

    private static Socket ask(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private int pending(Context context) {
        int[] pending = new int[1];
        onLoop(context, () -> pending[0] = clock.pending());
        return pending[0];
    }

    private static void onLoop(Context context, Runnable task) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        context.runOnContext(go -> {
            task.run();
            done.complete(true);
        });
        done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** A provider that notes whether it is paused. */
    private static final class Answer implements UpstreamAnswer {
        volatile boolean paused;

        @Override
        public String contentType() {
            return "text/plain";
        }

        @Override
        public long contentLength() {
            return -1;
        }

        @Override
        public Buffer lastEvent() {
            return Buffer.buffer();
        }

        @Override
        public void drainTo(Sink sink) {}

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void cancel() {}
    }
}
