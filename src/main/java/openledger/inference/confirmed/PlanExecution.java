package openledger.inference.confirmed;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.inference.RouterMetrics.PlanPlace;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.confirmed.PendingRequest.Pin;
import openledger.inference.record.JournalState;
import openledger.inference.retry.AttemptLog;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.Exhausted;
import openledger.inference.retry.AttemptsEnd.Unrecordable;
import openledger.inference.retry.CallsInFlight;
import openledger.inference.retry.RouteTraffic;
import openledger.inference.upstream.ClaimedSlot;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.SlotTicket;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Follows a plan place by place. The first pinned one has its slot; each after it is tried at the first point of the grid after
 * the failure, and until then it is in line for its slot before all later turns: no jitter, no hedge, no other target, no storm
 * guard. A place whose target is closed, closed to this request or full is spent without a call.
 *
 * <p>The slot that was granted ends in a call or is given back, exactly once.
 *
 * <p>Long because it is one state machine: what a call, the grid and a departure may do to each other is read here, in one
 * place. Confined to the event loop of the request.
 */
final class PlanExecution implements CallsInFlight.Listener {
    private final Route route;
    private final ClosedTargets closed;
    private final Gate gate;
    private final AttemptLedger ledger;
    private final AttemptLog log;
    private final RouteTraffic traffic;
    private final OvertakeTracker stay;
    private final ServicePorts ports;
    private final Timekeeper time;
    private final Listener listener;
    private final CallsInFlight calls;

    private @Nullable UpstreamRequest upstream;
    private @Nullable Plan plan;
    private @Nullable ClaimedSlot slot;
    /** Of the last call, which may wait for the journal and then never be made. */
    private @Nullable ClaimedSlot called;

    private @Nullable SlotTicket awaited;
    private Timekeeper.@Nullable Timer wait;
    private long gridNanos;
    private boolean paused;

    PlanExecution(
            Route route,
            ClosedTargets closed,
            Gate gate,
            AttemptLedger ledger,
            AttemptLog log,
            RouteTraffic traffic,
            OvertakeTracker stay,
            ServicePorts ports,
            Listener listener) {
        this.route = route;
        this.closed = closed;
        this.gate = gate;
        this.ledger = ledger;
        this.log = log;
        this.traffic = traffic;
        this.stay = stay;
        this.ports = ports;
        this.time = ports.time();
        this.listener = listener;
        this.calls = new CallsInFlight(log, time, this);
    }

    /** Notified of how the walk ends, once each time it is told to go on. */
    interface Listener {
        void ended(AttemptsEnd end);

        /** A bug, ours or the gateway's. */
        void failed(Throwable bug);
    }

    /** What is asked, by whoever is there; null while nobody is. */
    void ask(@Nullable UpstreamRequest what) {
        upstream = what;
    }

    /** There is a plan to follow. */
    void along(Pin pin) {
        plan = pin.plan();
        slot = pin.slot();
        gridNanos = pin.gridNanos();
    }

    boolean hasPlan() {
        return plan != null;
    }

    boolean isInFlight() {
        return !calls.isEmpty();
    }

    /** Takes the next place now. */
    void next() {
        paused = false;
        if (ports.journal().state() != JournalState.OPEN && ledger.isOpen()) {
            listener.ended(new Unrecordable());
            return;
        }
        Optional<AttemptPermit> permit = ledger.take();
        if (permit.isEmpty()) {
            exhausted();
        } else {
            take(permit.get());
        }
    }

    /** Takes the next place when the grid says so: who fails early waits for its next point like all others. */
    void nextAtPoint() {
        paused = false;
        long since = time.nanoTime();
        lineUp();
        Duration delay = route.modes().grid().untilNextPoint(Duration.ofNanos(Math.max(0, since - gridNanos)));
        wait = time.after(delay, () -> {
            wait = null;
            log.waited(time.nanoTime() - since);
            next();
        });
    }

    /** For the slot of the next place. */
    private void lineUp() {
        leaveLine();
        List<Target> targets = route.tiers().get(ledger.nextTier()).targets();
        int index = indexOf(plan().target(ledger.spent() + 1), targets);
        if (!closed.has(ledger.nextTier(), index)) {
            awaited = ports.gateway().await(targets.get(index), plan().turn());
        }
    }

    private void leaveLine() {
        if (awaited != null) {
            awaited.leave();
            awaited = null;
        }
    }

    /** No further place until it is told to go on; a call in flight goes on. */
    void pause() {
        paused = true;
        stopWaiting();
    }

    /** What was held back goes on: after the call in flight, or at the next point of the grid. */
    void resume() {
        if (paused) {
            paused = false;
            if (calls.isEmpty()) {
                nextAtPoint();
            }
        }
    }

    /** Ends what is in flight and gives back what was not used. */
    void stop() {
        stopWaiting();
        calls.abandon();
        giveSlotBack();
    }

    private void giveSlotBack() {
        if (slot != null) {
            slot.release();
            slot = null;
        }
        if (called != null) {
            called.release();
            called = null;
        }
    }

    /** Nothing is left of the budget. */
    void exhausted() {
        stay.end(traffic.bestTier());
        listener.ended(new Exhausted(traffic.opensIn(closed).or(calls::retryAfter)));
    }

    private void take(AttemptPermit permit) {
        List<Target> targets = route.tiers().get(permit.tier()).targets();
        int index = indexOf(plan().target(permit.number()), targets);
        if (closed.has(permit.tier(), index)) {
            // The plan is made of what is public, and nobody outside knows the request's words: its place is spent.
            giveSlotBack();
            log.refused(permit, targets.get(index).id().value(), closed.trigger(), time.nanoTime());
            afterFailure();
            return;
        }
        Optional<ClaimedSlot> in = slotOf(targets.get(index));
        if (in.isPresent()) {
            call(permit, in.get(), index);
        } else {
            log.refused(permit, targets.get(index).id().value(), Trigger.NO_CAPACITY, time.nanoTime());
            wentStale(permit);
            afterFailure();
        }
    }

    private static int indexOf(int id, List<Target> targets) {
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).id().value() == id) {
                return i;
            }
        }
        throw new IllegalStateException("a place of the plan is not in its tier: " + id);
    }

    /** The slot that was granted, or waited for, or one that is free just now. */
    private Optional<ClaimedSlot> slotOf(Target target) {
        ClaimedSlot granted = slot;
        SlotTicket waited = awaited;
        slot = null;
        awaited = null;
        if (granted != null) {
            return Optional.of(granted);
        }
        return waited != null
                ? waited.take()
                : ports.gateway().claim(target, 1).stream().findFirst();
    }

    private void wentStale(AttemptPermit permit) {
        boolean first = permit.number() == plan().spent() + 1;
        ports.metrics().pinWentStale(route, gate, first ? PlanPlace.FIRST : PlanPlace.LATER);
    }

    private void call(AttemptPermit permit, ClaimedSlot in, int index) {
        UpstreamRequest asked = Objects.requireNonNull(upstream, "nobody is there");
        called = in;
        calls.begin(permit, in.target(), index, () -> in.call(permit, asked));
    }

    @Override
    public void ended(AttemptsEnd end) {
        if (end instanceof Answered(var from, var answer) && from.permit().tier() == 0) {
            stay.served();
        }
        listener.ended(end);
    }

    @Override
    public void missed(AttemptPermit permit, Trigger trigger) {
        if (trigger == Trigger.NO_CAPACITY) {
            wentStale(permit);
        }
        afterFailure();
    }

    @Override
    public void failed(Throwable bug) {
        giveSlotBack();
        listener.failed(bug);
    }

    private void afterFailure() {
        if (!ledger.isOpen()) {
            exhausted();
            return;
        }
        if (ledger.nextTier() > 0) {
            stay.end(traffic.bestTier());
        }
        if (!paused) {
            nextAtPoint();
        }
    }

    private Plan plan() {
        return Objects.requireNonNull(plan, "there is a plan");
    }

    private void stopWaiting() {
        leaveLine();
        if (wait != null) {
            wait.cancel();
            wait = null;
        }
    }
}
