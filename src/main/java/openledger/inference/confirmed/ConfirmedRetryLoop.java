package openledger.inference.confirmed;

import io.smallrye.mutiny.subscription.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.EventLoops;
import openledger.inference.PlanWitness;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.confirmed.PendingRequest.Pin;
import openledger.inference.confirmed.PendingRequest.Standing;
import openledger.inference.confirmed.PlanConfirmation.Verdict;
import openledger.inference.record.Intent;
import openledger.inference.retry.AttemptLog;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.Unconfirmed;
import openledger.inference.retry.RetryLoop;
import openledger.inference.retry.RouteTraffic;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * Confirmed mode's attempts. The request is held until it has a plan, and each point of its grid passed meanwhile is an attempt
 * spent; then it walks along the plan ({@link PlanExecution}).
 *
 * <p>Gate {@code dispatch} waits before the first call. With gate {@code response} it is the answer that waits, in {@code AttemptPhase};
 * what is watched here is only that nothing goes on for a request that has failed to be confirmed.
 *
 * <p>Long because it is one state machine: what the epochs, the chain, the walk and a departure may do to each other is read
 * here, in one place. Confined to the event loop of the request.
 */
public final class ConfirmedRetryLoop implements RetryLoop, RetryLoop.Listener, PendingRequest.Listener {
    private final RequestId id;
    private final Intent intent;
    private final Route route;
    private final Gate gate;
    private final AttemptLedger ledger;
    private final AttemptLog log;
    private final ServicePorts ports;
    private final Timekeeper time;
    private final EpochScheduler epochs;
    private final PlanConfirmation watch;
    private final OvertakeTracker stay;
    private final PlanExecution walk;
    private final RetryLoop.Listener listener;
    private final Optional<PlanWitness> witness;
    private final List<Runnable> whenStill = new ArrayList<>(1);

    /** In the open set, or on its way out of it. */
    private @Nullable PendingRequest held;

    private @Nullable Cancellable showing;
    private long heldSince = -1;
    private long confirmingSince = -1;
    /** It has asked to leave the open set and was not told yet that it has: a plan may still come. */
    private boolean leaving;

    private boolean returning;
    private boolean paused;
    private boolean over;

    /** For a request that has a place among those who wait. */
    public ConfirmedRetryLoop(
            RequestContext request,
            Route route,
            ClosedTargets closed,
            AttemptLog log,
            RouteTraffic traffic,
            ServicePorts ports,
            EpochScheduler epochs,
            PlanConfirmation watch,
            RetryLoop.Listener listener) {
        this.id = request.id();
        this.intent = request.intent();
        this.witness = request.witness();
        this.route = route;
        this.gate = watch.terms().gate();
        this.ledger = new AttemptLedger(route);
        this.log = log;
        this.ports = ports;
        this.time = ports.time();
        this.epochs = epochs;
        this.watch = watch;
        this.stay = new OvertakeTracker(traffic.turns);
        this.walk = new PlanExecution(route, closed, gate, ledger, log, traffic, stay, ports, this);
        this.listener = listener;
        walk.ask(request.upstream());
    }

    @Override
    public void start() {
        hold();
    }

    private void hold() {
        watch.begin();
        heldSince = time.nanoTime();
        log.admitted(heldSince);
        PendingRequest entering = new PendingRequest(
                id,
                intent,
                route,
                epochs.commitment(id, intent),
                ledger.spent(),
                ports.loops().here(),
                this);
        held = entering;
        epochs.enter(entering);
    }

    @Override
    public void held(Standing standing) {
        spendUpTo(standing);
    }

    @Override
    public void exhausted(Standing standing) {
        endWaits();
        spendUpTo(standing);
        if (!leaving) {
            held = null;
        }
        walk.exhausted();
    }

    @Override
    public void pinned(Standing standing, Pin pin) {
        endWaits();
        spendUpTo(standing);
        watch.pinned(pin.plan(), pin.position(), pin.pinnedNanos());
        ports.metrics().pinned(route, gate);
        walk.along(pin);
        if (over) {
            walk.stop();
        } else {
            held = null;
            if (watch.terms().onUnconfirmed() == OnUnconfirmed.FAIL && watch.lags()) {
                // What would be thrown away is not asked for.
                watch.giveUp();
                ended(new Unconfirmed());
            } else {
                show(pin, () -> passGate(walk::next));
            }
        }
    }

    /** Who is to have proof of the plan has it before a provider is called; the slot waits meanwhile. */
    private void show(Pin pin, Runnable then) {
        if (witness.isEmpty()) {
            then.run();
            return;
        }
        EventLoops.Loop home = ports.loops().here();
        showing = ports.journal()
                .durable(pin.position())
                .chain(() -> witness.get().pinned(pin.planned()))
                .emitOn(home::run)
                .onFailure()
                // The answer will wait for the record as well, and that is where it is said that there is none.
                .recoverWithNull()
                .subscribe()
                .with(shown -> {
                    if (!over) {
                        then.run();
                    }
                });
    }

    @Override
    public void departed() {
        held = null;
        leaving = false;
        watch.endIfUnplanned();
        List<Runnable> then = List.copyOf(whenStill);
        whenStill.clear();
        then.forEach(Runnable::run);
        if (returning) {
            returning = false;
            over = false;
            comeBack();
        }
    }

    /** Each point of the grid passed while held is an attempt for which there was no room. */
    private void spendUpTo(Standing standing) {
        stay.inTurn(standing.turn());
        while (ledger.spent() < standing.spent() && ledger.isOpen()) {
            AttemptPermit passed = ledger.take().orElseThrow();
            log.refused(passed, TargetId.NONE, Trigger.NO_CAPACITY, time.nanoTime());
        }
        if (ledger.nextTier() > 0 || !ledger.isOpen()) {
            stay.end(standing.view());
        }
    }

    /** Goes on as soon as the gate lets the request pass. */
    private void passGate(Runnable then) {
        switch (gate) {
            case DISPATCH -> {
                confirmingSince = time.nanoTime();
                watch.decide(verdict -> {
                    endWaits();
                    if (verdict == Verdict.UNCONFIRMED) {
                        ended(new Unconfirmed());
                    } else {
                        then.run();
                    }
                });
            }
            case RESPONSE -> {
                if (watch.terms().onUnconfirmed() == OnUnconfirmed.FAIL) {
                    watch.decide(this::failIfUnconfirmed);
                }
                if (!over) {
                    then.run();
                }
            }
        }
    }

    private void failIfUnconfirmed(Verdict verdict) {
        if (verdict == Verdict.UNCONFIRMED) {
            ended(new Unconfirmed());
        }
    }

    @Override
    public void ended(AttemptsEnd end) {
        if (over) {
            if (end instanceof Answered(var from, var answer)) {
                answer.cancel();
            }
            return;
        }
        cancel();
        listener.ended(end);
    }

    @Override
    public void failed(Throwable bug) {
        if (!leaving) {
            held = null;
        }
        cancel();
        listener.failed(bug);
    }

    @Override
    public int spent() {
        return ledger.spent();
    }

    @Override
    public int overtakes() {
        return stay.overtakes();
    }

    @Override
    public BestTierView view() {
        return stay.view();
    }

    @Override
    public void stopRetrying() {
        paused = true;
        walk.pause();
    }

    @Override
    public void resumeRetries() {
        if (paused && !over) {
            paused = false;
            if (walk.isInFlight()) {
                walk.goOnAfterThisCall();
            } else {
                walk.nextAtPoint();
            }
        }
    }

    @Override
    public void cancel() {
        over = true;
        returning = false;
        endWaits();
        watch.stopWaiting();
        if (showing != null) {
            showing.cancel();
        }
        walk.stop();
        if (held != null && !leaving) {
            leaving = true;
            epochs.leave(held);
        }
    }

    @Override
    public void rest() {
        walk.ask(null);
    }

    @Override
    public void goOn(UpstreamRequest again) {
        walk.ask(again);
        paused = false;
        if (leaving) {
            returning = true;
        } else {
            over = false;
            comeBack();
        }
    }

    /** With the plan it has, at the next point of its grid; or it waits for one as a newcomer does. */
    private void comeBack() {
        if (!ledger.isOpen()) {
            walk.exhausted();
        } else if (walk.hasPlan()) {
            passGate(walk::nextAtPoint);
        } else {
            comeBackWithoutPlan();
        }
    }

    /** The attempt that was waited for is spent, or who leaves and comes back would wait for the best tier without spending any. */
    private void comeBackWithoutPlan() {
        AttemptPermit left = ledger.take().orElseThrow();
        log.refused(left, TargetId.NONE, Trigger.NO_CAPACITY, time.nanoTime());
        if (ledger.isOpen()) {
            epochs.places().takeInAnyCase(intent.tenant());
            stay.forgetTurn();
            hold();
        } else {
            walk.exhausted();
        }
    }

    @Override
    public boolean canGoOn() {
        return ledger.isOpen();
    }

    @Override
    public void close() {
        ledger.close();
        watch.close();
        rest();
    }

    @Override
    public boolean isInFlight() {
        return walk.isInFlight();
    }

    @Override
    public void whenStill(Runnable then) {
        if (leaving) {
            whenStill.add(then);
        } else {
            then.run();
        }
    }

    @Override
    public Optional<PlanConfirmation> watch() {
        return Optional.of(watch);
    }

    private void endWaits() {
        long now = time.nanoTime();
        if (heldSince >= 0) {
            log.held(now - heldSince);
            heldSince = -1;
        }
        if (confirmingSince >= 0) {
            log.confirming(now - confirmingSince);
            confirmingSince = -1;
        }
    }
}
