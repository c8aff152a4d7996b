package openledger.inference.confirmed;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Optional;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.EventLoops;
import openledger.inference.PlanWitness;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.confirmed.ConfirmedStage.Confirming;
import openledger.inference.confirmed.ConfirmedStage.Following;
import openledger.inference.confirmed.ConfirmedStage.Held;
import openledger.inference.confirmed.ConfirmedStage.Leaving;
import openledger.inference.confirmed.ConfirmedStage.Resting;
import openledger.inference.confirmed.ConfirmedStage.Showing;
import openledger.inference.confirmed.PendingRequest.Pin;
import openledger.inference.confirmed.PendingRequest.Standing;
import openledger.inference.confirmed.PlanConfirmation.Verdict;
import openledger.inference.record.Intent;
import openledger.inference.retry.AttemptLog;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.Unconfirmed;
import openledger.inference.retry.AwaitedEnd;
import openledger.inference.retry.RetryLoop;
import openledger.inference.retry.RouteTraffic;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.TargetId;

/**
 * The retry loop of confirmed mode. The request is held until it has a plan, and each point of its grid passed meanwhile spends an attempt;
 * then it follows the plan ({@link PlanExecution}).
 *
 * <p>{@link ConfirmedStage} shows its stages.
 *
 * <p>Gate {@code dispatch} waits before the first call. With gate {@code response} it is the answer that waits, in {@code AttemptPhase};
 * what is watched here is only that nothing goes on for a request that has failed to be confirmed.
 *
 * <p>Long because it is one state machine: what the epochs, the chain, the walk and a departure may do to each other is read
 * here, in one place. Confined to the event loop of the request.
 */
public final class ConfirmedRetryLoop implements RetryLoop, PlanExecution.Listener, PendingRequest.Listener {
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
    private final Optional<PlanWitness> witness;

    private final AwaitedEnd end = new AwaitedEnd();
    private ConfirmedStage stage = new Resting();

    /** For a request that has a place among those who wait. */
    public ConfirmedRetryLoop(
            RequestContext request,
            Route route,
            ClosedTargets closed,
            AttemptLog log,
            RouteTraffic traffic,
            ServicePorts ports,
            EpochScheduler epochs,
            PlanConfirmation watch) {
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
        walk.ask(request.upstream());
        for (AttemptPermit before : ledger.takeAll(request.spent())) {
            log.spentElsewhere(before, time.nanoTime());
        }
    }

    private boolean isOver() {
        return stage instanceof Resting || stage instanceof Leaving;
    }

    /** Goes to the next stage; how long one waited in the last one is recorded, whatever has ended the wait. */
    private void enter(ConfirmedStage next) {
        switch (stage) {
            case Held(var _, var since) -> log.held(time.nanoTime() - since);
            case Confirming(var since) -> log.confirming(time.nanoTime() - since);
            case Resting _, Leaving _, Showing _, Following _ -> {}
        }
        stage = next;
    }

    @Override
    public Uni<AttemptsEnd> start() {
        return end.after(this::hold);
    }

    private void hold() {
        watch.begin();
        long now = time.nanoTime();
        log.admitted(now);
        PendingRequest entering = new PendingRequest(
                id,
                intent,
                route,
                epochs.key(id, intent),
                ledger.spent(),
                ports.loops().here(),
                this);
        enter(new Held(entering, now));
        epochs.enter(entering);
    }

    @Override
    public void held(Standing standing) {
        spendUpTo(standing);
    }

    @Override
    public void exhausted(Standing standing) {
        follow();
        spendUpTo(standing);
        walk.exhausted();
    }

    @Override
    public void pinned(Standing standing, Pin pin) {
        follow();
        spendUpTo(standing);
        watch.pinned(pin.plan(), pin.position(), pin.pinnedNanos());
        ports.metrics().pinned(route, gate);
        walk.along(pin);
        if (isOver()) {
            walk.stop();
        } else if (watch.terms().onUnconfirmed() == OnUnconfirmed.FAIL && watch.lags()) {
            // What would be thrown away is not asked for.
            watch.giveUp();
            ended(new Unconfirmed());
        } else {
            show(pin);
        }
    }

    /** The wait in the open set is over; who leaves it does so all the same. */
    private void follow() {
        if (stage instanceof Held) {
            enter(new Following());
        }
    }

    /** A witness of the plan has it before a provider is called. */
    private void show(Pin pin) {
        if (witness.isEmpty()) {
            passGate(walk::next);
            return;
        }
        EventLoops.Loop home = ports.loops().here();
        Showing showing = new Showing();
        enter(showing);
        showing.journey = ports.journal()
                .durable(pin.position())
                .chain(() -> witness.get().pinned(pin.planned()))
                .emitOn(home)
                .onFailure()
                // The answer will wait for the record as well, and that is where it is said that there is none.
                .recoverWithNull()
                .subscribe()
                .with(shown -> {
                    if (stage.equals(showing)) {
                        passGate(walk::next);
                    }
                });
    }

    @Override
    public void departed() {
        if (!(stage instanceof Leaving(var _, var returning, var still))) {
            throw new IllegalStateException("it has not asked to leave: " + stage);
        }
        enter(new Resting());
        watch.endIfUnplanned();
        still.forEach(Runnable::run);
        if (returning) {
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
                enter(new Confirming(time.nanoTime()));
                watch.decide(verdict -> {
                    enter(new Following());
                    if (verdict == Verdict.UNCONFIRMED) {
                        ended(new Unconfirmed());
                    } else {
                        then.run();
                    }
                });
            }
            case RESPONSE -> {
                enter(new Following());
                if (watch.terms().onUnconfirmed() == OnUnconfirmed.FAIL) {
                    watch.decide(this::failIfUnconfirmed);
                }
                if (!isOver()) {
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
    public void ended(AttemptsEnd how) {
        if (isOver()) {
            if (how instanceof Answered(var from, var answer)) {
                answer.cancel();
            }
            return;
        }
        cancel();
        end.complete(how);
    }

    @Override
    public void failed(Throwable bug) {
        follow();
        cancel();
        end.fail(bug);
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
        walk.pause();
    }

    @Override
    public void resumeRetries() {
        if (stage instanceof Following) {
            walk.resume();
        }
    }

    @Override
    public void cancel() {
        ConfirmedStage until = stage;
        enter(
                switch (until) {
                    case Held(var pending, var _) -> new Leaving(pending, false, new ArrayList<>(1));
                    case Leaving(var pending, var _, var still) -> new Leaving(pending, false, still);
                    case Resting _, Showing _, Confirming _, Following _ -> new Resting();
                });
        watch.stopWaiting();
        if (until instanceof Showing showing && showing.journey != null) {
            showing.journey.cancel();
        }
        walk.stop();
        if (until instanceof Held(var pending, var _)) {
            epochs.leave(pending);
        }
    }

    @Override
    public void rest() {
        walk.ask(null);
    }

    @Override
    public Uni<AttemptsEnd> goOn(UpstreamRequest again) {
        return end.after(() -> {
            walk.ask(again);
            if (stage instanceof Leaving(var pending, var _, var still)) {
                enter(new Leaving(pending, true, still));
            } else {
                comeBack();
            }
        });
    }

    /** With the plan it has, at the next point of its grid; or it waits for one as a newcomer does. */
    private void comeBack() {
        enter(new Following());
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
        if (stage instanceof Leaving(var _, var _, var still)) {
            still.add(then);
        } else {
            then.run();
        }
    }

    @Override
    public Optional<PlanConfirmation> watch() {
        return Optional.of(watch);
    }
}
