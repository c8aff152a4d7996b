package openledger.provider;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.budget.AttemptPermit;
import openledger.cluster.News;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotShares;
import openledger.inference.Timekeeper;
import openledger.inference.admission.RequestBody;
import openledger.inference.record.AttemptDetail;
import openledger.inference.upstream.AccountFault;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ClaimedSlot;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.LimitKind;
import openledger.inference.upstream.LimitStanding;
import openledger.inference.upstream.MadeNames;
import openledger.inference.upstream.ProviderGateway;
import openledger.inference.upstream.ProviderView;
import openledger.inference.upstream.SlotTicket;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.call.CallFailure;
import openledger.provider.call.UpstreamCall;
import openledger.provider.dialect.CallContext;
import openledger.provider.target.CircuitSettings;
import openledger.provider.target.GuardedTarget;
import openledger.provider.target.TargetDirectory;
import openledger.provider.target.TargetGuard;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.Trigger;
import openledger.routing.allocation.SlotLine;
import openledger.routing.choice.TargetLoad;

/**
 * Calls providers over HTTP/1.1. One for all event loops; each call stays on the loop it was made on. Long because everything that can
 * happen to a slot, from its reservation to its return, is in one place.
 */
public final class HttpProviderGateway implements ProviderGateway {
    private static final CallResult NO_SLOT =
            new CallResult.Failed(Trigger.NO_CAPACITY, 0, Optional.empty(), "", AttemptDetail.NONE);

    /** Longer than any request that began with a provider as it was, its client's absence included: keys may change every day. */
    private static final long RETIREMENT_MILLIS = Duration.ofHours(3).toMillis();

    private final Vertx vertx;
    private final CircuitSettings circuit;
    private final Timekeeper time;
    private final MadeNames made;
    private final News news;
    private final SlotShares slots;
    private final Map<String, ProviderAccount> accounts = new ConcurrentHashMap<>();
    private volatile TargetDirectory directory = TargetDirectory.EMPTY;

    /**
     * A gateway that knows no targets yet.
     *
     * @param made told by which names answers can be referred to
     */
    public HttpProviderGateway(Vertx vertx, CircuitSettings circuit, Timekeeper time, MadeNames made) {
        this(vertx, circuit, time, made, News.NONE, SlotShares.ALONE);
    }

    /**
     * The same.
     *
     * @param news told of targets that their providers close
     * @param slots which part of a target's slots is this router's
     */
    public HttpProviderGateway(
            Vertx vertx, CircuitSettings circuit, Timekeeper time, MadeNames made, News news, SlotShares slots) {
        this.news = news;
        this.slots = slots;
        this.made = made;
        this.vertx = vertx;
        this.circuit = circuit;
        this.time = time;
    }

    /**
     * Learns the targets of a policy; those of earlier ones stay known to the requests that began with them.
     *
     * @param credentials by provider name; a provider that is not in there is called without
     * @param egress by provider name; a provider that is not in there is called straight
     */
    public synchronized void learn(Policy policy, Map<String, Credential> credentials, Map<String, Egress> egress) {
        directory = directory.with(
                policy,
                credentials,
                egress,
                reach -> new ProviderEndpoint(
                        vertx,
                        reach.provider(),
                        reach.credential(),
                        reach.egress(),
                        accountAt(reach.provider().name())),
                (target, endpoint) -> GuardedTarget.of(target, endpoint, circuit, time, news, slots));
        slots.follow(directory.keysOf(policy));
        directory.retired().forEach(endpoint -> vertx.setTimer(RETIREMENT_MILLIS, over -> endpoint.close()));
    }

    /** Closes the connections to the providers of the policy in force, when no call can begin any more. */
    public synchronized void close() {
        directory.endpoints().forEach(ProviderEndpoint::close);
    }

    /** Another router's provider has closed that target for so long; nothing happens if it is none of ours. */
    public void heardClosed(TargetKey target, Duration left) {
        for (GuardedTarget ours : directory.targets()) {
            if (ours.key().equals(target)) {
                ours.state().heardClosed(left);
            }
        }
    }

    private ProviderAccount accountAt(String provider) {
        return accounts.computeIfAbsent(provider, name -> new ProviderAccount(name, time::nanoTime));
    }

    @Override
    public Map<LimitKind, LimitStanding> limits(Target target) {
        return directory.target(target.id()).state().limits().standings();
    }

    @Override
    public Map<AccountFault, Long> accountFaults(String provider) {
        return accountAt(provider).counts();
    }

    /** Asks the providers of the policy in force with these keys from now on; false if they are the same. */
    public synchronized boolean renew(Policy policy, Map<String, Credential> credentials, Map<String, Egress> egress) {
        TargetDirectory before = directory;
        learn(policy, credentials, egress);
        return !directory.asksAs(before);
    }

    @Override
    public TargetLoad load(Target target) {
        return directory.target(target.id()).state();
    }

    @Override
    public ProviderView viewOf(Route route) {
        return directory.viewOf(route);
    }

    @Override
    public void asked(String tenant, Route route) {
        TargetDirectory known = directory;
        for (Tier tier : route.tiers()) {
            for (Target target : tier.targets()) {
                known.target(target.id()).state().circuit().asked(tenant);
            }
        }
    }

    @Override
    public int translations(ProviderView view, Route route, Operation operation) {
        return directoryOf(view).translations(route, operation);
    }

    @Override
    public ClosedTargets closedTo(ProviderView view, Route route, Operation operation, RequestBody body) {
        return directoryOf(view).closedTo(route, operation, body);
    }

    @Override
    public Uni<CallResult> call(AttemptPermit permit, Target target, UpstreamRequest request) {
        return Uni.createFrom().deferred(() -> {
            GuardedTarget guarded = directory.target(target.id());
            return guarded.state().reserve()
                    ? inReservedSlot(permit, guarded, request)
                    : Uni.createFrom().item(NO_SLOT);
        });
    }

    /** How the request's targets are reached; those of now for one that was made without a view. */
    private TargetDirectory directoryOf(ProviderView view) {
        return view instanceof TargetDirectory then ? then : directory;
    }

    @Override
    public List<ClaimedSlot> claim(Target target, int most) {
        GuardedTarget guarded = directory.target(target.id());
        List<ClaimedSlot> claimed = new ArrayList<>();
        while (claimed.size() < most && guarded.state().reserve()) {
            claimed.add(new ReservedSlot(guarded));
        }
        guarded.state().missed(most - claimed.size());
        return claimed;
    }

    @Override
    public SlotTicket await(Target target, long turn) {
        GuardedTarget guarded = directory.target(target.id());
        SlotLine.Place place = guarded.state().lineUp(turn);
        return new SlotTicket() {
            @Override
            public Optional<ClaimedSlot> take() {
                return place.take() ? Optional.of(new ReservedSlot(guarded)) : Optional.empty();
            }

            @Override
            public void leave() {
                place.leave();
            }
        };
    }

    /** Calls in a slot that is ours: whatever is thrown before the call has it gives it back. */
    private Uni<CallResult> inReservedSlot(AttemptPermit permit, GuardedTarget guarded, UpstreamRequest request) {
        UpstreamCall call;
        try {
            call = prepared(permit, guarded, request);
        } catch (RuntimeException bug) {
            guarded.state().release();
            return Uni.createFrom().failure(bug);
        }
        return Uni.createFrom().emitter(to -> {
            to.onTermination(call::departIfWaitedFor);
            run(request.tenant(), guarded, call).whenComplete((result, failure) -> {
                if (failure == null) {
                    to.complete(result);
                } else {
                    finish(to, failure, call);
                }
            });
        });
    }

    /** In the words of the target's provider as it was when the request began, whatever it is now. */
    private UpstreamCall prepared(AttemptPermit permit, GuardedTarget guarded, UpstreamRequest request) {
        ProviderEndpoint endpoint =
                directoryOf(request.view()).target(guarded.target().id()).endpoint();
        return new UpstreamCall(
                endpoint,
                guarded,
                time,
                request,
                endpoint.dialect()
                        .encode(
                                request,
                                new CallContext(
                                        guarded.modelJson(),
                                        endpoint.usage(),
                                        Instant.ofEpochMilli(time.epochMillis()),
                                        name -> made.made(
                                                request.tenant(),
                                                guarded.target().provider(),
                                                name))),
                permit.number());
    }

    private static CompletionStage<CallResult> run(String tenant, GuardedTarget guarded, UpstreamCall call) {
        try {
            return guarded.guard().run(tenant, call::start);
        } catch (RuntimeException bug) {
            return CompletableFuture.failedStage(bug);
        }
    }

    /**
     * Behind the guard a failure is a result again. One that is none of ours means that the guard did not call, or that the call was
     * never begun for a bug; either way the slot is given back.
     */
    private static void finish(UniEmitter<? super CallResult> to, Throwable failure, UpstreamCall call) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof CallFailure ours) {
            to.complete(ours.result());
            return;
        }
        call.depart();
        if (cause instanceof TargetGuard.NotCalled) {
            to.complete(NO_SLOT);
        } else {
            to.fail(cause);
        }
    }

    /** A slot taken in advance. From its use on it is the call's, which gives it back. */
    private final class ReservedSlot implements ClaimedSlot {
        private final GuardedTarget guarded;
        private final AtomicBoolean isOurs = new AtomicBoolean(true);

        ReservedSlot(GuardedTarget guarded) {
            this.guarded = guarded;
        }

        @Override
        public Target target() {
            return guarded.target();
        }

        @Override
        public Uni<CallResult> call(AttemptPermit permit, UpstreamRequest request) {
            return Uni.createFrom().deferred(() -> {
                if (!guarded.state().isOpen()) {
                    release();
                }
                return isOurs.compareAndSet(true, false)
                        ? inReservedSlot(permit, guarded, request)
                        : Uni.createFrom().item(NO_SLOT);
            });
        }

        @Override
        public void release() {
            if (isOurs.compareAndSet(true, false)) {
                guarded.state().release();
            }
        }
    }
}
