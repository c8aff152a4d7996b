package openledger.chain.rpc;

import io.netty.channel.ConnectTimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.chain.rpc.RpcFailure.Kind;
import org.jspecify.annotations.Nullable;

/** One query to one node over HTTP, bounded in time and size. Cancelling drops the connection. */
final class RpcExchange {
    private static final int OK = 200;
    /** Some nodes send a JSON-RPC error with it. */
    private static final int BAD_REQUEST = 400;

    private final Vertx vertx;
    private final RpcEndpoint endpoint;
    private final Bounds bounds;
    private final UniEmitter<? super Buffer> answer;
    private final Buffer collected = Buffer.buffer();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable HttpClientRequest request;
    private long timer;

    /**
     * Where an exchange ends at the latest.
     *
     * @param silence what it is called if nothing comes within {@code millis}
     * @param bytes of the longest answer that is read
     */
    record Bounds(long millis, Kind silence, int bytes) {}

    private RpcExchange(Vertx vertx, RpcEndpoint endpoint, Bounds bounds, UniEmitter<? super Buffer> answer) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.bounds = bounds;
        this.answer = answer;
    }

    /** Asks once subscribed to; fails with {@link RpcFailure} only. */
    static Uni<Buffer> post(Vertx vertx, HttpClient client, RpcEndpoint endpoint, Buffer body, Bounds bounds) {
        return Uni.createFrom().emitter(to -> new RpcExchange(vertx, endpoint, bounds, to).begin(client, body));
    }

    private void begin(HttpClient client, Buffer body) {
        timer = vertx.setTimer(
                Math.max(1, bounds.millis),
                due -> fail(bounds.silence, "did not answer within " + bounds.millis + " ms"));
        answer.onTermination(this::drop);
        client.request(endpoint.request()).onComplete(made -> send(made, body));
    }

    private void send(AsyncResult<HttpClientRequest> made, Buffer body) {
        if (made.failed()) {
            lost(made.cause());
            return;
        }
        HttpClientRequest started = made.result();
        request = started;
        // Vert.x logs what no handler takes.
        started.exceptionHandler(this::lost);
        if (over.get()) {
            started.reset();
            return;
        }
        started.send(body).onComplete(head -> {
            if (head.succeeded()) {
                read(head.result());
            } else {
                lost(head.cause());
            }
        });
    }

    private void read(HttpClientResponse head) {
        head.exceptionHandler(this::lost);
        if (head.statusCode() != OK && head.statusCode() != BAD_REQUEST) {
            fail(Kind.NODE, "answered with status " + head.statusCode());
            return;
        }
        head.handler(this::collect);
        head.endHandler(end -> complete());
    }

    private void collect(Buffer chunk) {
        if (collected.length() + chunk.length() > bounds.bytes) {
            fail(Kind.NODE, "answered more than " + bounds.bytes + " bytes");
        } else {
            collected.appendBuffer(chunk);
        }
    }

    private void lost(Throwable cause) {
        boolean silent = cause instanceof ConnectTimeoutException;
        fail(Kind.NODE, silent ? "did not accept a connection in time" : "is not reachable, or hung up");
    }

    private void complete() {
        if (over.compareAndSet(false, true)) {
            vertx.cancelTimer(timer);
            answer.complete(collected);
        }
    }

    private void fail(Kind kind, String what) {
        if (drop()) {
            answer.fail(new RpcFailure(kind, endpoint.shown() + " " + what));
        }
    }

    /** Ends it without an answer; false if it had ended. */
    private boolean drop() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        vertx.cancelTimer(timer);
        HttpClientRequest started = request;
        if (started != null) {
            started.reset();
        }
        return true;
    }
}
