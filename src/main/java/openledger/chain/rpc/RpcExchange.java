package openledger.chain.rpc;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.CompletableFuture;
import openledger.chain.rpc.RpcFailure.Kind;
import org.jspecify.annotations.Nullable;

/** One question to one node over HTTP, with an end in time and in size. Cancelling the future drops the connection. */
final class RpcExchange {
    private static final int OK = 200;
    /** Some nodes send a JSON-RPC error with it. */
    private static final int BAD_REQUEST = 400;

    private final RpcEndpoint endpoint;
    private final int mostBytes;
    private final CompletableFuture<Buffer> answer = new CompletableFuture<>();
    private final Buffer collected = Buffer.buffer();
    private volatile @Nullable HttpClientRequest request;

    private RpcExchange(RpcEndpoint endpoint, int mostBytes) {
        this.endpoint = endpoint;
        this.mostBytes = mostBytes;
    }

    /** Asks; fails with {@link RpcFailure} only. */
    static CompletableFuture<Buffer> post(
            Vertx vertx, HttpClient client, RpcEndpoint endpoint, Buffer body, long millis, int mostBytes) {
        RpcExchange exchange = new RpcExchange(endpoint, mostBytes);
        long timer = vertx.setTimer(
                Math.max(1, millis), due -> exchange.fail(Kind.SILENCE, "did not answer within " + millis + " ms"));
        var _ = exchange.answer.whenComplete((buffer, failure) -> {
            vertx.cancelTimer(timer);
            if (failure != null) {
                exchange.reset();
            }
        });
        client.request(endpoint.request()).onComplete(made -> {
            if (made.succeeded()) {
                exchange.send(made.result(), body);
            } else {
                exchange.lost(made.cause());
            }
        });
        return exchange.answer;
    }

    private void send(HttpClientRequest made, Buffer body) {
        request = made;
        // Vert.x logs what no handler takes.
        made.exceptionHandler(this::lost);
        if (answer.isDone()) {
            made.reset();
            return;
        }
        made.send(body).onComplete(head -> {
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
        head.endHandler(end -> answer.complete(collected));
    }

    private void collect(Buffer chunk) {
        if (collected.length() + chunk.length() > mostBytes) {
            fail(Kind.NODE, "answered more than " + mostBytes + " bytes");
        } else {
            collected.appendBuffer(chunk);
        }
    }

    private void lost(Throwable cause) {
        boolean silent = cause instanceof ConnectTimeoutException;
        fail(Kind.NODE, silent ? "did not accept a connection in time" : "is not reachable, or hung up");
    }

    private void fail(Kind kind, String what) {
        answer.completeExceptionally(new RpcFailure(kind, endpoint.shown() + " " + what));
    }

    private void reset() {
        HttpClientRequest started = request;
        if (started != null) {
            started.reset();
        }
    }
}
