package openledger.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.admission.TraceContext;
import openledger.inference.admission.TraceContext.Recording;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.TimeSplit;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.TargetId;

/**
 * Writes the spans of a request once it has ended, from its decision, which has the exact times of everything: the gateway's span, a child
 * for each attempt, and one for each wait. Requests that are not traced cost nothing. Thread-safe.
 */
final class RequestSpans {
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("openledger.request");
    private static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("openledger.attempts");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("openledger.attempt");
    private static final AttributeKey<Long> BUDGET = AttributeKey.longKey("openledger.budget");
    private static final AttributeKey<Long> HTTP_STATUS = AttributeKey.longKey("http.response.status_code");
    private static final Set<DecisionStatus> FAILED =
            EnumSet.of(DecisionStatus.EXHAUSTED, DecisionStatus.INTERRUPTED, DecisionStatus.TIMED_OUT);
    private static final long MICROS_A_MILLI = 1_000;

    private final Tracer tracer;
    private final PresetIdGenerator ids;
    private final TracedRequests traced;

    RequestSpans(Tracer tracer, PresetIdGenerator ids, TracedRequests traced) {
        this.tracer = tracer;
        this.ids = ids;
        this.traced = traced;
    }

    /** Writes them if the request is traced; the context is what exemplars refer to. */
    Context write(Route route, Decision decision, Optional<TraceContext> trace) {
        if (trace.isEmpty() || trace.get().recording() == Recording.PASSED_ON) {
            return Context.root();
        }
        return write(route, decision, trace.get());
    }

    private Context write(Route route, Decision decision, TraceContext trace) {
        long arrival = decision.intent().arrivalMillis() * MICROS_A_MILLI;
        Context parent = trace.parent() == 0 ? Context.root() : around(trace, trace.parent());
        ids.give(trace.traceId(), trace.span());
        Span gateway = begin(
                RequestAttributes.operationName(decision.intent().operation()) + ' ' + route.name(),
                SpanKind.SERVER,
                parent,
                arrival);
        describe(gateway, route, decision);
        Context own = around(trace, trace.span());
        for (AttemptRecord attempt : decision.attempts()) {
            attempt(route, decision, attempt, trace, own);
        }
        waits(decision, own, arrival);
        gateway.end(arrival + decision.timeSplit().total(), TimeUnit.MICROSECONDS);
        traced.add(decision.id(), gateway.getSpanContext());
        return own;
    }

    private static void describe(Span gateway, Route route, Decision decision) {
        gateway.setAttribute(REQUEST, decision.id().toString())
                .setAttribute(Dimensions.REQUEST_MODEL, route.name())
                .setAttribute(
                        Dimensions.OPERATION,
                        RequestAttributes.operationName(decision.intent().operation()))
                .setAttribute(Dimensions.MODE, decision.mode().routing().word())
                .setAttribute(
                        Dimensions.RELEASED, Dimensions.yesIf(decision.mode().isReleased()))
                .setAttribute(Dimensions.STATUS, decision.status().name())
                .setAttribute(Dimensions.TIER, RequestAttributes.tier(route, decision.servedTier()))
                .setAttribute(Dimensions.TRIGGER, decision.trigger().name())
                .setAttribute(Dimensions.ATTRIBUTION, decision.attribution().name())
                .setAttribute(ATTEMPTS, (long) decision.attempts().size())
                .setAttribute(BUDGET, (long) decision.intent().budget());
        decision.mode().gate().ifPresent(gate -> gateway.setAttribute(Dimensions.GATE, gate.word()));
        if (FAILED.contains(decision.status())) {
            gateway.setStatus(StatusCode.ERROR, decision.status().name());
        }
    }

    private void attempt(Route route, Decision decision, AttemptRecord attempt, TraceContext trace, Context parent) {
        long start = decision.intent().arrivalMillis() * MICROS_A_MILLI + attempt.startMicros();
        ids.give(trace.traceId(), trace.attemptSpan(attempt.number()));
        Span span = begin("attempt " + attempt.number(), SpanKind.CLIENT, parent, start);
        span.setAttribute(ATTEMPT, (long) attempt.number())
                .setAttribute(Dimensions.TIER, RequestAttributes.tier(route, attempt.tier()));
        CallMetrics.target(route, attempt)
                .ifPresent(target -> span.setAttribute(Dimensions.PROVIDER, target.provider())
                        .setAttribute(
                                Dimensions.RESPONSE_MODEL,
                                attempt.detail().model().isEmpty()
                                        ? target.model()
                                        : attempt.detail().model()));
        if (attempt.httpStatus() != 0) {
            span.setAttribute(HTTP_STATUS, (long) attempt.httpStatus());
        }
        boolean serves = attempt.trigger() == Trigger.NONE
                && attempt.target() == decision.servedTarget()
                && attempt.target() != TargetId.NONE;
        if (attempt.trigger() != Trigger.NONE) {
            span.setAttribute(Dimensions.ERROR, attempt.trigger().name());
            span.setStatus(StatusCode.ERROR, attempt.trigger().name());
        }
        long streamed = serves ? decision.timeSplit().stream() : 0;
        span.end(start + attempt.micros() + streamed, TimeUnit.MICROSECONDS);
    }

    /** Waits have no records of their own; when each began follows from the split and the serving attempt. */
    private void waits(Decision decision, Context parent, long arrival) {
        TimeSplit split = decision.timeSplit();
        long admitted = arrival + split.admit();
        wait("hold", parent, admitted, split.hold());
        long answered = answered(decision, arrival);
        wait("journal", parent, answered, split.journal());
        boolean before =
                decision.mode() == LeafMode.CONFIRMED_DISPATCH || decision.mode() == LeafMode.RELEASED_DISPATCH;
        wait("confirmation", parent, before ? admitted + split.hold() : answered + split.journal(), split.confirm());
    }

    private static long answered(Decision decision, long arrival) {
        for (AttemptRecord attempt : decision.attempts()) {
            if (attempt.trigger() == Trigger.NONE && attempt.target() == decision.servedTarget()) {
                return arrival + attempt.startMicros() + attempt.micros();
            }
        }
        return arrival + decision.timeSplit().total();
    }

    private void wait(String name, Context parent, long start, long micros) {
        if (micros > 0) {
            begin(name, SpanKind.INTERNAL, parent, start).end(start + micros, TimeUnit.MICROSECONDS);
        }
    }

    private Span begin(String name, SpanKind kind, Context parent, long start) {
        SpanBuilder builder =
                tracer.spanBuilder(name).setSpanKind(kind).setStartTimestamp(start, TimeUnit.MICROSECONDS);
        return builder.setParent(parent).startSpan();
    }

    private static Context around(TraceContext trace, long span) {
        SpanContext context = SpanContext.createFromRemoteParent(
                trace.traceId(), SpanId.fromLong(span), TraceFlags.getSampled(), TraceState.getDefault());
        return Context.root().with(Span.wrap(context));
    }
}
