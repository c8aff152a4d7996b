package openledger.wiring.warmup;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.KeyLimiter;
import openledger.access.KeyLimits;
import openledger.access.KnownCallers;
import openledger.access.ListedCallers;
import openledger.access.TokenCallers;
import openledger.cluster.Peers;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.Orphans;
import openledger.cluster.share.RateShares;
import openledger.http.HttpLimits;
import openledger.http.SettlementAccess;
import openledger.http.access.Authenticator;
import openledger.http.inference.InferenceRoutes;
import openledger.inference.CurrentPolicy;
import openledger.inference.InferenceService;
import openledger.inference.OriginStore;
import openledger.inference.RouterMetrics;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.TraceSampling;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.origin.Origins;
import openledger.inference.resend.ResendSettings;
import openledger.provider.HttpProviderGateway;
import openledger.provider.target.CircuitSettings;
import openledger.routing.Backoff;
import openledger.routing.CallTimeouts;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.RetryGrid;
import openledger.routing.Route;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;
import openledger.routing.SlotBounds;
import openledger.routing.StormLimits;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.store.journal.UnwrittenJournal;
import openledger.telemetry.OpenTelemetryMetrics;
import openledger.telemetry.Telemetry;
import openledger.telemetry.TelemetrySettings;
import openledger.unit.BasisPoints;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.wiring.loop.VertxEventLoops;

/**
 * A router of the same parts as ours, with a policy, callers, ledgers and figures of its own, a journal that writes nothing, and a door on
 * 127.0.0.1. Nothing of ours hears of what is asked there.
 */
final class WarmUpRouter {
    private static final LaneId LANE = new LaneId(1);
    private static final int DEPTH = 128;
    private static final int BODY = 1 << 16;
    private static final int EVERYTHING = 10_000;
    private static final int AT_ONCE = 1_000;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final CallTimeouts TIMEOUTS =
            new CallTimeouts(LONGEST, LONGEST, Optional.empty(), LONGEST, LONGEST.multipliedBy(2));

    private final HttpProviderGateway gateway;
    private final HttpServer server;

    /**
     * A router that is not open.
     *
     * @param provider port of the provider that it calls
     * @param key of its only caller
     */
    WarmUpRouter(Vertx vertx, Timekeeper time, int provider, String key) {
        Policy policy = policy(URI.create("http://127.0.0.1:" + provider));
        Origins origins = new Origins(OriginStore.NONE, time);
        CircuitSettings circuit = new CircuitSettings(20, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
        gateway = new HttpProviderGateway(vertx, circuit, time, origins);
        gateway.learn(policy, Map.of(), Map.of());
        RouterMetrics metrics = new RouterMetrics.Both(
                new FairnessBoard((tenant, millis) -> 0, time),
                new OpenTelemetryMetrics(Telemetry.start(TelemetrySettings.OFF), "none"));
        FairPool bytes = FairPool.unbounded();
        ServicePorts ports = new ServicePorts(
                gateway,
                new UnwrittenJournal(LANE),
                time,
                new VertxEventLoops(vertx),
                metrics,
                Optional.empty(),
                origins);
        ResendSettings resends =
                new ResendSettings(LONGEST, LONGEST, LONGEST, BODY, BODY, AT_ONCE, ResendSettings.FirstCall.EAGER);
        InferenceService service = new InferenceService(ports, resends, bytes);
        HttpLimits limits = new HttpLimits(BODY, LONGEST, 1, AT_ONCE, LONGEST, LONGEST);
        KnownCallers callers = new KnownCallers(List.of(new ListedCallers(
                Map.of(KeyDigest.of(key), new Caller("warm-up", "warm-up", KeyLimits.NONE, Optional.empty())))));
        Authenticator authenticator = new Authenticator(callers, TokenCallers.NONE, time, limits);
        KeyLimiter limiter = new KeyLimiter(RateShares.WHOLE, time::nanoTime);
        Admission admission = new Admission(new CurrentPolicy(policy), DEPTH, Optional.empty());
        InferenceRoutes routes = new InferenceRoutes(
                () -> authenticator,
                () -> limiter,
                () -> admission,
                () -> service,
                () -> time,
                () -> limits,
                () -> SettlementAccess.OFF,
                () -> TraceSampling.OFF,
                () -> metrics,
                () -> bytes,
                () -> ResendRanges.ALONE,
                () -> Peers.NONE,
                () -> Orphans.NONE,
                false);
        server = vertx.createHttpServer(WarmUpProvider.here()).requestHandler(routes.alone(vertx));
    }

    /** Its port. */
    Future<Integer> open() {
        return server.listen().map(HttpServer::actualPort);
    }

    void close() {
        server.close();
        gateway.close();
    }

    /** A provider and a route of the same name for each. */
    private static Policy policy(URI address) {
        List<Provider> providers = new ArrayList<>();
        Map<String, Route> routes = new LinkedHashMap<>();
        for (Rehearsed each : Rehearsed.values()) {
            providers.add(
                    new Provider(each.name(), each.dialect, Set.of(each.operation), address.resolve("/v1"), TIMEOUTS));
            routes.put(each.name(), route(each));
        }
        return new Policy(providers, routes);
    }

    private static Route route(Rehearsed each) {
        Target target = new Target(
                new TargetId(each.number), each.name(), "warm-up", 1, new SlotBounds(AT_ONCE, AT_ONCE, AT_ONCE));
        return new Route(
                new RouteId(each.number),
                each.name(),
                List.of(new Tier("warm-up", 1, List.of(target))),
                Set.of(each.operation),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
                Optional.empty(),
                new StormLimits(new BasisPoints(EVERYTHING), 1, LONGEST),
                new RouteModes(Set.of(RoutingMode.FAST), RoutingMode.FAST, new RetryGrid(Duration.ofMillis(100), 1)));
    }

    /** What is asked, of a provider and a route of the same name. */
    enum Rehearsed {
        CHAT(1, Dialect.OPENAI, Operation.CHAT),
        MESSAGES(2, Dialect.ANTHROPIC, Operation.MESSAGES);

        final int number;
        final Dialect dialect;
        final Operation operation;

        Rehearsed(int number, Dialect dialect, Operation operation) {
            this.number = number;
            this.dialect = dialect;
            this.operation = operation;
        }
    }
}
