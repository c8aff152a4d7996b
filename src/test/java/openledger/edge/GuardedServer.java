package openledger.edge;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.http.KnownClients;

/**
 * A real server of Vert.x behind the guard: it notes what reaches it and answers 200, {@code /silent} never, {@code /large} at length,
 * {@code /page} with the same for all, {@code /early} without waiting for the body, {@code /key} as if it had come with a good key.
 */
final class GuardedServer implements AutoCloseable {
    static final int LARGE = 48 << 20;
    static final int PAGE = 4 << 20;
    private static final Buffer SHARED = Buffer.buffer(new byte[PAGE]);
    /** Bounds that no test waits for. */
    static final ConnectionLimits WIDE = limits(1_000, 1_000, List.of(), Duration.ofMinutes(5));

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final HttpServer server;
    private final Queue<String> reached = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    GuardedServer(ConnectionLimits limits) {
        vertx = new VertxBuilder(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true))
                .serviceProviders(List.of(
                        builder -> builder.findTransport(new GuardedTransport(builder.findTransport(), () -> limits))))
                .init()
                .vertx();
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setHandle100ContinueAutomatically(true)
                .setMaxHeaderSize(16 << 10)
                .setHttp2ClearTextEnabled(false);
        server = vertx.createHttpServer(options);
        server.connectionHandler(connection -> {
            open.incrementAndGet();
            connection.closeHandler(closed -> open.decrementAndGet());
        });
        server.requestHandler(this::answer)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    static ConnectionLimits limits(int most, int mostPerAddress, List<AddressRange> trusted, Duration each) {
        return new ConnectionLimits(most, mostPerAddress, trusted, each, each, each, each, each);
    }

    private void answer(HttpServerRequest request) {
        reached.add(request.method() + " " + request.uri());
        switch (String.valueOf(request.path())) {
            case "/silent" -> request.response().setChunked(true).write("begun");
            case "/page" -> request.response().end(SHARED);
            case "/key" -> {
                KnownClients.know(request);
                request.response().end();
            }
            case "/early" -> request.response().end("early");
            case "/large" -> request.response().end(Buffer.buffer(new byte[LARGE]));
            default -> request.body().onSuccess(body -> request.response().end(body));
        }
    }

    int port() {
        return server.actualPort();
    }

    /** Method and target of each request that was let through. */
    List<String> reached() {
        return List.copyOf(reached);
    }

    /** Connections that are open. */
    int open() {
        return open.get();
    }

    /** Waits, bounded, until so many are open at most. */
    void awaitOpen(int most) throws InterruptedException {
        await(() -> open.get() <= most);
    }

    static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it did not come about within " + PATIENCE);
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
