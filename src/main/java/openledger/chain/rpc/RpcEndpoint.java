package openledger.chain.rpc;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import openledger.chain.rpc.RpcFailure.Kind;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * A node and its health. After two failures in a row it is not used for a while, then one call tries it. Before any other query it must
 * return its chain id, and again each time it comes back. Thread-safe.
 */
final class RpcEndpoint {
    private static final int FAILURES_TO_OPEN = 2;

    private final RequestOptions request;
    private final String shown;
    private final TypedGuard<Uni<Buffer>> circuit;
    private volatile boolean verified;
    private volatile String lastReason = "not asked yet";
    private volatile boolean isOfOtherChain;

    RpcEndpoint(URI node, Duration pause) {
        this.shown = NodeAddress.shown(node);
        this.circuit = TypedGuard.create(new TypeLiteral<Uni<Buffer>>() {})
                .withDescription("node " + shown)
                .withCircuitBreaker()
                .requestVolumeThreshold(FAILURES_TO_OPEN)
                .failureRatio(1)
                .delay(pause.toMillis(), ChronoUnit.MILLIS)
                // The library knows no call that says nothing: it counts as an answer, so that a doubt lets us ask.
                .when(RpcEndpoint::isItsFault)
                .done()
                .build();
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(node.getHost())
                .setPort(NodeAddress.port(node))
                .setSsl(NodeAddress.isTls(node))
                .setURI(NodeAddress.target(node))
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.ACCEPT, "application/json")
                .putHeader(HttpHeaders.USER_AGENT, "openledger");
    }

    /** True if the node has failed, and not only we. */
    static boolean isItsFault(Throwable failure) {
        return failure instanceof RpcFailure why && why.kind() != Kind.UNKNOWN;
    }

    /** Shared, not to be changed. */
    RequestOptions request() {
        return request;
    }

    /** Scheme, host and port. */
    String shown() {
        return shown;
    }

    /** The call, once subscribed to; fails with {@link RpcFailure} without calling while the node is left alone. */
    Uni<Buffer> guarded(Uni<Buffer> call) {
        return Uni.createFrom()
                .deferred(() ->
                        abandonable(call.onFailure(RpcEndpoint::isItsFault).invoke(this::failed)))
                .onFailure(CircuitBreakerOpenException.class)
                .transform(open -> new RpcFailure(Kind.NODE, lastReason));
    }

    /** The guard does not tell the call that nobody waits any more, and would wait for its end. */
    private Uni<Buffer> abandonable(Uni<Buffer> call) {
        CompletableFuture<Buffer> departure = new CompletableFuture<>();
        return circuit.get(() -> Uni.combine().any().of(call, Uni.createFrom().completionStage(departure)))
                .onCancellation()
                .invoke(() ->
                        departure.completeExceptionally(new RpcFailure(Kind.UNKNOWN, "nobody waits for the answer")));
    }

    private void failed(Throwable why) {
        lastReason = String.valueOf(why.getMessage());
        isOfOtherChain = why instanceof RpcFailure failure && failure.kind() == Kind.OTHER_CHAIN;
        verified = false;
    }

    boolean isVerified() {
        return verified;
    }

    void verified() {
        verified = true;
    }

    /** Whether it failed last because it is of another chain. */
    boolean isOfOtherChain() {
        return isOfOtherChain;
    }

    /** Why it failed last. */
    String lastReason() {
        return lastReason;
    }
}
