package openledger.chain.rpc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import openledger.chain.ChainIdQuestion;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.RpcFailure.Kind;

/**
 * Gets a question answered by one of several nodes: stays with the one that works, goes to the next when it fails. Every
 * question can be asked twice, transactions too: the same bytes do no harm. Thread-safe.
 */
public final class RpcFailover {
    /** A kept connection may have been closed by the node a moment ago, so even a single node is asked again. */
    private static final int TRIES_A_NODE = 2;

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
                .map(node -> new RpcEndpoint(node, settings.pause()))
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
        IS_A_FAULT(Kind.SILENCE),
        /** It waits for the chain, as it was asked to. */
        IS_EXPECTED(Kind.UNKNOWN);

        private final Kind kind;

        Silence(Kind kind) {
            this.kind = kind;
        }
    }

    /** Fails with {@link RpcFailure} only. Each subscription is a question of its own; cancelling gives it up. */
    Uni<Buffer> post(Buffer body, Duration timeout, Silence silence) {
        return Uni.createFrom().deferred(() -> {
            if (underWay.incrementAndGet() > settings.inFlight()) {
                underWay.decrementAndGet();
                return failure(Kind.OURS, "more than " + settings.inFlight() + " calls of nodes are under way");
            }
            return ask(new Question(body, System.nanoTime() + timeout.toNanos(), silence), 0)
                    .onTermination()
                    .invoke(underWay::decrementAndGet);
        });
    }

    void close() {
        client.close();
    }

    /** Asks the node that worked last, and the one after it if that fails. */
    private Uni<Buffer> ask(Question question, int tries) {
        int first = preferred.get();
        RpcEndpoint endpoint = endpoints.get(first);
        return endpoint.guarded(verify(endpoint, question).chain(() -> exchange(endpoint, question.body, question)))
                .onFailure(RpcEndpoint::isItsFault)
                .invoke(() -> preferred.compareAndSet(first, (first + 1) % endpoints.size()))
                .onFailure(RpcFailover::isWorthAnotherTry)
                .recoverWithUni(why -> tries + 1 < TRIES_A_NODE * endpoints.size()
                        ? ask(question, tries + 1)
                        : Uni.createFrom().failure(givenUp()));
    }

    private static boolean isWorthAnotherTry(Throwable failure) {
        return failure instanceof RpcFailure why && (why.kind() == Kind.NODE || why.kind() == Kind.OTHER_CHAIN);
    }

    private Uni<Void> verify(RpcEndpoint endpoint, Question question) {
        if (settings.chainId().isEmpty() || endpoint.isVerified()) {
            return Uni.createFrom().voidItem();
        }
        return exchange(endpoint, ChainIdQuestion.body(), question)
                .invoke(said -> {
                    ChainIdQuestion.check(said, settings.chainId().getAsLong(), endpoint.shown());
                    endpoint.verified();
                })
                .replaceWithVoid();
    }

    private Uni<Buffer> exchange(RpcEndpoint endpoint, Buffer body, Question question) {
        long millis = TimeUnit.NANOSECONDS.toMillis(question.deadlineNanos - System.nanoTime());
        return RpcExchange.post(
                vertx,
                client,
                endpoint,
                body,
                new RpcExchange.Bounds(millis, question.silence.kind, settings.responseBytes()));
    }

    private static Uni<Buffer> failure(Kind kind, String why) {
        return Uni.createFrom().failure(new RpcFailure(kind, why));
    }

    /** Nodes that are all of another chain do answer, and it is no use to wait for them. */
    private RpcFailure givenUp() {
        boolean isOtherChain = endpoints.stream().allMatch(RpcEndpoint::isOfOtherChain);
        String troubles = endpoints.stream().map(RpcEndpoint::lastReason).collect(Collectors.joining("; "));
        return isOtherChain
                ? new RpcFailure(Kind.OTHER_CHAIN, troubles)
                : new RpcFailure(Kind.NODE, "no node answers: " + troubles);
    }

    /** A question on its way through the nodes. */
    private record Question(Buffer body, long deadlineNanos, Silence silence) {}
}
