package openledger.inference.confirmed;

import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.Confirmations;
import openledger.inference.ConfirmedFacts;
import openledger.inference.EventLoops.Loop;
import openledger.inference.RouterMetrics;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * The confirmation of one request: its plan, whether the plan has reached its level, and how much longer the request may wait for that. The
 * wait is counted from the pin, whatever else the request waits for meanwhile. Confined to the request's event loop.
 *
 * <pre>
 *                 pinned                decide
 *   Unplanned ─────────────▶ Pinned ─────────────▶ Waited
 *       │                      │  ◀─────────────     │
 *       │ pinned, and reached  │    stopWaiting      │ reached, or time is up
 *       │ or behind by then    │ reached, given up   │
 *       └──────────────────▶ Settled ◀───────────────┘
 * </pre>
 *
 * A settled plan stays as it is: what becomes known later changes no verdict that was given.
 *
 * <p>Long because the states and what each event does in them are read here, in one place.
 */
public final class PlanConfirmation {
    private static final long NANOS_A_MICRO = 1_000;

    private final RequestId id;
    private final Route route;
    private final ModeOptions.Confirmed terms;
    private final Confirmations confirmations;
    private final Timekeeper time;
    private final RouterMetrics metrics;
    private final Loop home;

    private State state = new State.Unplanned(false);
    private @Nullable Cancellable asked;

    /**
     * Nothing is watched yet.
     *
     * @param home the request's event loop
     */
    public PlanConfirmation(
            RequestId id,
            Route route,
            ModeOptions.Confirmed terms,
            ServicePorts ports,
            Confirmations confirmations,
            Loop home) {
        this.id = id;
        this.route = route;
        this.terms = terms;
        this.confirmations = confirmations;
        this.time = ports.time();
        this.metrics = ports.metrics();
        this.home = home;
    }

    /** What is known of a plan in the end. */
    public enum Verdict {
        CONFIRMED,
        /** Not in time, and the client wants its answer all the same. */
        RELEASED,
        /** Not in time, and the client wants no answer then. */
        UNCONFIRMED
    }

    /** A plan, where it is in the journal, and when it was pinned on the clock of {@link Timekeeper#nanoTime}. */
    private record Pinning(Plan plan, long position, long nanos) {}

    private sealed interface State {
        /** There is no plan; {@code reached} if its level has been quicker than the news of the plan. */
        record Unplanned(boolean reached) implements State {}

        /** Not confirmed yet, and nobody waits for it now. */
        record Pinned(Pinning pin) implements State {}

        /** Not confirmed yet, and {@code waiter} is called once that is known, at the latest when the timer fires. */
        record Waited(Pinning pin, Consumer<Verdict> waiter, Timekeeper.Timer timer) implements State {}

        /** The verdict is given, since {@code nanos}. */
        record Settled(Pinning pin, Verdict verdict, long nanos) implements State {}
    }

    /** Asks for the level, before there is a plan, so that nothing is missed. */
    void begin() {
        if (asked == null) {
            asked = confirmations
                    .reached(id, terms.level())
                    .subscribe()
                    .with(
                            level -> home.execute(this::reached),
                            // A failed query counts as unconfirmed; the wait is bounded here.
                            failed -> {});
        }
    }

    /** There is a plan, at {@code at} in the journal; {@code nanos} is when it was pinned. */
    void pinned(Plan plan, long at, long nanos) {
        if (!(state instanceof State.Unplanned(boolean reached))) {
            throw new IllegalStateException("pinned again: " + state);
        }
        Pinning pin = new Pinning(plan, at, nanos);
        if (reached) {
            state = new State.Settled(pin, Verdict.CONFIRMED, time.nanoTime());
        } else if (terms.onUnconfirmed() == OnUnconfirmed.RELEASE && isBehind()) {
            settle(pin, Verdict.RELEASED);
        } else {
            state = new State.Pinned(pin);
        }
    }

    /** Nobody waits for a plan now: there is nothing to hear of. */
    void endIfUnplanned() {
        if (state instanceof State.Unplanned) {
            close();
        }
    }

    /** Whether a plan that is not settled cannot be expected to be confirmed in time. */
    boolean lags() {
        return !(state instanceof State.Settled) && isBehind();
    }

    private boolean isBehind() {
        return confirmations
                .lag(terms.level())
                .filter(lag -> lag.compareTo(terms.maxWait()) > 0)
                .isPresent();
    }

    private void reached() {
        if (asked == null) {
            return;
        }
        switch (state) {
            case State.Unplanned none -> state = new State.Unplanned(true);
            case State.Pinned(var pin) -> settle(pin, Verdict.CONFIRMED);
            case State.Waited(var pin, var waiter, var timer) -> {
                timer.cancel();
                settle(pin, Verdict.CONFIRMED);
                waiter.accept(Verdict.CONFIRMED);
            }
            case State.Settled given -> {}
        }
    }

    /**
     * Calls back once, as soon as it is known whether the plan is confirmed in time; at once if it is known. Who waited before waits no
     * more.
     *
     * @throws IllegalStateException if there is no plan
     */
    public void decide(Consumer<Verdict> then) {
        stopWaiting();
        switch (state) {
            case State.Settled settled -> then.accept(settled.verdict());
            case State.Pinned(var pin) -> {
                long left = pin.nanos() + terms.maxWait().toNanos() - time.nanoTime();
                if (left > 0) {
                    state = new State.Waited(pin, then, time.after(Duration.ofNanos(left), this::timeIsUp));
                } else {
                    then.accept(settle(pin, verdictInLieu()));
                }
            }
            case State.Unplanned none -> throw new IllegalStateException("there is no plan to decide about");
            case State.Waited other -> throw new IllegalStateException("somebody waits still: " + other);
        }
    }

    private void timeIsUp() {
        if (state instanceof State.Waited(var pin, var waiter, var fired)) {
            waiter.accept(settle(pin, verdictInLieu()));
        }
    }

    private Verdict verdictInLieu() {
        return switch (terms.onUnconfirmed()) {
            case RELEASE -> Verdict.RELEASED;
            case FAIL -> Verdict.UNCONFIRMED;
        };
    }

    /** The request fails for want of a confirmation, without waiting for one. */
    void giveUp() {
        stopWaiting();
        switch (state) {
            case State.Pinned(var pin) -> settle(pin, Verdict.UNCONFIRMED);
            case State.Settled given -> {}
            case State.Unplanned none -> throw new IllegalStateException("there is no plan to give up");
            case State.Waited other -> throw new IllegalStateException("somebody waits still: " + other);
        }
    }

    private Verdict settle(Pinning pin, Verdict verdict) {
        long now = time.nanoTime();
        state = new State.Settled(pin, verdict, now);
        switch (verdict) {
            case CONFIRMED ->
                metrics.confirmed(route, terms.gate(), terms.level(), Duration.ofNanos(Math.max(0, now - pin.nanos())));
            case RELEASED, UNCONFIRMED -> metrics.unconfirmed(route, terms.gate(), terms.onUnconfirmed());
        }
        return verdict;
    }

    /** Nobody waits for a verdict now. */
    public void stopWaiting() {
        if (state instanceof State.Waited(var pin, var waiter, var timer)) {
            timer.cancel();
            state = new State.Pinned(pin);
        }
    }

    /** The request has ended, or has no plan to hear of. */
    void close() {
        stopWaiting();
        if (asked != null) {
            asked.cancel();
            asked = null;
        }
    }

    public ModeOptions.Confirmed terms() {
        return terms;
    }

    /** How the request is settled so far. */
    public LeafMode mode() {
        boolean released = state instanceof State.Settled settled && settled.verdict() == Verdict.RELEASED;
        return released ? terms.mode().released() : terms.mode();
    }

    public Optional<Plan> plan() {
        return pinning().map(Pinning::plan);
    }

    /** Where the plan is in the journal, 0 while there is none. */
    public long position() {
        return pinning().map(Pinning::position).orElse(0L);
    }

    private Optional<Pinning> pinning() {
        return switch (state) {
            case State.Unplanned none -> Optional.empty();
            case State.Pinned(var pin) -> Optional.of(pin);
            case State.Waited(var pin, var waiter, var timer) -> Optional.of(pin);
            case State.Settled(var pin, var verdict, var nanos) -> Optional.of(pin);
        };
    }

    /** What an answer says about it; empty while there is no plan. */
    public Optional<ConfirmedFacts> facts(long holdMicros) {
        return pinning().map(pin -> {
            boolean confirmed = state instanceof State.Settled settled && settled.verdict() == Verdict.CONFIRMED;
            long until = state instanceof State.Settled settled ? settled.nanos() : time.nanoTime();
            return new ConfirmedFacts(
                    pin.plan(),
                    confirmed ? Optional.of(terms.level()) : Optional.empty(),
                    holdMicros,
                    (until - pin.nanos()) / NANOS_A_MICRO);
        });
    }
}
