package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.AttemptRecord;
import openledger.inference.Decision;
import openledger.inference.ModeTerms.OnUnconfirmed;
import openledger.inference.ResendKind;
import openledger.inference.RouterMetrics;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
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
    private static final AttributeKey<String> GATE = AttributeKey.stringKey("openledger.gate");
    private static final AttributeKey<String> RELEASED = AttributeKey.stringKey("openledger.released");
    private static final AttributeKey<String> PLACE = AttributeKey.stringKey("openledger.place");
    private static final AttributeKey<String> POLICY = AttributeKey.stringKey("openledger.on_unconfirmed");
    private static final List<Double> SECONDS =
            List.of(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static final double MICROS_A_SECOND = 1e6;

    private final LongCounter requests;
    private final LongCounter attempts;
    private final LongCounter resends;
    private final DoubleHistogram duration;
    private final DoubleHistogram overhead;
    private final DoubleHistogram hold;
    private final DoubleHistogram confirm;
    private final LongCounter pinned;
    private final LongCounter stale;
    private final LongCounter unconfirmed;
    private final LongCounter thrownAway;
    private final LongCounter targetChanges;
    private final Map<RequestKey, Attributes> requestAttributes = new ConcurrentHashMap<>();
    private final Map<AttemptKey, Attributes> attemptAttributes = new ConcurrentHashMap<>();
    private final Map<ModeKey, Attributes> modeAttributes = new ConcurrentHashMap<>();

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
        this.overhead = histogram(
                meter, "openledger.request.overhead", "Time we added: neither upstream nor a wait on purpose");
        this.hold = histogram(meter, "openledger.request.hold", "Confirmed requests waited for their plan");
        this.confirm = histogram(
                meter,
                "openledger.request.confirm",
                "Everything else was ready, and a confirmed request waited for its plan's level");
        this.pinned = counter(meter, "openledger.plans.pinned", "Plans of confirmed requests", "{plan}");
        this.stale = counter(
                meter,
                "openledger.plans.stale",
                "Places of plans spent without a call: their target was closed or had no free slot any more",
                "{place}");
        this.unconfirmed = counter(
                meter, "openledger.plans.unconfirmed", "Plans that did not reach their level in time", "{plan}");
        this.thrownAway = counter(
                meter,
                "openledger.answers.thrown_away",
                "Answers of providers that no client got, because the plan was not confirmed in time",
                "{answer}");
        this.targetChanges = counter(
                meter,
                "openledger.target_changes",
                "Requests whose serving or last tried target is not the one selected first",
                "{request}");
    }

    private static LongCounter counter(Meter meter, String name, String description, String unit) {
        return meter.counterBuilder(name)
                .setDescription(description)
                .setUnit(unit)
                .build();
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
                route.id(),
                decision.mode(),
                decision.servedTier(),
                decision.status(),
                decision.trigger(),
                decision.attribution());
        Attributes of = requestAttributes.computeIfAbsent(key, missing -> attributes(route, missing));
        requests.add(1, of);
        duration.record(decision.timeSplit().total() / MICROS_A_SECOND, of);
        overhead.record(decision.timeSplit().overhead() / MICROS_A_SECOND, of);
        if (decision.mode() != LeafMode.FAST) {
            hold.record(decision.timeSplit().hold() / MICROS_A_SECOND, gated(route, decision.mode()));
            confirm.record(decision.timeSplit().confirm() / MICROS_A_SECOND, gated(route, decision.mode()));
        }
        if (decision.hasChangedTarget()) {
            targetChanges.add(1, gated(route, decision.mode()));
        }
        for (AttemptRecord attempt : decision.attempts()) {
            AttemptKey attemptKey = new AttemptKey(route.id(), decision.mode(), attempt.tier(), attempt.trigger());
            attempts.add(1, attemptAttributes.computeIfAbsent(attemptKey, missing -> attributes(route, missing)));
        }
    }

    @Override
    public void resend(Route route, ResendKind kind) {
        resends.add(1, Attributes.of(ROUTE, route.name(), RESEND, kind.name()));
    }

    @Override
    public void pinned(Route route, Gate gate) {
        pinned.add(1, Attributes.of(ROUTE, route.name(), GATE, gate.word()));
    }

    @Override
    public void pinWentStale(Route route, Gate gate, PlanPlace place) {
        stale.add(1, Attributes.of(ROUTE, route.name(), GATE, gate.word(), PLACE, place.name()));
    }

    @Override
    public void unconfirmed(Route route, Gate gate, OnUnconfirmed then) {
        unconfirmed.add(1, Attributes.of(ROUTE, route.name(), GATE, gate.word(), POLICY, then.name()));
    }

    @Override
    public void answerThrownAway(Route route, Gate gate) {
        thrownAway.add(1, Attributes.of(ROUTE, route.name(), GATE, gate.word()));
    }

    private Attributes gated(Route route, LeafMode mode) {
        return modeAttributes.computeIfAbsent(new ModeKey(route.id(), mode), missing -> {
            AttributesBuilder builder = Attributes.builder().put(ROUTE, route.name());
            return mode(builder, mode).build();
        });
    }

    private static AttributesBuilder mode(AttributesBuilder to, LeafMode mode) {
        return to.put(MODE, mode.routing().word())
                .put(GATE, mode.gate().map(Gate::word).orElse("none"))
                .put(RELEASED, mode.isReleased() ? "yes" : "no");
    }

    private static Attributes attributes(Route route, RequestKey key) {
        return mode(Attributes.builder().put(ROUTE, route.name()), key.mode)
                .put(TIER, tier(route, key.tier))
                .put(STATUS, key.status.name())
                .put(TRIGGER, key.trigger.name())
                .put(ATTRIBUTION, key.attribution.name())
                .build();
    }

    private static Attributes attributes(Route route, AttemptKey key) {
        return Attributes.builder()
                .put(ROUTE, route.name())
                .put(MODE, key.mode.routing().word())
                .put(TIER, tier(route, key.tier))
                .put(TRIGGER, key.trigger.name())
                .build();
    }

    private static String tier(Route route, int tier) {
        return tier == Decision.NO_TIER ? "none" : route.tiers().get(tier).name();
    }

    private record RequestKey(
            RouteId route, LeafMode mode, int tier, DecisionStatus status, Trigger trigger, Attribution attribution) {}

    private record AttemptKey(RouteId route, LeafMode mode, int tier, Trigger trigger) {}

    private record ModeKey(RouteId route, LeafMode mode) {}
}
