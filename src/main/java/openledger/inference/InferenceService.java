package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import openledger.cluster.ResendRanges;
import openledger.cluster.orphan.Orphans;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.RequestDigest;
import openledger.inference.InferenceOutcome.JournalNotOpen;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceOutcome.LevelLags;
import openledger.inference.InferenceOutcome.NoRoomToHold;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.OwnedElsewhere;
import openledger.inference.InferenceOutcome.Untranslatable;
import openledger.inference.RouterMetrics.RefusalReason;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.RequestBody;
import openledger.inference.confirmed.ConfirmedPorts;
import openledger.inference.confirmed.ConfirmedRetryLoop;
import openledger.inference.confirmed.EpochScheduler;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.origin.OriginReferences.Reference;
import openledger.inference.origin.OriginRule;
import openledger.inference.origin.OriginRule.Consequence.Closes;
import openledger.inference.origin.OriginRule.Consequence.Refuses;
import openledger.inference.origin.Origins;
import openledger.inference.record.FormerRequest;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal;
import openledger.inference.record.Journal.Appended.Accepted;
import openledger.inference.resend.ResendIndex;
import openledger.inference.resend.ResendIndex.Claim.Begin;
import openledger.inference.resend.ResendIndex.Claim.Elsewhere;
import openledger.inference.resend.ResendIndex.Claim.Full;
import openledger.inference.resend.ResendIndex.Claim.Join;
import openledger.inference.resend.ResendIndex.Claim.NotTaken;
import openledger.inference.resend.ResendIndex.Claim.OtherBody;
import openledger.inference.resend.ResendSettings;
import openledger.inference.retry.FastRetryLoop;
import openledger.inference.retry.RetryLoop;
import openledger.inference.retry.RouteTraffic;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.inference.upstream.ProviderView;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.unit.BasisPoints;
import openledger.unit.ResendKey;
import openledger.unit.RouteId;

/**
 * Serves requests: each joins its ledger or begins one, its intent is journalled while the provider works, it is attempted within its
 * ledger, nothing is sent before the intent is durable, and its decision is sealed at the end. Safe for several threads; each request stays
 * on the event loop it came on.
 *
 * <p>Long because it names every step of a request, in either mode.
 */
public final class InferenceService {
    /** What is told to those who find no place among the held: about the time in which many get their plans. */
    private static final Duration WHEN_HELD_ARE_FULL = Duration.ofSeconds(1);

    private static final Duration WHEN_BODIES_ARE_FULL = Duration.ofSeconds(1);

    private static final long NANOS_A_MILLI = 1_000_000;

    private final ServicePorts ports;
    private final ResendIndex resends;
    private final Optional<EpochScheduler> epochs;
    private final ResendRanges ranges;
    private final Map<RouteId, RouteTraffic> traffic = new ConcurrentHashMap<>();

    /** A service over its ports, with all the memory it asks for. */
    public InferenceService(ServicePorts ports, ResendSettings settings) {
        this(ports, settings, FairPool.unbounded());
    }

    /**
     * A service over its ports.
     *
     * @param bytes what bodies and kept answers may take together
     */
    public InferenceService(ServicePorts ports, ResendSettings settings, FairPool bytes) {
        this(ports, settings, bytes, ResendRanges.ALONE, Orphans.NONE);
    }

    /**
     * A service of one of several routers.
     *
     * @param bytes what bodies and kept answers may take together
     * @param ranges for which keys it answers
     * @param others told of requests without a key whose clients have left
     */
    public InferenceService(
            ServicePorts ports, ResendSettings settings, FairPool bytes, ResendRanges ranges, Orphans others) {
        this.ports = ports;
        this.resends = new ResendIndex(settings, bytes, ports.metrics(), ports.time(), ranges, others);
        this.ranges = ranges;
        this.epochs = ports.confirmed().map(lane -> new EpochScheduler(ports, lane));
    }

    /**
     * Routes one request. Cancelling the subscription means that the client has left. Never fails but for a bug.
     */
    public Uni<InferenceOutcome> infer(InferenceRequest admitted) {
        ProviderView view = ports.gateway().viewOf(admitted.route());
        InferenceRequest seen = admitted.with(view);
        ports.gateway().asked(seen.tenant(), seen.route());
        int translations = ports.gateway().translations(view, seen.route(), seen.operation());
        if (translations > 0
                && !seen.place().grow((long) translations * seen.body().received().length)) {
            ports.metrics().refused(RefusalReason.BODIES_FULL);
            return Uni.createFrom().item(new NotAccepted(WHEN_BODIES_ARE_FULL));
        }
        ClosedTargets closed = ports.gateway().closedTo(view, seen.route(), seen.operation(), seen.body());
        if (closed.why().isPresent() && closed.isWhole(seen.route())) {
            Objection why = closed.why().get();
            return Uni.createFrom().item(new Untranslatable(why.member(), why.message()));
        }
        List<Reference> references = Origins.references(seen.route(), seen.operation(), seen.body());
        if (references.isEmpty()) {
            return attempt(seen.with(closed));
        }
        return ports.origins()
                .of(seen.tenant(), references, ports.loops().here())
                .map(answer -> OriginRule.of(seen.route(), answer))
                .chain(follows -> switch (follows) {
                    case Closes(var targets) -> attempt(seen.with(targets));
                    case Refuses(var outcome) -> Uni.createFrom().item(outcome);
                });
    }

    private Uni<InferenceOutcome> attempt(InferenceRequest request) {
        byte[] digest = RequestDigest.withNonce(request.body().digest(), request.nonce());
        return switch (resends.claim(request, digest, spent -> begin(request, digest, spent))) {
            case Begin(var exchange) -> exchange.attach(request);
            case Join(var exchange) -> exchange.attach(request);
            case OtherBody other -> Uni.createFrom().item(new KeyReused());
            case Elsewhere(var retryAfter) -> Uni.createFrom().item(new OwnedElsewhere(retryAfter));
            case NotTaken(var outcome) -> Uni.createFrom().item(outcome);
            case Full(var retryAfter) -> Uni.createFrom().item(new NotAccepted(retryAfter));
        };
    }

    /** Reads what {@link #infer} reads of a body beforehand, which takes long if it is large; thread-safe, and on any thread. */
    public void read(Operation operation, Route route, RequestBody body) {
        ports.gateway().closedTo(ports.gateway().viewOf(route), route, operation, body);
        Origins.references(route, operation, body);
    }

    /** Another policy is in force: what routes share is let go for those that are no more. */
    public void keepTrafficOf(Policy policy) {
        traffic.keySet()
                .retainAll(policy.routes().values().stream().map(Route::id).toList());
    }

    /** What is left of each route's retries in fast mode, by the route's name; for metrics. */
    public Map<String, BasisPoints> retriesLeft() {
        long now = ports.time().nanoTime() / NANOS_A_MILLI;
        Map<String, BasisPoints> left = new TreeMap<>();
        traffic.values().forEach(shared -> left.put(shared.routeName, shared.stormGuard.left(now)));
        return left;
    }

    /** These keys were taken before this router answered for them; to be told before it does. Thread-safe. */
    public void learn(Collection<FormerRequest> before) {
        resends.learn(before);
    }

    /** Who waits without a provider working for it; for metrics. */
    public WaitingRequests waiting() {
        int held = epochs.map(passing -> passing.places().taken()).orElse(0);
        return new WaitingRequests(held, resends.kept(), resends.keptBytes());
    }

    /** Another router answers for the keys of these ranges from now on. */
    public void forgetKeysIn(Set<Integer> ranges) {
        resends.forgetKeysIn(ranges);
    }

    /**
     * Whether a request without a key has lost its client here, and a retry of the same can join it.
     *
     * @param digest of its body and nonce
     */
    public boolean hasOrphan(String tenant, Operation operation, byte[] digest) {
        return resends.hasOrphan(tenant, operation, digest);
    }

    /** The router stops: requests that no client waits for are sealed, so that they are recorded as what they are. */
    public CompletionStage<Void> sealAbandoned() {
        return resends.sealAll();
    }

    /** A request's own ledger, if the journal takes its intent. */
    private ResendIndex.Claim begin(InferenceRequest request, byte[] digest, int spent) {
        return switch (request.terms()) {
            case ModeOptions.Fast fast -> record(request, digest, spent, fast(request));
            case ModeOptions.Confirmed terms -> beginConfirmed(request, digest, spent, terms);
        };
    }

    /** What cannot be held or confirmed now is said before anything is recorded. */
    private ResendIndex.Claim beginConfirmed(
            InferenceRequest request, byte[] digest, int spent, ModeOptions.Confirmed terms) {
        ConfirmedPorts lane = ports.confirmed().orElseThrow(InferenceService::settlesNothing);
        EpochScheduler passing = epochs.orElseThrow(InferenceService::settlesNothing);
        Optional<Duration> lag =
                lane.confirmations().lag(terms.level()).filter(known -> known.compareTo(terms.maxWait()) > 0);
        if (lag.isPresent() && terms.onUnconfirmed() == OnUnconfirmed.FAIL) {
            ports.metrics().refused(laggard(terms.level()));
            return new NotTaken(new LevelLags(terms.level(), lag.get(), terms.maxWait()));
        }
        if (!passing.places().take(request.tenant())) {
            ports.metrics().refused(RefusalReason.HOLD_FULL);
            return new NotTaken(new NoRoomToHold(WHEN_HELD_ARE_FULL));
        }
        ResendIndex.Claim claim = record(request, digest, spent, confirmed(request, terms, lane, passing));
        if (!(claim instanceof Begin)) {
            passing.places().giveBack(request.tenant());
        }
        return claim;
    }

    private static RefusalReason laggard(PlanLevel level) {
        return level == PlanLevel.WITNESSED ? RefusalReason.WITNESSES_LAG : RefusalReason.CHAIN_LAGS;
    }

    private static IllegalStateException settlesNothing() {
        return new IllegalStateException("a router that settles nothing admits no confirmed request");
    }

    private ResendIndex.Claim record(InferenceRequest request, byte[] digest, int spent, RetryLoop.Factory mode) {
        Intent intent = intent(request, digest);
        return switch (ports.journal().append(intent)) {
            case Journal.Appended.Full(var retryAfter) -> {
                ports.metrics().refused(RefusalReason.JOURNAL_FULL);
                yield new Full(retryAfter);
            }
            case Journal.Appended.NotOpen(var why, var retryAfter) -> {
                ports.metrics().refused(RefusalReason.JOURNAL_NOT_OPEN);
                yield new NotTaken(new JournalNotOpen(why, retryAfter));
            }
            case Accepted accepted -> {
                RequestMetricContext how = new RequestMetricContext(
                        shared(request.route()).utilisationPercent(), request.trace(), request.closed());
                yield new Begin(new RequestSession(request, intent, accepted, spent, mode, how, ports, resends));
            }
        };
    }

    private RetryLoop.Factory fast(InferenceRequest request) {
        return (context, log) -> new FastRetryLoop(
                request,
                context.upstream(),
                log,
                context.spent(),
                shared(request.route()),
                ports.gateway(),
                ports.journal(),
                ports.time(),
                ThreadLocalRandom.current());
    }

    private RetryLoop.Factory confirmed(
            InferenceRequest request, ModeOptions.Confirmed terms, ConfirmedPorts lane, EpochScheduler passing) {
        return (context, log) -> new ConfirmedRetryLoop(
                context,
                request.route(),
                request.closed(),
                log,
                shared(request.route()),
                ports,
                passing,
                new PlanConfirmation(
                        context.id(),
                        request.route(),
                        terms,
                        ports,
                        lane.confirmations(),
                        ports.loops().here()));
    }

    private RouteTraffic shared(Route route) {
        return traffic.computeIfAbsent(route.id(), id -> new RouteTraffic(route, ports.gateway(), ranges::routers));
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
                request.nonce(),
                key(request));
    }

    private static Optional<ResendKey> key(InferenceRequest request) {
        return request.resend().isKeyed()
                ? Optional.of(ResendKey.of(request.tenant(), request.resend().idempotencyKey()))
                : Optional.empty();
    }
}
