package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.time.Duration;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.RequestMetricContext;
import openledger.inference.RouterMetrics;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.record.Decision;
import openledger.inference.record.ResendKind;
import openledger.inference.record.TimeSplit;
import openledger.routing.Gate;
import openledger.routing.Route;

/**
 * Counts requests and attempts through the OpenTelemetry API, and has the spans of traced requests written, whose ids go into the
 * exemplars of the histograms. Attribute sets are made once and looked up. Thread-safe.
 */
public final class OpenTelemetryMetrics implements RouterMetrics {
    private static final double MICROS_A_SECOND = 1e6;
    private static final double NANOS_A_SECOND = 1e9;

    private final LongCounter requests;
    private final LongCounter refusals;
    private final LongCounter reroutes;
    private final LongCounter targetChanges;
    private final LongCounter overtakes;
    private final LongCounter resends;
    private final LongCounter pinned;
    private final LongCounter stale;
    private final LongCounter unconfirmed;
    private final LongCounter thrownAway;
    private final DoubleHistogram duration;
    private final DoubleHistogram overhead;
    private final DoubleHistogram journal;
    private final DoubleHistogram hold;
    private final DoubleHistogram confirm;
    private final DoubleHistogram confirmation;
    private final DoubleHistogram firstToken;
    private final CallMetrics calls;
    private final RequestSpans spans;
    private final RequestAttributes attributes;

    /**
     * Makes the instruments.
     *
     * @param profile of the chain that confirms, {@code none} without one
     */
    public OpenTelemetryMetrics(Telemetry telemetry, String profile) {
        Meter meter = telemetry.meter();
        this.requests = Metrics.REQUESTS.counter(meter);
        this.refusals = Metrics.REFUSALS.counter(meter);
        // An increase is seen only of a series that was there before it.
        for (Refusal why : Refusal.values()) {
            refusals.add(0, Attributes.of(Dimensions.REFUSAL, why.name()));
        }
        this.reroutes = Metrics.REROUTES.counter(meter);
        this.targetChanges = Metrics.TARGET_CHANGES.counter(meter);
        this.overtakes = Metrics.OVERTAKES.counter(meter);
        this.resends = Metrics.RESENDS.counter(meter);
        this.pinned = Metrics.PINNED.counter(meter);
        this.stale = Metrics.STALE.counter(meter);
        this.unconfirmed = Metrics.UNCONFIRMED.counter(meter);
        this.thrownAway = Metrics.THROWN_AWAY.counter(meter);
        this.duration = Metrics.DURATION.histogram(meter);
        this.overhead = Metrics.OVERHEAD.histogram(meter);
        this.journal = Metrics.JOURNAL_WAIT.histogram(meter);
        this.hold = Metrics.HOLD.histogram(meter);
        this.confirm = Metrics.CONFIRM.histogram(meter);
        this.confirmation = Metrics.CONFIRMATION.histogram(meter);
        this.firstToken = Metrics.SERVER_FIRST_TOKEN.histogram(meter);
        this.calls = new CallMetrics(meter);
        this.spans = telemetry.requestSpans();
        this.attributes = new RequestAttributes(profile);
    }

    @Override
    public void finished(Route route, Decision decision, RequestMetricContext circumstances) {
        Context context = spans.write(route, decision, circumstances.trace());
        TimeSplit split = decision.timeSplit();
        Attributes settled = attributes.settled(route, decision.mode());
        Attributes ended = attributes.ended(route, decision.mode(), decision.status());
        requests.add(1, attributes.request(route, decision), context);
        duration.record(split.total() / MICROS_A_SECOND, ended, context);
        overhead.record(split.overhead() / MICROS_A_SECOND, ended, context);
        if (split.journal() > 0) {
            journal.record(split.journal() / MICROS_A_SECOND, settled, context);
        }
        if (decision.mode() != LeafMode.FAST) {
            hold.record(split.hold() / MICROS_A_SECOND, settled, context);
            confirm.record(split.confirm() / MICROS_A_SECOND, settled, context);
        }
        if (decision.servedTier() != Decision.NO_TIER) {
            firstToken.record(
                    (split.total() - split.stream()) / MICROS_A_SECOND,
                    attributes.served(route, decision.intent().operation(), decision.mode()),
                    context);
        }
        calls.finished(route, decision, context);
        unusual(route, decision, settled);
    }

    /** What most requests have none of. */
    private void unusual(Route route, Decision decision, Attributes settled) {
        if (decision.attempts().size() > 1) {
            int moves = TargetMoves.count(decision.attempts());
            if (moves > 0) {
                reroutes.add(moves, settled);
            }
        }
        if (decision.hasChangedTarget()) {
            targetChanges.add(1, attributes.changed(route, decision.mode(), TargetMoves.isAnnounced(decision)));
        }
        if (decision.overtakes() > 0) {
            overtakes.add(decision.overtakes(), settled);
        }
    }

    @Override
    public void refused(Refusal why) {
        refusals.add(1, Attributes.of(Dimensions.REFUSAL, why.name()));
    }

    @Override
    public void resend(Route route, ResendKind kind) {
        resends.add(1, attributes.resent(route, kind));
    }

    @Override
    public void pinned(Route route, Gate gate) {
        Attributes gated = attributes.gated(route, gate);
        pinned.add(1, gated);
        // There before the first is thrown away, whose increase would not be seen else.
        thrownAway.add(0, gated);
    }

    @Override
    public void pinWentStale(Route route, Gate gate, PlanPlace place) {
        stale.add(
                1,
                Attributes.of(
                        Dimensions.ROUTE, route.name(), Dimensions.GATE, gate.word(), Dimensions.PLACE, place.name()));
    }

    @Override
    public void confirmed(Route route, Gate gate, ConfirmationLevel level, Duration sincePin) {
        confirmation.record(sincePin.toNanos() / NANOS_A_SECOND, attributes.confirmed(route, gate, level));
    }

    @Override
    public void unconfirmed(Route route, Gate gate, OnUnconfirmed then) {
        unconfirmed.add(
                1,
                Attributes.of(
                        Dimensions.ROUTE,
                        route.name(),
                        Dimensions.GATE,
                        gate.word(),
                        Dimensions.ON_UNCONFIRMED,
                        then.name()));
    }

    @Override
    public void answerThrownAway(Route route, Gate gate) {
        thrownAway.add(1, attributes.gated(route, gate));
    }
}
