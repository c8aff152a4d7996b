package openledger.stream;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.Catalog.Names;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.TimeSplit;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.ConnectionFault;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Trigger;
import openledger.unit.LaneId;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the stream and exports have it: what its receipt says of it, with its tenant, its lane and its number there. The members
 * are those of {@code docs/schemas/decision.v1.json}, which are only ever added to. No prompt, answer or key is in it. Thread-safe if what
 * names tenants is.
 */
public final class DecisionForm {
    /** Nothing has this number, which a damaged database alone can have. */
    private static final String UNKNOWN = "?";

    private static final int LEAST_OF_SERVER = 500;

    private final UnaryOperator<String> tenants;

    /** @param tenants what a tenant is called */
    public DecisionForm(UnaryOperator<String> tenants) {
        this.tenants = tenants;
    }

    /** The record of the stream. */
    public StreamRecord record(Decision decision, Names names) {
        return new StreamRecord(StreamRecord.Topic.DECISIONS, decision.id().toString(), encode(decision, names));
    }

    /** JSON, UTF-8, in one line. */
    public byte[] encode(Decision decision, Names names) {
        return JsonMembers.object(out -> members(out, decision, names));
    }

    private void members(JsonMembers out, Decision decision, Names names) throws IOException {
        Intent intent = decision.intent();
        LaneId lane = new LaneId(decision.id().lane());
        Optional<RouteEntry> route = names.route(lane, intent.route());
        out.text("record", "decision")
                .text("request", decision.id().toString())
                .number("lane", lane.value())
                .number("counter", decision.id().counter())
                .text("tenant", tenants.apply(intent.tenant()))
                .text("status", decision.status().name())
                .text("arrival", Instant.ofEpochMilli(intent.arrivalMillis()).toString())
                .number("arrival_ms", intent.arrivalMillis())
                .text("route", route.map(RouteEntry::name).orElse(UNKNOWN))
                .number("route_id", intent.route().value())
                .text("mode", decision.mode().routing().word())
                .text("gate", decision.mode().gate().map(Gate::word).orElse(null))
                .ifTrue("released", decision.mode().isReleased())
                .text("operation", intent.operation().word())
                .text("form", intent.form().name().toLowerCase(Locale.ROOT))
                .number("budget", intent.budget())
                .number("attempts", decision.attempts().size())
                .number("resends", decision.resends() == 0 ? null : (Long) (long) decision.resends())
                .text("tier", tier(route, decision.servedTier()).orElse(null))
                .text("target", target(names, lane, decision.servedTarget()).orElse(null))
                .text(
                        "fallback_reason",
                        decision.trigger() == Trigger.NONE
                                ? null
                                : decision.trigger().name())
                .text("attribution", decision.attribution().name())
                .number("overtakes", decision.overtakes() == 0 ? null : (Long) (long) decision.overtakes());
        if (decision.plan().isPresent()) {
            plan(out, decision.plan().get(), lane, names);
        }
        out.text("client_request_id", ifGiven(intent.clientRequestId()))
                .text("body_sha256", HexFormat.of().formatHex(intent.bodyDigest()))
                .text("nonce", ifGiven(intent.nonce()))
                .text("response_sha256", digest(decision.responseDigest()))
                .object("time_ms", times -> times(times, decision))
                .objects(
                        "attempt_list",
                        decision.attempts().stream()
                                .map(attempt -> (JsonMembers.Writer) each -> attempt(each, attempt, lane, route, names))
                                .toList());
    }

    private static void plan(JsonMembers out, Plan plan, LaneId lane, Names names) throws IOException {
        out.number("snapshot", plan.snapshot())
                .number("turn", plan.turn())
                .texts(
                        "plan",
                        plan.places().stream()
                                .map(place -> target(names, lane, place).orElse(UNKNOWN))
                                .toList());
    }

    /** A request in mode {@code fast} neither holds nor waits for the chain. */
    private static void times(JsonMembers out, Decision decision) throws IOException {
        TimeSplit split = decision.timeSplit();
        boolean confirmed = decision.mode() != LeafMode.FAST;
        out.millis("admit", split.admit());
        if (confirmed) {
            out.millis("hold", split.hold());
        }
        out.millis("backoff", split.backoff())
                .millis("upstream", split.upstream())
                .millis("journal", split.journal());
        if (confirmed) {
            out.millis("confirm", split.confirm());
        }
        out.millis("stream", split.stream()).millis("total", split.total());
    }

    private static void attempt(
            JsonMembers out, AttemptRecord attempt, LaneId lane, Optional<RouteEntry> route, Names names)
            throws IOException {
        AttemptDetail detail = attempt.detail();
        boolean isShown = attempt.httpStatus() != 0 && !isOperatorsAffair(attempt);
        out.number("number", attempt.number())
                .text("tier", tier(route, attempt.tier()).orElse(null))
                .text("target", target(names, lane, attempt.target()).orElse(null))
                .text("trigger", attempt.trigger().name())
                .number("http_status", isShown ? (Long) (long) attempt.httpStatus() : null)
                .millis("start_ms", attempt.startMicros())
                .millis("duration_ms", attempt.micros())
                .text("upstream_request_id", ifGiven(attempt.upstreamRequestId()))
                .text(
                        "connection",
                        detail.connection() == ConnectionFault.NONE
                                ? null
                                : detail.connection().name())
                .ifTrue("sent_again", detail.isSentAgain())
                .text("model", ifGiven(detail.model()));
        if (detail.usage().isPresent()) {
            TokenUsage usage = detail.usage().get();
            out.object("tokens", tokens -> tokens(tokens, usage));
        }
        List<String> leftOut = detail.leftOut();
        if (!leftOut.isEmpty()) {
            out.texts("left_out", leftOut);
        }
    }

    /** As a receipt, which tells no tenant of the operator's key, account or bill: tenants may be given their part of the stream. */
    private static boolean isOperatorsAffair(AttemptRecord attempt) {
        return attempt.trigger() == Trigger.SERVER_ERROR && attempt.httpStatus() < LEAST_OF_SERVER;
    }

    private static void tokens(JsonMembers out, TokenUsage usage) throws IOException {
        out.number("input", ifKnown(usage.input()))
                .number("cached", ifKnown(usage.cached()))
                .number("cache_written", ifKnown(usage.cacheWritten()))
                .number("output", ifKnown(usage.output()))
                .number("reasoning", ifKnown(usage.reasoning()));
    }

    private static @Nullable Long ifKnown(long tokens) {
        return tokens == TokenUsage.UNKNOWN ? null : (Long) tokens;
    }

    private static @Nullable String ifGiven(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Optional<String> tier(Optional<RouteEntry> route, int tier) {
        return route.filter(known -> tier < known.tiers().size())
                .map(known -> known.tiers().get(tier));
    }

    private static Optional<String> target(Names names, LaneId lane, int target) {
        return target == TargetId.NONE
                ? Optional.empty()
                : Optional.of(names.target(lane, new TargetId(target)).orElse(UNKNOWN));
    }

    private static @Nullable String digest(byte[] digest) {
        return Arrays.equals(digest, new byte[Decision.DIGEST_BYTES])
                ? null
                : HexFormat.of().formatHex(digest);
    }
}
