package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import openledger.fairness.Attribution;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.inference.ResendKind;
import openledger.inference.RouterMetrics;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.RouteId;

/**
 * Counts requests and attempts through the OpenTelemetry API. Attribute sets are bounded by the policy (routes, tiers)
 * and by our enums; no tenant, key or request appears in one. Thread-safe.
 */
public final class OpenTelemetryMetrics implements RouterMetrics {
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("openledger.route");
    private static final AttributeKey<String> MODE = AttributeKey.stringKey("openledger.mode");
    private static final AttributeKey<String> TIER = AttributeKey.stringKey("openledger.tier");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("openledger.status");
    private static final AttributeKey<String> TRIGGER = AttributeKey.stringKey("openledger.trigger");
    private static final AttributeKey<String> ATTRIBUTION = AttributeKey.stringKey("openledger.attribution");
    private static final AttributeKey<String> RESEND = AttributeKey.stringKey("openledger.resend");
    private static final List<Double> SECONDS =
            List.of(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static final double MICROS_A_SECOND = 1e6;

    private final LongCounter requests;
    private final LongCounter attempts;
    private final LongCounter resends;
    private final DoubleHistogram duration;
    private final DoubleHistogram overhead;
    private final Map<RequestKey, Attributes> requestAttributes = new ConcurrentHashMap<>();
    private final Map<AttemptKey, Attributes> attemptAttributes = new ConcurrentHashMap<>();

    public OpenTelemetryMetrics(Meter meter) {
        this.requests = meter.counterBuilder("openledger.requests")
                .setDescription("Finished requests")
                .setUnit("{request}")
                .build();
        this.attempts = meter.counterBuilder("openledger.attempts")
                .setDescription("Attempts spent, refused slots included")
                .setUnit("{attempt}")
                .build();
        this.resends = meter.counterBuilder("openledger.resends")
                .setDescription("Requests that were sent again, those that only seem so included")
                .setUnit("{request}")
                .build();
        this.duration = histogram(meter, "openledger.request.duration", "From arrival to the end of the answer");
        this.overhead = histogram(meter, "openledger.request.overhead", "Time we added: neither upstream nor back-off");
    }

    private static DoubleHistogram histogram(Meter meter, String name, String description) {
        return meter.histogramBuilder(name)
                .setDescription(description)
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    @Override
    public void finished(Route route, Decision decision) {
        RequestKey key = new RequestKey(
                route.id(), decision.servedTier(), decision.status(), decision.trigger(), decision.attribution());
        Attributes of = requestAttributes.computeIfAbsent(key, missing -> attributes(route, missing));
        requests.add(1, of);
        duration.record(decision.timeSplit().total() / MICROS_A_SECOND, of);
        overhead.record(decision.timeSplit().overhead() / MICROS_A_SECOND, of);
        for (AttemptRecord attempt : decision.attempts()) {
            AttemptKey attemptKey = new AttemptKey(route.id(), attempt.tier(), attempt.trigger());
            attempts.add(1, attemptAttributes.computeIfAbsent(attemptKey, missing -> attributes(route, missing)));
        }
    }

    @Override
    public void resend(Route route, ResendKind kind) {
        resends.add(1, Attributes.of(ROUTE, route.name(), RESEND, kind.name()));
    }

    private static Attributes attributes(Route route, RequestKey key) {
        return Attributes.builder()
                .put(ROUTE, route.name())
                .put(MODE, "fast")
                .put(TIER, tier(route, key.tier))
                .put(STATUS, key.status.name())
                .put(TRIGGER, key.trigger.name())
                .put(ATTRIBUTION, key.attribution.name())
                .build();
    }

    private static Attributes attributes(Route route, AttemptKey key) {
        return Attributes.builder()
                .put(ROUTE, route.name())
                .put(TIER, tier(route, key.tier))
                .put(TRIGGER, key.trigger.name())
                .build();
    }

    private static String tier(Route route, int tier) {
        return tier == Decision.NO_TIER ? "none" : route.tiers().get(tier).name();
    }

    private record RequestKey(
            RouteId route, int tier, DecisionStatus status, Trigger trigger, Attribution attribution) {}

    private record AttemptKey(RouteId route, int tier, Trigger trigger) {}
}
