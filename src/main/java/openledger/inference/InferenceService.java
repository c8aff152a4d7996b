package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import openledger.commitment.RequestDigest;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.Untranslatable;
import openledger.inference.Journal.Appended.Accepted;
import openledger.inference.ProviderGateway.Objection;
import openledger.inference.Resends.Claim.Begin;
import openledger.inference.Resends.Claim.Full;
import openledger.inference.Resends.Claim.Join;
import openledger.inference.Resends.Claim.OtherBody;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.unit.RouteId;

/**
 * The way of a request: it joins its ledger or begins one, its intent is journalled while the provider works, it is
 * attempted within its ledger, nothing goes out before the intent is durable, and its decision is sealed at the end. Safe
 * for several threads; each request stays on the event loop it came on.
 */
public final class InferenceService {
    private final ServicePorts ports;
    private final Resends resends;
    private final Map<RouteId, RouteTraffic> traffic = new ConcurrentHashMap<>();

    /** A service over its ports. */
    public InferenceService(ServicePorts ports, ResendSettings settings) {
        this.ports = ports;
        this.resends = new Resends(settings, ports.metrics());
    }

    /**
     * Routes one request. Cancelling the subscription means that the client has left. Never fails but for a bug.
     */
    public Uni<InferenceOutcome> infer(InferenceRequest request) {
        Optional<Objection> objection =
                ports.gateway().objectionTo(request.route(), request.operation(), request.body());
        if (objection.isPresent()) {
            return Uni.createFrom()
                    .item(new Untranslatable(
                            objection.get().member(), objection.get().message()));
        }
        byte[] digest = RequestDigest.of(request.body().received(), request.nonce());
        return switch (resends.claim(request, digest, () -> begin(request, digest))) {
            case Begin(var exchange) -> exchange.attach(request);
            case Join(var exchange) -> exchange.attach(request);
            case OtherBody other -> Uni.createFrom().item(new KeyReused());
            case Full(var retryAfter) -> Uni.createFrom().item(new NotAccepted(retryAfter));
        };
    }

    /** Another policy is in force: what routes share is let go for those that are no more. */
    public void keepTrafficOf(Policy policy) {
        traffic.keySet()
                .retainAll(policy.routes().values().stream().map(Route::id).toList());
    }

    /** The router stops: requests that no client waits for are sealed, so that they are recorded as what they are. */
    public CompletionStage<Void> sealAbandoned() {
        return resends.sealAll();
    }

    /** A request's own ledger, if the journal takes its intent. */
    private Resends.Claim begin(InferenceRequest request, byte[] digest) {
        Intent intent = intent(request, digest);
        return switch (ports.journal().append(intent)) {
            case Journal.Appended.Full(var retryAfter) -> new Full(retryAfter);
            case Accepted accepted ->
                new Begin(new Exchange(
                        request,
                        intent,
                        accepted,
                        shared(request.route()),
                        ports,
                        resends,
                        ThreadLocalRandom.current()));
        };
    }

    private RouteTraffic shared(Route route) {
        return traffic.computeIfAbsent(route.id(), id -> new RouteTraffic(route, ports.gateway()));
    }

    private static Intent intent(InferenceRequest request, byte[] digest) {
        return new Intent(
                request.arrivalMillis(),
                request.tenant(),
                request.route().id(),
                request.operation(),
                request.terms().mode(),
                request.route().budget(),
                request.form(),
                digest,
                request.clientRequestId(),
                request.nonce());
    }
}
