package openledger.inference;

import java.util.Optional;
import openledger.access.TokenHold;
import openledger.fairness.Attribution;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.record.AnswerDigest;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.TokenUsage;
import openledger.inference.retry.AttemptLog;
import openledger.inference.retry.AttemptUse;
import openledger.inference.retry.AttemptsEnd.From;
import openledger.inference.retry.RetryLoop;
import openledger.routing.DecisionStatus;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/** Builds the record of a request, which is sealed exactly once. Confined to the request's event loop. */
public final class SessionRecord {
    private final Route route;
    private final Intent intent;
    private final RequestId id;
    private final ServicePorts ports;
    private final AttemptLog log;
    private final RetryLoop attempts;
    private final RequestMetricContext circumstances;
    private @Nullable From answered;
    private @Nullable AnswerDigest digest;
    private long answeredNanos;
    private long journalNanos;
    private long gateNanos;
    private long streamNanos;
    private long awaySince = -1;
    private int resends;
    private int counted;
    private @Nullable DecisionStatus sealed;

    SessionRecord(
            Route route,
            Intent intent,
            RequestId id,
            ServicePorts ports,
            AttemptLog log,
            RetryLoop attempts,
            RequestMetricContext circumstances) {
        this.route = route;
        this.intent = intent;
        this.id = id;
        this.ports = ports;
        this.log = log;
        this.attempts = attempts;
        this.circumstances = circumstances;
    }

    void resent() {
        resends++;
    }

    void journalWaited(long nanos) {
        journalNanos += nanos;
    }

    /** The answer was there, and waited for its plan to be confirmed. */
    void confirmWaited(long nanos) {
        gateNanos += nanos;
        log.confirming(nanos);
    }

    /** The answer is thrown away: its plan was not confirmed in time. */
    void answerThrownAway() {
        forgetAnswer();
        attempts.watch()
                .ifPresent(watch ->
                        ports.metrics().answerThrownAway(route, watch.terms().gate()));
    }

    /** What confirms its route; empty in mode FAST. */
    Optional<PlanConfirmation> watch() {
        return attempts.watch();
    }

    void answered(From by) {
        answered = by;
        answeredNanos = now();
    }

    /** The answer flows no more: it has ended, broken off or been given up. */
    void answerOver() {
        streamNanos += now() - answeredNanos;
        answeredNanos = now();
    }

    /** The answer is whole, and says what it took. */
    void answerWhole(Optional<TokenUsage> usage) {
        if (answered != null && usage.isPresent()) {
            log.took(answered.permit().number(), usage);
        }
    }

    /** The answer broke off after its first content. */
    void answerBroke(Trigger why) {
        if (answered != null) {
            log.broke(answered.permit().number(), why, now());
        }
    }

    /** No client is there, and nothing happens until one comes back. */
    void away() {
        awaySince = now();
    }

    /** A client has come back. */
    void back() {
        log.waited(now() - awaySince);
        awaySince = -1;
    }

    /** The answer flows to whoever is there. */
    void flows(AnswerDigest of) {
        digest = of;
    }

    /** What answered before counts no more: the attempts go on. */
    void forgetAnswer() {
        answered = null;
        digest = null;
    }

    /** Tokens of the calls since this was asked last. */
    TokenHold.Use use() {
        TokenHold.Use use = AttemptUse.of(log.records(), counted, attempts.spent());
        counted = attempts.spent();
        return use;
    }

    boolean isSealed() {
        return sealed != null;
    }

    /** What it is if the answer counts as served. */
    DecisionStatus servedStatus() {
        return answered != null && answered.permit().tier() > 0 ? DecisionStatus.FELL_BACK : DecisionStatus.SERVED;
    }

    /** What an answer says about how it came about: of a request that has ended as it was recorded, of another as one that is served. */
    public RequestFacts facts() {
        return facts(sealed == null ? servedStatus() : sealed);
    }

    /** The same of a request that ends as {@code status}. */
    RequestFacts facts(DecisionStatus status) {
        Optional<PlanConfirmation> watch = attempts.watch();
        return new RequestFacts(
                id,
                route,
                watch.map(PlanConfirmation::mode).orElse(intent.mode()),
                answered == null ? Decision.NO_TIER : answered.permit().tier(),
                answered == null ? -1 : answered.targetIndex(),
                attempts.spent(),
                resends,
                log.lastFailure(),
                attribution(status),
                overtakes(status),
                log.overheadMicros(now()),
                intent.bodyDigest(),
                circumstances.closed(),
                watch.flatMap(plan -> plan.facts(log.holdMicros())));
    }

    /** Ends the record; does nothing the second time. */
    void seal(DecisionStatus status) {
        if (sealed != null) {
            return;
        }
        sealed = status;
        if (awaySince >= 0) {
            log.waited(now() - awaySince);
        }
        Optional<PlanConfirmation> watch = attempts.watch();
        Optional<Plan> plan = watch.flatMap(PlanConfirmation::plan);
        Decision decision = new Decision(
                id,
                intent,
                status,
                log.records(),
                resends,
                plan.map(Plan::first).orElseGet(log::selectedTarget),
                answered == null ? Decision.NO_TIER : answered.permit().tier(),
                answered == null ? TargetId.NONE : target(answered).id().value(),
                log.lastFailure(),
                attribution(status),
                overtakes(status),
                log.split(journalNanos, Math.max(0, streamNanos - journalNanos - gateNanos), now()),
                digest == null ? new byte[Decision.DIGEST_BYTES] : digest.value(),
                watch.map(PlanConfirmation::mode).orElse(intent.mode()),
                plan);
        ports.journal().append(decision);
        ports.metrics().finished(route, decision, circumstances);
    }

    private long now() {
        return ports.time().nanoTime();
    }

    private Target target(From served) {
        return route.tiers().get(served.permit().tier()).targets().get(served.targetIndex());
    }

    private Attribution attribution(DecisionStatus status) {
        return countsAsDenied(status) ? Attribution.of(attempts.overtakes(), attempts.view()) : Attribution.NONE;
    }

    private int overtakes(DecisionStatus status) {
        return countsAsDenied(status) ? attempts.overtakes() : 0;
    }

    /** Who could not be put to the best tier was not denied it: the system was neither slow nor selective. */
    private boolean countsAsDenied(DecisionStatus status) {
        if (log.bestTierWasClosed()) {
            return false;
        }
        return switch (status) {
            case FELL_BACK, EXHAUSTED -> true;
            case SERVED, REJECTED, INTERRUPTED, CANCELLED, UNCONFIRMED, TIMED_OUT -> false;
        };
    }
}
