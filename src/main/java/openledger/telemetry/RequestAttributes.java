package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.inference.record.Decision;
import openledger.inference.record.ResendKind;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.RouteId;

/**
 * The attribute sets of requests, each made the first time it is needed. How many there can be is bounded by the policy and our enums;
 * those of routes that are no more stay, as many as there were versions of routes since the start. Thread-safe.
 */
final class RequestAttributes {
    private final String profile;
    private final Map<Object, Attributes> known = new ConcurrentHashMap<>();

    RequestAttributes(String profile) {
        this.profile = profile;
    }

    Attributes request(Route route, Decision decision) {
        OfRequest key = new OfRequest(
                route.id(),
                decision.mode(),
                decision.servedTier(),
                decision.status(),
                decision.trigger(),
                decision.attribution());
        Attributes there = known.get(key);
        return there != null ? there : make(key, request(route, key));
    }

    private static AttributesBuilder request(Route route, OfRequest key) {
        return ofMode(route, key.mode)
                .put(Dimensions.RELEASED, Dimensions.yesIf(key.mode.isReleased()))
                .put(Dimensions.TIER, tier(route, key.tier))
                .put(Dimensions.STATUS, key.status.name())
                .put(Dimensions.TRIGGER, key.trigger.name())
                .put(Dimensions.ATTRIBUTION, key.attribution.name());
    }

    Attributes settled(Route route, LeafMode mode) {
        OfMode key = new OfMode(route.id(), mode);
        Attributes there = known.get(key);
        return there != null ? there : make(key, ofMode(route, mode));
    }

    Attributes ended(Route route, LeafMode mode, DecisionStatus status) {
        OfEnd key = new OfEnd(route.id(), mode, status);
        Attributes there = known.get(key);
        return there != null ? there : make(key, ofMode(route, mode).put(Dimensions.STATUS, status.name()));
    }

    Attributes served(Route route, Operation operation, LeafMode mode) {
        OfServed key = new OfServed(route.id(), operation, mode);
        Attributes there = known.get(key);
        return there != null
                ? there
                : make(
                        key,
                        Dimensions.settled(Attributes.builder(), mode)
                                .put(Dimensions.OPERATION, operationName(operation))
                                .put(Dimensions.REQUEST_MODEL, route.name()));
    }

    Attributes resent(Route route, ResendKind kind) {
        OfResend key = new OfResend(route.id(), kind);
        Attributes there = known.get(key);
        return there != null
                ? there
                : make(
                        key,
                        Attributes.builder().put(Dimensions.ROUTE, route.name()).put(Dimensions.RESEND, kind.name()));
    }

    Attributes changed(Route route, LeafMode mode, boolean announced) {
        return settled(route, mode).toBuilder()
                .put(Dimensions.ANNOUNCED, Dimensions.yesIf(announced))
                .build();
    }

    Attributes gated(Route route, Gate gate) {
        return Attributes.of(Dimensions.ROUTE, route.name(), Dimensions.GATE, gate.word());
    }

    Attributes confirmed(Route route, Gate gate, PlanLevel level) {
        OfLevel key = new OfLevel(route.id(), gate, level);
        Attributes there = known.get(key);
        return there != null
                ? there
                : make(
                        key,
                        gated(route, gate).toBuilder()
                                .put(Dimensions.LEVEL, level.name())
                                .put(Dimensions.PROFILE, profile));
    }

    /** Those of a call, after the GenAI conventions. */
    static AttributesBuilder call(Route route, Target target, Operation operation, String model) {
        return Attributes.builder()
                .put(Dimensions.OPERATION, operationName(operation))
                .put(Dimensions.PROVIDER, target.provider())
                .put(Dimensions.REQUEST_MODEL, route.name())
                .put(Dimensions.RESPONSE_MODEL, model);
    }

    /** What the GenAI conventions call it; all that makes a model talk is {@code chat} there, and they have no word for a count. */
    static String operationName(Operation operation) {
        return switch (operation) {
            case CHAT, RESPONSES, MESSAGES -> "chat";
            case EMBEDDINGS -> "embeddings";
            case COUNT_TOKENS -> "count_tokens";
        };
    }

    static String tier(Route route, int tier) {
        return tier == Decision.NO_TIER
                ? Dimensions.NONE
                : route.tiers().get(tier).name();
    }

    private static AttributesBuilder ofMode(Route route, LeafMode mode) {
        return Dimensions.settled(Attributes.builder().put(Dimensions.ROUTE, route.name()), mode);
    }

    private Attributes make(Object key, AttributesBuilder builder) {
        Attributes made = builder.build();
        known.put(key, made);
        return made;
    }

    private record OfRequest(
            RouteId route, LeafMode mode, int tier, DecisionStatus status, Trigger trigger, Attribution attribution) {}

    private record OfMode(RouteId route, LeafMode mode) {}

    private record OfEnd(RouteId route, LeafMode mode, DecisionStatus status) {}

    private record OfServed(RouteId route, Operation operation, LeafMode mode) {}

    private record OfResend(RouteId route, ResendKind kind) {}

    private record OfLevel(RouteId route, Gate gate, PlanLevel level) {}
}
