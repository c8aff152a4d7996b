package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.TokenUsage;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/** The metrics of attempts: each as spent, and those that were calls as the GenAI conventions have them. Thread-safe. */
final class CallMetrics {
    private static final List<Double> TOKENS = List.of(
            1., 4., 16., 64., 256., 1024., 4096., 16384., 65536., 262144., 1048576., 4194304., 16777216., 67108864.);
    private static final Metric ATTEMPTS = Metric.counter(
            "openledger.attempts",
            "{attempt}",
            "Attempts spent, refused slots included; STORM_GUARD are the denials of the storm guard",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.TIER,
            Dimensions.TRIGGER);
    private static final Metric CALL_DURATION = Metric.histogram(
            "gen_ai.client.operation.duration",
            "s",
            Metric.SECONDS,
            "Calls of providers, to the end of the answer",
            Dimensions.OPERATION,
            Dimensions.PROVIDER,
            Dimensions.REQUEST_MODEL,
            Dimensions.RESPONSE_MODEL,
            Dimensions.ERROR);
    private static final Metric FIRST_CHUNK = Metric.histogram(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            Metric.SECONDS,
            "Calls of providers that answered, to the first content",
            Dimensions.OPERATION,
            Dimensions.PROVIDER,
            Dimensions.REQUEST_MODEL,
            Dimensions.RESPONSE_MODEL);
    private static final Metric TOKEN_USAGE = Metric.histogram(
            "gen_ai.client.token.usage",
            "{token}",
            TOKENS,
            "Tokens of whole answers, as providers count them",
            Dimensions.OPERATION,
            Dimensions.PROVIDER,
            Dimensions.REQUEST_MODEL,
            Dimensions.RESPONSE_MODEL,
            Dimensions.TOKEN_TYPE);
    private static final Metric SUBSTITUTIONS = Metric.counter(
            "openledger.answers.substituted",
            "{answer}",
            "Answers of another model than requested, as the provider reports",
            Dimensions.ROUTE,
            Dimensions.TARGET);

    private static final double MICROS_A_SECOND = 1e6;

    private final LongCounter attempts;
    private final DoubleHistogram duration;
    private final DoubleHistogram firstChunk;
    private final DoubleHistogram tokens;
    private final LongCounter substitutions;
    private final AnsweredModels models = new AnsweredModels();
    private final Map<OfAttempt, Attributes> spent = new ConcurrentHashMap<>();
    private final Map<CallKey, OfCall> calls = new ConcurrentHashMap<>();

    CallMetrics(Meter meter) {
        this.attempts = ATTEMPTS.counter(meter);
        this.duration = CALL_DURATION.histogram(meter);
        this.firstChunk = FIRST_CHUNK.histogram(meter);
        this.tokens = TOKEN_USAGE.histogram(meter);
        this.substitutions = SUBSTITUTIONS.counter(meter);
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
        Optional<Target> asked = target(route, attempt);
        String model = asked.map(target -> models.of(target, attempt)).orElse("");
        boolean serves = attempt.trigger() == Trigger.NONE && attempt.target() == decision.servedTarget();
        long streamed = serves ? decision.timeSplit().stream() : 0;
        OfCall call = call(route, operation, attempt, model);
        duration.record((attempt.micros() + streamed) / MICROS_A_SECOND, call.ended, context);
        if (serves) {
            firstChunk.record(attempt.micros() / MICROS_A_SECOND, call.ended, context);
        }
        if (attempt.detail().usage().isPresent()) {
            TokenUsage usage = attempt.detail().usage().get();
            record(usage.input(), call.input, context);
            record(usage.output(), call.output, context);
        }
        asked.filter(target -> AnsweredModels.isSubstitute(target, attempt))
                .ifPresent(target -> substitutions.add(
                        1, Attributes.of(Dimensions.ROUTE, route.name(), Dimensions.TARGET, target.name())));
    }

    private void record(long count, Attributes of, Context context) {
        if (count != TokenUsage.UNKNOWN) {
            tokens.record((double) count, of, context);
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

    private OfCall call(Route route, Operation operation, AttemptRecord attempt, String model) {
        CallKey key = new CallKey(route.id(), operation, attempt.target(), model, attempt.trigger());
        OfCall there = calls.get(key);
        return there != null ? there : calls.computeIfAbsent(key, first -> OfCall.of(route, attempt, first));
    }

    static Optional<Target> target(Route route, AttemptRecord attempt) {
        for (Target target : route.tiers().get(attempt.tier()).targets()) {
            if (target.id().value() == attempt.target()) {
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }

    private record OfAttempt(RouteId route, LeafMode mode, int tier, Trigger trigger) {}

    private record CallKey(RouteId route, Operation operation, int target, String model, Trigger trigger) {}

    /** The attributes of what is measured of a call: how it ended, and its tokens. */
    private record OfCall(Attributes ended, Attributes input, Attributes output) {
        static OfCall of(Route route, AttemptRecord attempt, CallKey key) {
            Attributes call = target(route, attempt)
                    .map(target -> RequestAttributes.call(route, target, key.operation, key.model))
                    .orElseGet(Attributes::builder)
                    .build();
            return new OfCall(
                    key.trigger == Trigger.NONE ? call : with(call, Dimensions.ERROR, key.trigger.name()),
                    with(call, Dimensions.TOKEN_TYPE, "input"),
                    with(call, Dimensions.TOKEN_TYPE, "output"));
        }

        private static Attributes with(Attributes call, AttributeKey<String> key, String value) {
            return call.toBuilder().put(key, value).build();
        }
    }
}
