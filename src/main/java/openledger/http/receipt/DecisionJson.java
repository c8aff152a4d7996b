package openledger.http.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.Catalog.Names;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.TimeSplit;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * A decision as clients read it. Times are milliseconds with three decimals; members without a meaning for this request are absent. Names
 * are those of the request's lane, whichever router shows it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record DecisionJson(
        String request,
        String level,
        String status,
        String arrival,
        String route,
        @JsonProperty("route_id") int routeId,
        String mode,
        @Nullable String gate,
        @Nullable Boolean released,
        String operation,
        String form,
        int budget,
        int attempts,
        @Nullable Integer resends,
        @Nullable String tier,
        @Nullable String target,
        @JsonProperty("fallback_reason") @Nullable String fallbackReason,
        @Nullable String attribution,
        @Nullable Integer overtakes,
        @Nullable Long snapshot,
        @Nullable Long turn,
        @Nullable List<String> plan,
        @JsonProperty("client_request_id") @Nullable String clientRequestId,
        @JsonProperty("body_sha256") String bodySha256,
        @Nullable String nonce,
        @JsonProperty("response_sha256") @Nullable String responseSha256,
        @JsonProperty("time_ms") @Nullable Times times,
        @JsonProperty("attempt_list") List<AttemptJson> attemptList) {

    /** Nothing has this number, which a damaged database alone can have. */
    private static final String UNKNOWN = "?";

    /** A request that has not ended. */
    public static DecisionJson open(RequestId id, Intent intent, Names names) {
        return new DecisionJson(
                id.toString(),
                "RECORDED",
                "OPEN",
                Instant.ofEpochMilli(intent.arrivalMillis()).toString(),
                names.route(new LaneId(id.lane()), intent.route())
                        .map(RouteEntry::name)
                        .orElse(UNKNOWN),
                intent.route().value(),
                intent.mode().routing().word(),
                gate(intent.mode()),
                null,
                intent.operation().word(),
                intent.form().name().toLowerCase(Locale.ROOT),
                intent.budget(),
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                intent.clientRequestId().isEmpty() ? null : intent.clientRequestId(),
                HexFormat.of().formatHex(intent.bodyDigest()),
                intent.nonce().isEmpty() ? null : intent.nonce(),
                null,
                null,
                List.of());
    }

    public static DecisionJson of(Decision decision, Names names) {
        Intent intent = decision.intent();
        LaneId lane = new LaneId(decision.id().lane());
        Optional<RouteEntry> route = names.route(lane, intent.route());
        return new DecisionJson(
                decision.id().toString(),
                "RECORDED",
                decision.status().name(),
                Instant.ofEpochMilli(intent.arrivalMillis()).toString(),
                route.map(RouteEntry::name).orElse(UNKNOWN),
                intent.route().value(),
                decision.mode().routing().word(),
                gate(decision.mode()),
                decision.mode().isReleased() ? true : null,
                intent.operation().word(),
                intent.form().name().toLowerCase(Locale.ROOT),
                intent.budget(),
                decision.attempts().size(),
                decision.resends() == 0 ? null : decision.resends(),
                tierName(route, decision.servedTier()),
                targetName(names, lane, decision.servedTarget()),
                decision.trigger() == Trigger.NONE ? null : decision.trigger().name(),
                decision.attribution().name(),
                decision.overtakes() == 0 ? null : decision.overtakes(),
                decision.plan().map(Plan::snapshot).orElse(null),
                decision.plan().map(Plan::turn).orElse(null),
                decision.plan().map(plan -> places(plan, lane, names)).orElse(null),
                intent.clientRequestId().isEmpty() ? null : intent.clientRequestId(),
                HexFormat.of().formatHex(intent.bodyDigest()),
                intent.nonce().isEmpty() ? null : intent.nonce(),
                responseSha256(decision.responseDigest()),
                Times.of(decision),
                decision.attempts().stream()
                        .map(attempt -> AttemptJson.of(attempt, lane, route, names))
                        .toList());
    }

    static @Nullable String tierName(Optional<RouteEntry> route, int tier) {
        return route.filter(known -> tier < known.tiers().size())
                .map(known -> known.tiers().get(tier))
                .orElse(null);
    }

    static @Nullable String targetName(Names names, LaneId lane, int target) {
        return target == TargetId.NONE
                ? null
                : names.target(lane, new TargetId(target)).orElse(UNKNOWN);
    }

    private static @Nullable String gate(LeafMode mode) {
        return mode.gate().map(Gate::word).orElse(null);
    }

    private static List<String> places(Plan plan, LaneId lane, Names names) {
        return plan.places().stream()
                .map(target -> names.target(lane, new TargetId(target)).orElse(UNKNOWN))
                .toList();
    }

    private static @Nullable String responseSha256(byte[] digest) {
        return Arrays.equals(digest, new byte[Decision.DIGEST_BYTES])
                ? null
                : HexFormat.of().formatHex(digest);
    }

    static double millis(long micros) {
        return micros / 1_000.0;
    }

    /** Where the time went. A request in mode {@code fast} neither holds nor waits for the chain. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    public record Times(
            double admit,
            @Nullable Double hold,
            double backoff,
            double upstream,
            double journal,
            @Nullable Double confirm,
            double stream,
            double total) {
        static Times of(Decision decision) {
            TimeSplit split = decision.timeSplit();
            boolean confirmed = decision.mode() != LeafMode.FAST;
            return new Times(
                    millis(split.admit()),
                    confirmed ? millis(split.hold()) : null,
                    millis(split.backoff()),
                    millis(split.upstream()),
                    millis(split.journal()),
                    confirmed ? millis(split.confirm()) : null,
                    millis(split.stream()),
                    millis(split.total()));
        }
    }
}
