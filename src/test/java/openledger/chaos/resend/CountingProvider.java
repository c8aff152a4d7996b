package openledger.chaos.resend;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.demo.ChildProcess;

/** A provider that counts its calls by the marker in each request's text, which also says how it answers. Thread-safe. */
public final class CountingProvider implements AutoCloseable {
    private static final Pattern MARKER = Pattern.compile("<<([A-Z]+)-([A-Za-z0-9-]+)>>");
    private static final long SLOW_MILLIS = 300;
    private static final long LATE_MILLIS = 3_000;
    private static final long CHUNK_MILLIS = 20;
    private static final int CHUNKS = 5;
    private static final String CHUNK =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}\n\n";

    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    /** How a marker wants to be answered. */
    public enum Kind {
        /** At once. */
        OK,
        /** After a while. */
        SLOW,
        /** After seconds, so that who leaves meanwhile is seen to leave on the slowest machine. */
        LATE,
        /** With 503, always. */
        FAIL,
        /** With a stream. */
        STREAM,
        /** With a stream that ends in its middle. */
        BREAK,
        /** With a stream that does not end. */
        ENDLESS
    }

    public CountingProvider() throws IOException {
        port = ChildProcess.freePort();
        vertx.deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start() {
                                vertx.createHttpServer()
                                        .requestHandler(request -> request.bodyHandler(body -> answer(request, body)))
                                        .listen(port, "127.0.0.1");
                            }
                        },
                        new DeploymentOptions().setInstances(2))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** What a client writes so that its request can be told. */
    public static String marker(Kind kind, String id) {
        return "<<" + kind + "-" + id + ">>";
    }

    public int calls(String id) {
        AtomicInteger counted = calls.get(id);
        return counted == null ? 0 : counted.get();
    }

    public int allCalls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Answers that are under way. */
    public int open() {
        return open.get();
    }

    private void answer(HttpServerRequest request, Buffer body) {
        Matcher marker = MARKER.matcher(body.toString());
        HttpServerResponse response = request.response();
        if (!marker.find()) {
            response.setStatusCode(400).end("{\"error\":{\"message\":\"no marker\"}}");
            return;
        }
        calls.computeIfAbsent(marker.group(2), first -> new AtomicInteger()).incrementAndGet();
        switch (Kind.valueOf(marker.group(1))) {
            case OK -> whole(response);
            case SLOW -> vertx.setTimer(SLOW_MILLIS, due -> whole(response));
            case LATE -> vertx.setTimer(LATE_MILLIS, due -> whole(response));
            case FAIL -> response.setStatusCode(503).end("{\"error\":{\"message\":\"not now\"}}");
            case STREAM -> stream(request, CHUNKS, true);
            case BREAK -> stream(request, CHUNKS, false);
            case ENDLESS -> stream(request, Integer.MAX_VALUE, false);
        }
    }

    private static void whole(HttpServerResponse response) {
        if (!response.closed()) {
            response.putHeader("content-type", "application/json")
                    .end(
                            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                    + "\"message\":{\"role\":\"assistant\",\"content\":\"yes\"},\"finish_reason\":\"stop\"}],"
                                    + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}");
        }
    }

    private void stream(HttpServerRequest request, int chunks, boolean ends) {
        HttpServerResponse response = request.response();
        open.incrementAndGet();
        // Called in either case, once.
        response.endHandler(over -> open.decrementAndGet());
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        next(request, chunks, ends);
    }

    private void next(HttpServerRequest request, int left, boolean ends) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        if (left > 0) {
            response.write(CHUNK.formatted("word ", "null"));
            vertx.setTimer(CHUNK_MILLIS, due -> next(request, left - 1, ends));
        } else if (ends) {
            response.end(CHUNK.formatted("", "\"stop\"") + "data: [DONE]\n\n");
        } else {
            request.connection().close();
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
