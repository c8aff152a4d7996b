package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.Journal.Appended.Accepted;
import openledger.inference.Journal.Appended.Full;
import openledger.inference.Journal.JournalUnavailable;
import openledger.routing.Route;
import openledger.unit.RouteId;

/**
 * The way of a request: its intent is journalled while the provider works, it is attempted within its ledger, nothing
 * goes out before the intent is durable, and its decision is sealed at the end. Safe for several threads; each request
 * stays on the event loop it came on.
 */
public final class InferenceService {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(InferenceService::sha256);

    private final ServicePorts ports;
    private final Duration orphanGrace;
    private final Map<RouteId, RouteTraffic> traffic = new ConcurrentHashMap<>();

    /**
     * A service over its ports.
     *
     * @param orphanGrace how long the call in flight of a departed client with an idempotency key may run on
     */
    public InferenceService(ServicePorts ports, Duration orphanGrace) {
        this.ports = ports;
        this.orphanGrace = orphanGrace;
    }

    /**
     * Routes one request. Cancelling the subscription means that the client has left. Never fails but for a bug.
     */
    public Uni<InferenceOutcome> infer(InferenceRequest request) {
        Intent intent = intent(request);
        return switch (ports.journal().append(intent)) {
            case Full(var retryAfter) -> Uni.createFrom().item(new NotAccepted(retryAfter));
            case Accepted accepted -> run(exchange(request, intent, accepted));
        };
    }

    private static Uni<InferenceOutcome> run(Exchange exchange) {
        return exchange.attemptWithinLedger()
                .call(exchange::untilIntentIsDurable)
                .map(exchange::conclude)
                .onFailure(JournalUnavailable.class)
                .recoverWithItem(exchange::notRecorded)
                .onCancellation()
                .invoke(exchange::clientLeft);
    }

    private Exchange exchange(InferenceRequest request, Intent intent, Accepted accepted) {
        Route route = request.route();
        RouteTraffic shared = traffic.computeIfAbsent(route.id(), id -> new RouteTraffic(route, ports.gateway()));
        return new Exchange(request, intent, accepted, shared, ports, ThreadLocalRandom.current(), orphanGrace);
    }

    private static Intent intent(InferenceRequest request) {
        return new Intent(
                request.arrivalMillis(),
                request.tenant(),
                request.route().id(),
                request.operation(),
                request.mode(),
                request.route().budget(),
                request.form(),
                SHA_256.get().digest(request.body().received()),
                request.clientRequestId());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
