package openledger.cli.guard;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import openledger.verifier.WatchedAnswer;

/**
 * Passes requests to one router and its answers back, both as they flow and unchanged, but for the header that asks for a promise. Beyond
 * so many connections a new one is closed. All of it is on one event loop.
 */
final class GuardServer {
    private static final int MOST_HEADER_BYTES = 64 << 10;
    private static final int MOST_LINE_BYTES = 16 << 10;
    private static final int CONNECT_MILLIS = 5_000;
    /** Shorter than a router keeps an idle connection. */
    private static final int KEEP_ALIVE_SECONDS = 20;
    /** Without a byte in either direction. A model may think for minutes. */
    private static final int IDLE_SECONDS = 900;
    /** For the rest of a request that is answered already. */
    private static final int LONGEST_REST_MILLIS = 5_000;

    private final HttpServer server;
    private final HttpClient client;
    private final URI router;
    private final String base;
    private final AddedLatency added;
    private final Consumer<WatchedAnswer> answered;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<ForwardedRequest> underWay = new HashSet<>();
    /** Connections that are closed after the answer that is on its way. */
    private final Set<HttpConnection> closing = new HashSet<>();

    private final Promise<Void> drained = Promise.promise();
    private final Vertx vertx;
    private final Context loop;
    private boolean isDraining;

    /**
     * One that does not listen yet.
     *
     * @param router address of http or https, with a path if the router has one
     * @param mostConnections of clients
     * @param answered is told of each answer of an inference, and must not block
     */
    GuardServer(Vertx vertx, URI router, int mostConnections, AddedLatency added, Consumer<WatchedAnswer> answered) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.router = router;
        this.added = added;
        this.answered = answered;
        String path = router.getRawPath() == null ? "" : router.getRawPath();
        this.base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setMaxHeaderSize(MOST_HEADER_BYTES)
                        .setDecompressionSupported(false)
                        .setMaxRedirects(0)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(mostConnections).setMaxWaitQueueSize(mostConnections));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setHandle100ContinueAutomatically(true)
                        .setMaxHeaderSize(MOST_HEADER_BYTES)
                        .setMaxInitialLineLength(MOST_LINE_BYTES)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setTcpNoDelay(true))
                .connectionHandler(connection -> count(connection, mostConnections))
                .requestHandler(this::forward);
    }

    /** The port that it listens at. */
    Future<Integer> listen(String host, int port) {
        Promise<Integer> listening = Promise.promise();
        loop.runOnContext(
                now -> server.listen(port, host).map(HttpServer::actualPort).onComplete(listening));
        return listening.future();
    }

    private void count(HttpConnection connection, int most) {
        int open = connections.incrementAndGet();
        connection.closeHandler(closed -> {
            connections.decrementAndGet();
            closing.remove(connection);
        });
        if (open > most) {
            connection.close();
        }
    }

    private void forward(HttpServerRequest request) {
        if (closing.contains(request.connection())) {
            // Nobody would get its answer, which the router may be paid for.
            return;
        }
        ForwardedRequest forwarded = new ForwardedRequest(this, request);
        underWay.add(forwarded);
        forwarded.start();
    }

    /** Takes no new requests and waits for the end of those that are under way, so long at most. */
    Future<Void> drain(Duration longest) {
        loop.runOnContext(now -> {
            isDraining = true;
            vertx.setTimer(Math.max(1, longest.toMillis()), late -> drained.tryComplete());
            over();
        });
        return drained.future();
    }

    void ended(ForwardedRequest forwarded) {
        underWay.remove(forwarded);
        over();
    }

    private void over() {
        if (isDraining && underWay.isEmpty()) {
            drained.tryComplete();
        }
    }

    /** After this request its connection is closed: what was sent behind it (RFC 9112, section 9.6) is not passed on. */
    void last(HttpServerRequest request) {
        closing.add(request.connection());
    }

    boolean isDraining() {
        return isDraining;
    }

    HttpClient client() {
        return client;
    }

    /** Where a request goes: the router, and nowhere else. */
    RequestOptions target(HttpServerRequest request) {
        boolean isTls = "https".equals(router.getScheme());
        return new RequestOptions()
                .setMethod(request.method())
                .setHost(router.getHost())
                .setPort(port())
                .setSsl(isTls)
                .setURI(base + request.uri());
    }

    private int port() {
        int usual = "https".equals(router.getScheme()) ? 443 : 80;
        return router.getPort() >= 0 ? router.getPort() : usual;
    }

    /** The router's address of a path. Put together, not resolved: no path leads to another host. */
    URI address(String path) {
        return URI.create(router.getScheme() + "://" + router.getRawAuthority() + base + path);
    }

    /**
     * Ends the connection of a request that was answered before all of it came: the rest is read, or its sender would never get to read the
     * answer, and kept nowhere.
     */
    void discard(HttpServerRequest request) {
        long late =
                vertx.setTimer(LONGEST_REST_MILLIS, now -> request.connection().close());
        request.handler(piece -> {});
        request.endHandler(end -> {
            vertx.cancelTimer(late);
            request.connection().close();
        });
        request.resume();
    }

    /** Scheme, host and port. */
    String shown() {
        return router.getScheme() + "://" + router.getHost() + ":" + port();
    }

    void answered(WatchedAnswer answer) {
        answered.accept(answer);
    }

    void added(long nanos) {
        added.add(nanos);
    }
}
