package openledger.inference.resend;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import openledger.cluster.orphan.Orphans;
import openledger.inference.InferenceRequest;
import openledger.inference.RequestSession;
import openledger.inference.admission.FairPermits;
import openledger.inference.record.Intent;
import openledger.routing.Operation;

/**
 * Requests without a key whose clients have left before anything reached them. Each is joined once, by a retry of the same tenant,
 * operation and body; other routers are told of it, so that they send such a retry here. Tenants share the places. Thread-safe.
 */
final class OrphanIndex {
    private final Map<Name, RequestSession> orphans = new ConcurrentHashMap<>();
    private final FairPermits places;
    private final Orphans others;
    private final Duration window;

    /**
     * An empty one.
     *
     * @param most that are kept
     * @param others who is told
     * @param window for how long each may be joined
     */
    OrphanIndex(int most, Orphans others, Duration window) {
        this.places = new FairPermits(most);
        this.others = others;
        this.window = window;
    }

    /** What a request without a key is known by once its client has gone. */
    private record Name(String tenant, Operation operation, String bodyDigest) {
        static Name of(String tenant, Operation operation, byte[] digest) {
            return new Name(tenant, operation, HexFormat.of().formatHex(digest));
        }

        static Name of(RequestSession exchange) {
            Intent intent = exchange.intent();
            return of(intent.tenant(), intent.operation(), intent.bodyDigest());
        }
    }

    /** Whether there is one. */
    boolean has(String tenant, Operation operation, byte[] digest) {
        return !orphans.isEmpty() && orphans.containsKey(Name.of(tenant, operation, digest));
    }

    /** Takes the one that a request asks the same as; nobody else gets it then. */
    Optional<RequestSession> take(InferenceRequest request, byte[] digest) {
        if (orphans.isEmpty()) {
            return Optional.empty();
        }
        RequestSession orphan = orphans.get(Name.of(request.tenant(), request.operation(), digest));
        return orphan != null && orphan.request().asksTheSame(request) && remove(orphan)
                ? Optional.of(orphan)
                : Optional.empty();
    }

    /** Its client has left; false if there is no place for it, or one of its name. */
    boolean add(RequestSession exchange) {
        Intent intent = exchange.intent();
        if (!places.take(intent.tenant())) {
            return false;
        }
        if (orphans.putIfAbsent(Name.of(exchange), exchange) != null) {
            places.giveBack(intent.tenant());
            return false;
        }
        others.left(intent.tenant(), intent.operation(), intent.bodyDigest(), window);
        return true;
    }

    /** It is not to be found any more; false if it was not here. */
    boolean remove(RequestSession exchange) {
        if (!orphans.remove(Name.of(exchange), exchange)) {
            return false;
        }
        places.giveBack(exchange.intent().tenant());
        return true;
    }

    int size() {
        return orphans.size();
    }

    Stream<RequestSession> all() {
        return orphans.values().stream();
    }
}
