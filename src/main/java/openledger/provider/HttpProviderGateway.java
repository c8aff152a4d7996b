package openledger.provider;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import openledger.budget.AttemptPermit;
import openledger.inference.CallResult;
import openledger.inference.ProviderGateway;
import openledger.inference.Timekeeper;
import openledger.inference.UpstreamRequest;
import openledger.routing.Policy;
import openledger.routing.Provider;
import openledger.routing.Target;
import openledger.routing.TargetLoad;
import openledger.routing.Trigger;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/** Calls providers over HTTP/1.1. One for all event loops; each call stays on the loop it was made on. */
public final class HttpProviderGateway implements ProviderGateway {
    private static final CallResult NO_SLOT = new CallResult.Failed(Trigger.NO_CAPACITY, 0, Optional.empty(), "");

    private final Timekeeper time;
    private final Map<TargetId, GuardedTarget> targets = new HashMap<>();

    /**
     * A gateway to the targets of a policy.
     *
     * @param credentials by provider name; a provider that is not in there is called without
     */
    public HttpProviderGateway(
            Vertx vertx, Policy policy, Map<String, Credential> credentials, CircuitSettings circuit, Timekeeper time) {
        this.time = time;
        Map<String, ProviderEndpoint> endpoints = new HashMap<>();
        for (Provider provider : policy.providers()) {
            Optional<Credential> credential = Optional.ofNullable(credentials.get(provider.name()));
            endpoints.put(provider.name(), new ProviderEndpoint(vertx, provider, credential));
        }
        policy.routes().values().stream()
                .flatMap(route -> route.tiers().stream())
                .flatMap(tier -> tier.targets().stream())
                .forEach(target -> targets.computeIfAbsent(
                        target.id(),
                        id -> GuardedTarget.of(target, known(endpoints.get(target.provider())), circuit, time)));
    }

    @Override
    public TargetLoad load(Target target) {
        return guarded(target).state;
    }

    @Override
    public Uni<CallResult> call(AttemptPermit permit, Target target, UpstreamRequest request) {
        GuardedTarget guarded = guarded(target);
        if (!guarded.state.reserve()) {
            return Uni.createFrom().item(NO_SLOT);
        }
        UpstreamCall call = new UpstreamCall(
                guarded.endpoint,
                guarded.state,
                time,
                request,
                request.body().withModel(guarded.modelJson),
                request.requestId() + "-" + permit.number());
        return Uni.createFrom().emitter(to -> {
            to.onTermination(call::departIfWaitedFor);
            guarded.guard.run(call::start).whenComplete((result, failure) -> {
                call.settle();
                to.complete(failure == null ? result : resultOf(failure, call));
            });
        });
    }

    /** Behind the guard a failure is a result again; one that is none of ours means that the guard did not call. */
    private static CallResult resultOf(Throwable failure, UpstreamCall call) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof CallFailure ours) {
            return ours.result();
        }
        call.depart();
        return NO_SLOT;
    }

    private GuardedTarget guarded(Target target) {
        return known(targets.get(target.id()));
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("not in the policy of this gateway");
        }
        return value;
    }

    /** A target with what it takes to call it. */
    @SuppressWarnings("ArrayRecordComponent") // read by us alone
    private record GuardedTarget(ProviderEndpoint endpoint, TargetState state, TargetGuard guard, byte[] modelJson) {
        static GuardedTarget of(Target target, ProviderEndpoint endpoint, CircuitSettings circuit, Timekeeper time) {
            TargetState state = new TargetState(target.slots(), time::nanoTime);
            return new GuardedTarget(endpoint, state, new TargetGuard(target, circuit, state), quoted(target.model()));
        }

        private static byte[] quoted(String model) {
            String escaped = new String(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance()
                    .quoteAsString(model));
            return ("\"" + escaped + "\"").getBytes(StandardCharsets.UTF_8);
        }
    }
}
