package openledger.http.inference;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import openledger.cluster.HopFields;
import openledger.cluster.HopSeal;
import openledger.cluster.ResendRanges;
import openledger.cluster.SeenHops;
import openledger.inference.Timekeeper;
import openledger.routing.Operation;

/**
 * The door for other routers: on a port of its own, with the operations and nothing else. Whoever cannot prove to be of the cluster is told
 * nothing, before any of its body is read; what is proved is answered with a proof. Thread-safe.
 */
public final class PeerDoor {
    static final int MISDIRECTED = 421;
    /** A time that is not ours, a request that was here, or one more than can be remembered (RFC 8470: it may be replayed). */
    static final int TOO_EARLY = 425;

    /** More than a router can answer in that time. */
    private static final int MOST_NONCES = 300_000;

    private static final int UNAUTHENTICATED = 401;

    private final InferenceRoutes routes;
    private final HopSeal seal;
    private final ResendRanges ranges;
    private final Timekeeper time;
    private final SeenHops seen = new SeenHops(MOST_NONCES);

    /** A door to the operations. */
    public PeerDoor(InferenceRoutes routes, HopSeal seal, ResendRanges ranges, Timekeeper time) {
        this.routes = routes;
        this.seal = seal;
        this.ranges = ranges;
        this.time = time;
    }

    /** A request on the port for routers. */
    public void handle(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.uri(), "");
        Optional<HopFields> proved = proved(request, path);
        Optional<Operation> operation = InferenceRoutes.operation(path);
        if (proved.isEmpty() || operation.isEmpty()) {
            turnAway(request, UNAUTHENTICATED);
            return;
        }
        HopFields hop = proved.get();
        HttpServerResponse response = request.response();
        response.headersEndHandler(before -> response.headers()
                .set(
                        HopFields.ANSWER_PROOF,
                        seal.answered(
                                hop,
                                response.getStatusCode(),
                                response.headers().entries())));
        switch (seen.look(hop, time.epochMillis())) {
            case STALE, AGAIN, FULL -> turnAway(request, TOO_EARLY);
            case FRESH -> {
                if (ranges.map().isOurHold(hop.lane(), hop.fence())) {
                    routes.handleForwarded(operation.get(), request, hop);
                } else {
                    turnAway(request, MISDIRECTED);
                }
            }
        }
    }

    private Optional<HopFields> proved(HttpServerRequest request, String path) {
        List<String> said = request.headers().getAll(HopFields.NAME);
        if (said.size() != 1 || !HttpMethod.POST.equals(request.method())) {
            return Optional.empty();
        }
        List<Map.Entry<String, String>> headers = request.headers().entries();
        return HopFields.read(said.getFirst())
                .filter(fields -> seal.isOurs(fields, HttpMethod.POST.name(), path, headers));
    }

    /** The rest of it is read and dropped, for as long as a client's would be. */
    private static void turnAway(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        if (status == UNAUTHENTICATED) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(status).end();
    }
}
