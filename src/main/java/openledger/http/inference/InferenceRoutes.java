package openledger.http.inference;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import openledger.access.KeyLimiter;
import openledger.cluster.HopFields;
import openledger.cluster.Peers;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.Orphans;
import openledger.http.HttpLimits;
import openledger.http.SettlementAccess;
import openledger.http.access.Authenticator;
import openledger.http.header.FactHeaders;
import openledger.http.header.RequestIdHeader;
import openledger.http.receipt.SignedReceiptIssuer;
import openledger.inference.InferenceService;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.FairPermits;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.TraceSampling;
import openledger.routing.Operation;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The operations as Vert.x routes: the hot path, which a resource method would slow by a third (see docs/explanation/0002-hot-path.md). The
 * routes exist before the beans behind them, so until the start is over they answer 503 with a time to wait.
 */
@Singleton
public final class InferenceRoutes {
    private static final int BEFORE_QUARKUS = -1_000;
    /** Behind Quarkus' own rules for requests of other origins (-300), before all else that it does. */
    private static final int BEHIND_CORS = -250;

    private final Provider<Authenticator> authenticator;
    private final Provider<KeyLimiter> keyLimiter;
    private final Provider<Admission> admission;
    private final Provider<InferenceService> service;
    private final Provider<Timekeeper> time;
    private final Provider<HttpLimits> limits;
    private final Provider<SettlementAccess> settlement;
    private final Provider<TraceSampling> sampling;
    private final Provider<RouterMetrics> metrics;
    private final Provider<FairPool> bytes;
    private final Provider<ResendRanges> ranges;
    private final Provider<Peers> peers;
    private final Provider<Orphans> orphans;
    private final Map<Operation, OutcomeRenderer> renderers = new EnumMap<>(Operation.class);
    private final boolean hasCors;
    private volatile @Nullable InferencePorts ports;
    private volatile boolean stopping;

    /** Routes over collaborators that are asked for once all of them are there. */
    @Inject
    public InferenceRoutes(
            Provider<Authenticator> authenticator,
            Provider<KeyLimiter> keyLimiter,
            Provider<Admission> admission,
            Provider<InferenceService> service,
            Provider<Timekeeper> time,
            Provider<HttpLimits> limits,
            Provider<SettlementAccess> settlement,
            Provider<TraceSampling> sampling,
            Provider<RouterMetrics> metrics,
            Provider<FairPool> bytes,
            Provider<ResendRanges> ranges,
            Provider<Peers> peers,
            Provider<Orphans> orphans,
            @ConfigProperty(name = "quarkus.http.cors.enabled", defaultValue = "false") boolean hasCors) {
        this.authenticator = authenticator;
        this.keyLimiter = keyLimiter;
        this.admission = admission;
        this.service = service;
        this.time = time;
        this.limits = limits;
        this.settlement = settlement;
        this.sampling = sampling;
        this.metrics = metrics;
        this.bytes = bytes;
        this.ranges = ranges;
        this.peers = peers;
        this.orphans = orphans;
        this.hasCors = hasCors;
        FactHeaders headers = new FactHeaders();
        for (Operation operation : Operation.values()) {
            renderers.put(operation, new OutcomeRenderer(ApiFlavor.of(operation), headers, this::patience));
        }
    }

    /** Requests that are there at once. */
    int inFlight() {
        InferencePorts open = ports;
        return open == null ? 0 : open.admissionFilter().inFlight();
    }

    /** The operations come first, for each handler before them is one for each request; but behind rules for other origins, if there are any. */
    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS + 1).handler(context -> {
            RequestIdHeader.echo(context.request());
            context.next();
        });
        renderers.forEach((operation, renderer) -> router.route(HttpMethod.POST, path(operation))
                .order(hasCors ? BEHIND_CORS : BEFORE_QUARKUS)
                .handler(context -> handle(operation, renderer, context.request())));
    }

    private ReaderPatience patience() {
        return new ReaderPatience(time.get(), limits.get().readerTimeout());
    }

    /** Whether an operation has that path, so that there is something, though not for any method. */
    public static boolean isOperation(String path) {
        return operation(path).isPresent();
    }

    public static String path(Operation operation) {
        return switch (operation) {
            case CHAT -> "/v1/chat/completions";
            case EMBEDDINGS -> "/v1/embeddings";
            case RESPONSES -> "/v1/responses";
            case MESSAGES -> "/v1/messages";
            case COUNT_TOKENS -> "/v1/messages/count_tokens";
        };
    }

    /** The operations alone, open at once. */
    public Handler<HttpServerRequest> alone(Vertx vertx) {
        Router router = Router.router(vertx);
        register(router);
        open();
        return router;
    }

    void open(@Observes StartupEvent started) {
        open();
    }

    private void open() {
        AdmissionFilter admissionFilter = new AdmissionFilter(
                authenticator.get(),
                keyLimiter.get(),
                time.get(),
                new FairPermits(limits.get().mostInFlight()),
                bytes.get(),
                metrics.get());
        ports = new InferencePorts(
                admissionFilter,
                admission.get(),
                service.get(),
                time.get(),
                limits.get(),
                new LargeBodies(),
                new SignedReceiptIssuer(settlement.get()),
                metrics.get(),
                sampling.get(),
                new Forwarding(
                        ranges.get(),
                        peers.get(),
                        limits.get().longestRequest(),
                        time.get(),
                        patience(),
                        metrics.get()),
                new RetryForwarding(
                        orphans.get(),
                        service.get(),
                        peers.get(),
                        limits.get().longestRequest(),
                        time.get(),
                        patience(),
                        metrics.get()));
    }

    /** The operation of that path, if it is one. */
    static Optional<Operation> operation(String path) {
        return Arrays.stream(Operation.values())
                .filter(operation -> path(operation).equals(path))
                .findFirst();
    }

    /**
     * A request that another router has forwarded, which has been found to be its. While we stop, those whose range we have given away
     * already find their way.
     */
    void handleForwarded(Operation operation, HttpServerRequest request, HopFields hop) {
        OutcomeRenderer renderer = Objects.requireNonNull(renderers.get(operation));
        RequestIdHeader.echo(request);
        InferencePorts open = ports;
        if (open == null) {
            renderer.renderNotNow("The router is starting.", request.response());
        } else {
            open.admissionFilter()
                    .enter(request, new InferenceExchange(operation, renderer, request, open, Optional.of(hop)));
        }
    }

    /** What is on its way is answered; whoever comes now may find another router. */
    void close(@Observes ShutdownDelayInitiatedEvent soon) {
        stopping = true;
    }

    private void handle(Operation operation, OutcomeRenderer renderer, HttpServerRequest request) {
        RequestIdHeader.echo(request);
        InferencePorts open = ports;
        if (open == null) {
            renderer.renderNotNow("The router is starting.", request.response());
        } else if (stopping) {
            request.response().headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            renderer.renderNotNow("The router is stopping.", request.response());
        } else {
            open.admissionFilter().enter(request, new InferenceExchange(operation, renderer, request, open));
        }
    }
}
