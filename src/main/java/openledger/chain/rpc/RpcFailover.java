package openledger.chain.rpc;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import openledger.chain.ChainIdQuestion;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.RpcFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Gets a question answered by one of several nodes: stays with the one that works, goes to the next when it fails. Every
 * question can be asked twice, transactions too: the same bytes do no harm. Thread-safe.
 */
public final class RpcFailover {
    /** A kept connection may have been closed by the node a moment ago, so even a single node is asked again. */
    private static final int LEAST_TRIES = 2;

    private static final int CONNECT_MILLIS = 3_000;
    /** Shorter than any node keeps an idle connection. */
    private static final int KEEP_ALIVE_SECONDS = 20;

    private final Vertx vertx;
    private final HttpClient client;
    private final RpcSettings settings;
    private final List<RpcEndpoint> endpoints;
    private final AtomicInteger preferred = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    RpcFailover(Vertx vertx, RpcSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.endpoints = settings.nodes().stream()
                .map(node -> new RpcEndpoint(node, settings.firstBackoff(), settings.longestBackoff()))
                .toList();
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int)
                                Math.min(CONNECT_MILLIS, settings.timeout().toMillis()))
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true)
                        .setMaxRedirects(0),
                new PoolOptions().setHttp1MaxSize(settings.inFlight()));
    }

    /** What silence until the time-out says of a node. */
    public enum Silence {
        /** It is broken. */
        IS_A_FAULT,
        /** It waits for the chain, as it was asked to. */
        IS_EXPECTED
    }

    /** Fails with {@link RpcFailure} only. Cancelling the future gives the question up. */
    CompletableFuture<Buffer> post(Buffer body, Duration timeout, Silence silence) {
        if (underWay.incrementAndGet() > settings.inFlight()) {
            underWay.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new RpcFailure(Kind.OURS, "more than " + settings.inFlight() + " calls of nodes are under way"));
        }
        Call call = new Call(body, System.nanoTime() + timeout.toNanos(), silence);
        var _ = call.answer.whenComplete((buffer, failure) -> {
            underWay.decrementAndGet();
            call.giveUp();
        });
        next(call);
        return call.answer;
    }

    void close() {
        client.close();
    }

    private void next(Call call) {
        long now = System.nanoTime();
        Optional<RpcEndpoint> chosen =
                call.tries.get() < Math.max(LEAST_TRIES, endpoints.size()) ? choose(now) : Optional.empty();
        if (call.answer.isDone() || chosen.isEmpty()) {
            chosen.ifPresent(RpcEndpoint::released);
            call.answer.completeExceptionally(new RpcFailure(call.lastKind, "no node answers: " + troubles(now)));
            return;
        }
        call.tries.incrementAndGet();
        RpcEndpoint endpoint = chosen.get();
        CompletableFuture<Buffer> exchange = ask(endpoint, call);
        call.current = exchange;
        if (call.answer.isDone()) {
            exchange.cancel(true);
        }
        var _ = exchange.whenComplete((buffer, failure) -> ended(call, endpoint, buffer, failure));
    }

    private CompletableFuture<Buffer> ask(RpcEndpoint endpoint, Call call) {
        if (settings.chainId().isEmpty() || endpoint.isVerified()) {
            return exchange(endpoint, call.body, call);
        }
        long wanted = settings.chainId().getAsLong();
        CompletableFuture<Buffer> whole = new CompletableFuture<>();
        CompletableFuture<Buffer> question = exchange(endpoint, ChainIdQuestion.body(), call);
        var _ = whole.whenComplete((buffer, failure) -> question.cancel(true));
        var _ = question.thenCompose(said -> {
                    ChainIdQuestion.check(said, wanted, endpoint.shown());
                    endpoint.verified();
                    CompletableFuture<Buffer> real = exchange(endpoint, call.body, call);
                    var _ = whole.whenComplete((buffer, failure) -> real.cancel(true));
                    return real;
                })
                .whenComplete((buffer, failure) -> {
                    if (failure == null) {
                        whole.complete(buffer);
                    } else {
                        whole.completeExceptionally(failure);
                    }
                });
        return whole;
    }

    private CompletableFuture<Buffer> exchange(RpcEndpoint endpoint, Buffer body, Call call) {
        long millis = TimeUnit.NANOSECONDS.toMillis(call.deadlineNanos - System.nanoTime());
        return RpcExchange.post(vertx, client, endpoint, body, millis, settings.responseBytes());
    }

    private void ended(Call call, RpcEndpoint endpoint, @Nullable Buffer buffer, @Nullable Throwable failure) {
        if (failure == null) {
            endpoint.succeeded();
            call.answer.complete(buffer);
            return;
        }
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (!(cause instanceof RpcFailure why)) {
            endpoint.released();
            call.answer.completeExceptionally(
                    cause instanceof CancellationException
                            ? new RpcFailure(Kind.OURS, "the call was given up")
                            : cause);
            return;
        }
        call.lastKind = why.kind();
        if (why.kind() == Kind.SILENCE) {
            if (call.silence == Silence.IS_EXPECTED) {
                endpoint.released();
            } else {
                failed(endpoint, why);
            }
            call.answer.completeExceptionally(why);
            return;
        }
        failed(endpoint, why);
        next(call);
    }

    private void failed(RpcEndpoint endpoint, RpcFailure why) {
        endpoint.failed(System.nanoTime(), String.valueOf(why.getMessage()));
        preferred.compareAndSet(endpoints.indexOf(endpoint), (endpoints.indexOf(endpoint) + 1) % endpoints.size());
    }

    private Optional<RpcEndpoint> choose(long now) {
        int first = preferred.get();
        for (int i = 0; i < endpoints.size(); i++) {
            RpcEndpoint endpoint = endpoints.get((first + i) % endpoints.size());
            if (endpoint.mayAsk(now)) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }

    private String troubles(long now) {
        return endpoints.stream().map(endpoint -> endpoint.trouble(now)).collect(Collectors.joining("; "));
    }

    /** A question on its way through the nodes. */
    private static final class Call {
        private final Buffer body;
        private final long deadlineNanos;
        private final Silence silence;
        private final CompletableFuture<Buffer> answer = new CompletableFuture<>();
        private volatile @Nullable CompletableFuture<Buffer> current;
        private volatile Kind lastKind = Kind.NODE;
        private final AtomicInteger tries = new AtomicInteger();

        Call(Buffer body, long deadlineNanos, Silence silence) {
            this.body = body;
            this.deadlineNanos = deadlineNanos;
            this.silence = silence;
        }

        void giveUp() {
            CompletableFuture<Buffer> asked = current;
            if (asked != null) {
                asked.cancel(true);
            }
        }
    }
}
