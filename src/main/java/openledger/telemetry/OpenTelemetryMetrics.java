package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import openledger.cluster.HopOutcome;
import openledger.commitment.PlanLevel;
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
 * exemplars of the histograms. Attribute sets are made once and looked up. Thread-safe. Long because each metric is declared beside its
 * recording.
 */
public final class OpenTelemetryMetrics implements RouterMetrics {
    /** Of what we add ourselves; 10 ms is what the objective allows. */
    private static final List<Double> SMALL_SECONDS =
            List.of(.00025, .0005, .001, .002, .003, .005, .01, .02, .05, .1, .25, .5, 1.);

    private static final Metric REQUESTS = Metric.counter(
            "openledger.requests",
            "{request}",
            "Finished requests",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE,
            Dimensions.RELEASED,
            Dimensions.TIER,
            Dimensions.STATUS,
            Dimensions.TRIGGER,
            Dimensions.ATTRIBUTION);
    private static final Metric REFUSALS = Metric.counter(
            "openledger.refusals", "{request}", "Requests refused before any decision", Dimensions.REFUSAL);
    private static final Metric DURATION = Metric.histogram(
            "openledger.request.duration",
            "s",
            Metric.SECONDS,
            "From arrival to the end of the answer",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE,
            Dimensions.STATUS);
    private static final Metric OVERHEAD = Metric.histogram(
            "openledger.request.overhead",
            "s",
            SMALL_SECONDS,
            "Time that the router added: neither upstream nor an intended wait",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE,
            Dimensions.STATUS);
    private static final Metric JOURNAL_WAIT = Metric.histogram(
            "openledger.request.journal",
            "s",
            SMALL_SECONDS,
            "Wait of a ready answer until its record was durable; only requests that waited",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE);
    private static final Metric HOLD = Metric.histogram(
            "openledger.request.hold",
            "s",
            Metric.SECONDS,
            "Wait of confirmed requests for their plan",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE);
    private static final Metric CONFIRM = Metric.histogram(
            "openledger.request.confirm",
            "s",
            Metric.CHAIN_SECONDS,
            "Wait of a confirmed request for its plan's level while everything else was ready",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE);
    private static final Metric REROUTES = Metric.counter(
            "openledger.reroutes",
            "{attempt}",
            "Attempts at another target than the one before",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE);
    private static final Metric TARGET_CHANGES = Metric.counter(
            "openledger.target_changes",
            "{request}",
            "Requests whose serving or last tried target is not the one selected first; announced if it is its place in the plan",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE,
            Dimensions.ANNOUNCED);
    private static final Metric OVERTAKES = Metric.counter(
            "openledger.overtakes",
            "{request}",
            "Later requests that got the best tier while one that fell back or was exhausted lost it",
            Dimensions.ROUTE,
            Dimensions.MODE,
            Dimensions.GATE);
    private static final Metric RESENDS = Metric.counter(
            "openledger.resends",
            "{request}",
            "Requests that were sent again, including those that only seem to be",
            Dimensions.ROUTE,
            Dimensions.RESEND);
    private static final Metric FORWARDED = Metric.counter(
            "openledger.forwarded.requests",
            "{request}",
            "Requests whose idempotency key is another router's, by what became of their hop there",
            Dimensions.HOP);
    private static final Metric FORWARDED_RETRIES = Metric.counter(
            "openledger.forwarded.retries",
            "{request}",
            "Retries without an idempotency key whose first try has lost its client at another router, by what became of their hop"
                    + " there: RELAYED if they were joined; begun here if that router had it no more (NOT_OWNER), or"
                    + " was not to be reached (NOBODY, UNREACHABLE, REFUSED)",
            Dimensions.HOP);
    private static final Metric HOP_HEAD = Metric.histogram(
            "openledger.forwarded.head",
            "s",
            Metric.SECONDS,
            "Time from forwarding a request to the head of its answer");
    private static final Metric PINNED = Metric.counter(
            "openledger.plans.pinned", "{plan}", "Plans of confirmed requests", Dimensions.ROUTE, Dimensions.GATE);
    private static final Metric STALE = Metric.counter(
            "openledger.plans.stale",
            "{place}",
            "Places of plans spent without a call: their target was closed or had no free slot any more",
            Dimensions.ROUTE,
            Dimensions.GATE,
            Dimensions.PLACE);
    private static final Metric CONFIRMATION = Metric.histogram(
            "openledger.plans.confirmation",
            "s",
            Metric.CHAIN_SECONDS,
            "From the pin of a plan until it reached the level that was waited for",
            Dimensions.ROUTE,
            Dimensions.GATE,
            Dimensions.LEVEL,
            Dimensions.PROFILE);
    private static final Metric UNCONFIRMED = Metric.counter(
            "openledger.plans.unconfirmed",
            "{plan}",
            "Plans that did not reach their level in time",
            Dimensions.ROUTE,
            Dimensions.GATE,
            Dimensions.ON_UNCONFIRMED);
    private static final Metric THROWN_AWAY = Metric.counter(
            "openledger.answers.thrown_away",
            "{answer}",
            "Answers of providers that no client got, because the plan was not confirmed in time",
            Dimensions.ROUTE,
            Dimensions.GATE);
    private static final Metric SERVER_FIRST_TOKEN = Metric.histogram(
            "gen_ai.server.time_to_first_token",
            "s",
            Metric.SECONDS,
            "From arrival until a served request's answer could go out",
            Dimensions.OPERATION,
            Dimensions.REQUEST_MODEL,
            Dimensions.MODE,
            Dimensions.GATE);

    private static final double MICROS_A_SECOND = 1e6;
    private static final double NANOS_A_SECOND = 1e9;

    private final LongCounter requests;
    private final LongCounter refusals;
    private final LongCounter reroutes;
    private final LongCounter targetChanges;
    private final LongCounter overtakes;
    private final LongCounter resends;
    private final LongCounter forwarded;
    private final LongCounter forwardedRetries;
    private final DoubleHistogram hopHead;
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
        this.requests = REQUESTS.counter(meter);
        this.refusals = REFUSALS.counter(meter);
        // An increase is seen only of a series that was there before it.
        for (RefusalReason why : RefusalReason.values()) {
            refusals.add(0, Attributes.of(Dimensions.REFUSAL, why.name()));
        }
        this.reroutes = REROUTES.counter(meter);
        this.targetChanges = TARGET_CHANGES.counter(meter);
        this.overtakes = OVERTAKES.counter(meter);
        this.resends = RESENDS.counter(meter);
        this.forwarded = FORWARDED.counter(meter);
        this.forwardedRetries = FORWARDED_RETRIES.counter(meter);
        for (HopOutcome outcome : HopOutcome.values()) {
            forwarded.add(0, Attributes.of(Dimensions.HOP, outcome.name()));
            forwardedRetries.add(0, Attributes.of(Dimensions.HOP, outcome.name()));
        }
        this.hopHead = HOP_HEAD.histogram(meter);
        this.pinned = PINNED.counter(meter);
        this.stale = STALE.counter(meter);
        this.unconfirmed = UNCONFIRMED.counter(meter);
        this.thrownAway = THROWN_AWAY.counter(meter);
        this.duration = DURATION.histogram(meter);
        this.overhead = OVERHEAD.histogram(meter);
        this.journal = JOURNAL_WAIT.histogram(meter);
        this.hold = HOLD.histogram(meter);
        this.confirm = CONFIRM.histogram(meter);
        this.confirmation = CONFIRMATION.histogram(meter);
        this.firstToken = SERVER_FIRST_TOKEN.histogram(meter);
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
    public void refused(RefusalReason why) {
        refusals.add(1, Attributes.of(Dimensions.REFUSAL, why.name()));
    }

    @Override
    public void resend(Route route, ResendKind kind) {
        resends.add(1, attributes.resent(route, kind));
    }

    @Override
    public void forwarded(HopOutcome outcome, Optional<Duration> untilHead) {
        forwarded.add(1, Attributes.of(Dimensions.HOP, outcome.name()));
        untilHead.ifPresent(lasted -> hopHead.record(lasted.toNanos() / NANOS_A_SECOND));
    }

    @Override
    public void forwardedRetry(HopOutcome outcome, Optional<Duration> untilHead) {
        forwardedRetries.add(1, Attributes.of(Dimensions.HOP, outcome.name()));
        untilHead.ifPresent(lasted -> hopHead.record(lasted.toNanos() / NANOS_A_SECOND));
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
    public void confirmed(Route route, Gate gate, PlanLevel level, Duration sincePin) {
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
