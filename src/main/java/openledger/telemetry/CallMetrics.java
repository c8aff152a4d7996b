package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.LeafMode;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/** What is measured of attempts: each as spent, and those that were calls as the GenAI conventions have them. Thread-safe. */
final class CallMetrics {
    private static final double MICROS_A_SECOND = 1e6;

    private final LongCounter attempts;
    private final DoubleHistogram duration;
    private final DoubleHistogram firstChunk;
    private final Map<OfAttempt, Attributes> spent = new ConcurrentHashMap<>();
    private final Map<OfCall, Attributes> calls = new ConcurrentHashMap<>();

    CallMetrics(Meter meter) {
        this.attempts = Metrics.ATTEMPTS.counter(meter);
        this.duration = Metrics.CALL_DURATION.histogram(meter);
        this.firstChunk = Metrics.FIRST_CHUNK.histogram(meter);
    }

    void finished(Route route, Decision decision, Context context) {
        for (AttemptRecord attempt : decision.attempts()) {
            attempts.add(1, spent(route, decision.mode(), attempt));
            if (attempt.target() != TargetId.NONE && !attempt.trigger().isRefusal()) {
                called(route, decision, attempt, context);
            }
        }
    }

    private void called(Route route, Decision decision, AttemptRecord attempt, Context context) {
        Operation operation = decision.intent().operation();
        boolean serves = attempt.trigger() == Trigger.NONE && attempt.target() == decision.servedTarget();
        long streamed = serves ? decision.timeSplit().stream() : 0;
        duration.record(
                (attempt.micros() + streamed) / MICROS_A_SECOND,
                call(route, operation, attempt, attempt.trigger()),
                context);
        if (serves) {
            firstChunk.record(
                    attempt.micros() / MICROS_A_SECOND, call(route, operation, attempt, Trigger.NONE), context);
        }
    }

    private Attributes spent(Route route, LeafMode mode, AttemptRecord attempt) {
        OfAttempt key = new OfAttempt(route.id(), mode, attempt.tier(), attempt.trigger());
        Attributes there = spent.get(key);
        return there != null
                ? there
                : spent.computeIfAbsent(
                        key,
                        first -> Attributes.builder()
                                .put(Dimensions.ROUTE, route.name())
                                .put(Dimensions.MODE, first.mode.routing().word())
                                .put(Dimensions.TIER, RequestAttributes.tier(route, first.tier))
                                .put(Dimensions.TRIGGER, first.trigger.name())
                                .build());
    }

    private Attributes call(Route route, Operation operation, AttemptRecord attempt, Trigger trigger) {
        OfCall key = new OfCall(route.id(), operation, attempt.target(), trigger);
        Attributes there = calls.get(key);
        return there != null ? there : calls.computeIfAbsent(key, first -> call(route, attempt, first));
    }

    private static Attributes call(Route route, AttemptRecord attempt, OfCall key) {
        AttributesBuilder builder = target(route, attempt)
                .map(target -> RequestAttributes.call(route, target, key.operation))
                .orElseGet(Attributes::builder);
        if (key.trigger != Trigger.NONE) {
            builder.put(Dimensions.ERROR, key.trigger.name());
        }
        return builder.build();
    }

    static Optional<Target> target(Route route, AttemptRecord attempt) {
        return route.tiers().get(attempt.tier()).targets().stream()
                .filter(target -> target.id().value() == attempt.target())
                .findFirst();
    }

    private record OfAttempt(RouteId route, LeafMode mode, int tier, Trigger trigger) {}

    private record OfCall(RouteId route, Operation operation, int target, Trigger trigger) {}
}
