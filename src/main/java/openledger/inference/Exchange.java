package openledger.inference;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.random.RandomGenerator;
import openledger.fairness.Attribution;
import openledger.inference.AttemptsEnd.Answered;
import openledger.inference.AttemptsEnd.Exhausted;
import openledger.inference.AttemptsEnd.Refused;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.NotRecorded;
import openledger.inference.InferenceOutcome.Rejected;
import openledger.inference.InferenceOutcome.Served;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way, from its intent to its sealed decision. The decision is sealed exactly once, whichever comes
 * first: the answer's end, a refusal, an empty ledger, or the client's departure. Confined to the request's event loop.
 */
final class Exchange implements FastAttempts.Listener {
    /** What a client is told to wait if no provider said anything. */
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final InferenceRequest request;
    private final Intent intent;
    private final RequestId id;
    private final long position;
    private final ServicePorts ports;
    private final Duration orphanGrace;
    private final AttemptLog log;
    private final FastAttempts attempts;
    private @Nullable UniEmitter<? super AttemptsEnd> emitter;
    private @Nullable Answered answered;
    private long answeredNanos;
    private long journalNanos;
    private boolean clientLeft;
    private boolean sealed;

    Exchange(
            InferenceRequest request,
            Intent intent,
            Journal.Appended.Accepted place,
            RouteTraffic traffic,
            ServicePorts ports,
            RandomGenerator random,
            Duration orphanGrace) {
        this.request = request;
        this.intent = intent;
        this.id = place.id();
        this.position = place.position();
        this.ports = ports;
        this.orphanGrace = orphanGrace;
        this.log = new AttemptLog(request.arrivalNanos());
        UpstreamRequest upstream = new UpstreamRequest(
                request.operation(), request.body(), request.form(), request.headers(), id.toString());
        this.attempts = new FastAttempts(request, upstream, log, traffic, ports.gateway(), ports.time(), random, this);
    }

    /** Step: attempts within the ledger until somebody answers or nothing is left. */
    Uni<AttemptsEnd> attemptWithinLedger() {
        return Uni.createFrom().emitter(to -> {
            emitter = to;
            attempts.start();
        });
    }

    /** Step: no byte goes out before the intent is durable. Usually it is long since. */
    Uni<Void> untilIntentIsDurable() {
        if (ports.journal().isDurable(position)) {
            return Uni.createFrom().voidItem();
        }
        long since = ports.time().nanoTime();
        return ports.journal()
                .durable(position)
                .invoke(() -> journalNanos = ports.time().nanoTime() - since);
    }

    /** Step: what the client is told. Everything but a served answer is sealed here. */
    InferenceOutcome conclude(AttemptsEnd end) {
        return switch (end) {
            case Answered served -> new Served(facts(served), sealing(served));
            case Refused(var rejection, var status) -> {
                seal(DecisionStatus.REJECTED);
                yield new Rejected(facts(null), rejection, status);
            }
            case Exhausted(var retryAfter) -> {
                seal(DecisionStatus.EXHAUSTED);
                yield new BudgetExhausted(facts(null), retryAfter.orElse(DEFAULT_RETRY_AFTER));
            }
        };
    }

    /** The intent did not become durable in time: whatever a provider answered is withheld. */
    InferenceOutcome notRecorded() {
        if (answered != null) {
            answered.answer().cancel();
        }
        seal(DecisionStatus.INTERRUPTED);
        return new NotRecorded(facts(null), DEFAULT_RETRY_AFTER);
    }

    /** The client left before it was told anything: retries end now, the call in flight at once or after the grace. */
    void clientLeft() {
        clientLeft = true;
        attempts.stopRetrying();
        if (answered != null) {
            sealing(answered).cancel();
        } else if (request.departure() == InferenceRequest.Departure.GRACE && attempts.isInFlight()) {
            ports.time().after(orphanGrace, this::endOrphan);
        } else {
            endOrphan();
        }
    }

    private void endOrphan() {
        if (answered == null) {
            attempts.cancel();
            seal(DecisionStatus.CANCELLED);
        }
    }

    @Override
    public void ended(AttemptsEnd end) {
        answeredNanos = ports.time().nanoTime();
        if (end instanceof Answered served) {
            answered = served;
        }
        if (!clientLeft && emitter != null) {
            emitter.complete(end);
        } else if (end instanceof Answered served) {
            sealing(served).cancel();
        } else {
            seal(DecisionStatus.CANCELLED);
        }
    }

    @Override
    public void failed(Throwable bug) {
        seal(DecisionStatus.INTERRUPTED);
        if (emitter != null) {
            emitter.fail(bug);
        }
    }

    private SealingAnswer sealing(Answered served) {
        return new SealingAnswer(served.answer(), this, request.departure(), ports.time(), orphanGrace);
    }

    boolean isSealed() {
        return sealed;
    }

    /** The answer is over: it counts as served if any of it has reached the client. */
    void sealAnswered(SealingAnswer.Reach reach) {
        seal(reach == SealingAnswer.Reach.CLIENT ? servedStatus() : DecisionStatus.CANCELLED);
    }

    /** The answer broke off after its first content. */
    void answerBroke(Trigger why) {
        if (answered != null) {
            log.broke(answered.permit().number(), why, ports.time().nanoTime());
        }
    }

    private DecisionStatus servedStatus() {
        return answered != null && answered.permit().tier() > 0 ? DecisionStatus.FELL_BACK : DecisionStatus.SERVED;
    }

    private Attribution attribution(DecisionStatus status) {
        return switch (status) {
            case FELL_BACK, EXHAUSTED -> Attribution.of(attempts.overtakes(), attempts.view());
            case SERVED, REJECTED, INTERRUPTED, CANCELLED -> Attribution.NONE;
        };
    }

    private int overtakes(DecisionStatus status) {
        return status == DecisionStatus.FELL_BACK || status == DecisionStatus.EXHAUSTED ? attempts.overtakes() : 0;
    }

    private RequestFacts facts(@Nullable Answered served) {
        DecisionStatus status = served == null ? DecisionStatus.EXHAUSTED : servedStatus();
        return new RequestFacts(
                id,
                request.route(),
                request.mode(),
                served == null ? Decision.NO_TIER : served.permit().tier(),
                served == null ? -1 : served.targetIndex(),
                attempts.spent(),
                log.lastFailure(),
                attribution(status),
                overtakes(status),
                log.overheadMicros(ports.time().nanoTime()));
    }

    private void seal(DecisionStatus status) {
        if (sealed) {
            return;
        }
        sealed = true;
        long now = ports.time().nanoTime();
        long streamNanos = answered == null ? 0 : now - answeredNanos - journalNanos;
        Decision decision = new Decision(
                id,
                intent,
                status,
                log.records(),
                log.selectedTarget(),
                answered == null ? Decision.NO_TIER : answered.permit().tier(),
                answered == null ? TargetId.NONE : target(answered).id().value(),
                log.lastFailure(),
                attribution(status),
                overtakes(status),
                log.split(journalNanos, streamNanos, now));
        ports.journal().append(decision);
        ports.metrics().finished(request.route(), decision);
    }

    private Target target(Answered served) {
        return request.route().tiers().get(served.permit().tier()).targets().get(served.targetIndex());
    }
}
