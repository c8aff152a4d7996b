package openledger.inference.confirmed;

import io.smallrye.mutiny.subscription.Cancellable;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.commitment.ConfirmationLevel;
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
 * What confirms the route of one request: its plan, whether that has reached its level, and how much longer that may be waited
 * for. The wait is counted from the pin, whatever is waited for meanwhile. Confined to the request's event loop.
 */
public final class PlanConfirmation {
    private static final long NANOS_A_MICRO = 1_000;

    private final RequestId id;
    private final Route route;
    private final ModeOptions.Confirmed terms;
    private final Confirmations chain;
    private final Timekeeper time;
    private final RouterMetrics metrics;
    private final Loop home;

    private @Nullable Cancellable asked;
    private @Nullable Plan plan;
    private @Nullable Consumer<Verdict> waiting;
    private Timekeeper.@Nullable Timer timer;
    private long position;
    private long pinnedNanos;
    private long settledNanos = -1;
    private boolean reached;
    private boolean released;
    private boolean givenUp;

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
            Confirmations chain,
            Loop home) {
        this.id = id;
        this.route = route;
        this.terms = terms;
        this.chain = chain;
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

    /** Asks the chain, before there is a plan, so that nothing it says is missed. */
    void begin() {
        if (asked != null) {
            return;
        }
        asked = chain.reached(id, terms.level())
                .subscribe()
                .with(
                        level -> home.run(this::reached),
                        // Who cannot tell has confirmed nothing; the wait is bounded here.
                        cannotTell -> {});
    }

    /** There is a plan, at {@code at} in the journal; {@code nanos} is when it was pinned. */
    void pinned(Plan pinned, long at, long nanos) {
        plan = pinned;
        position = at;
        pinnedNanos = nanos;
        if (!reached && terms.onUnconfirmed() == OnUnconfirmed.RELEASE && lags()) {
            release();
        }
    }

    /** Nobody waits for a plan now: there is nothing to hear of. */
    void endIfUnplanned() {
        if (plan == null) {
            close();
        }
    }

    /** Whether what would be waited for cannot be expected in time. */
    boolean lags() {
        return !reached
                && chain.standing()
                        .lag()
                        .filter(lag -> lag.compareTo(terms.maxWait()) > 0)
                        .isPresent();
    }

    private void reached() {
        // What was decided without it is not decided again, and its facts stay what they were.
        if (reached || released || givenUp) {
            return;
        }
        reached = true;
        settle();
        if (plan != null) {
            metrics.confirmed(
                    route,
                    terms.gate(),
                    terms.level(),
                    java.time.Duration.ofNanos(Math.max(0, settledNanos - pinnedNanos)));
        }
        answer(Verdict.CONFIRMED);
    }

    /** Calls back once, as soon as it is known whether the plan is confirmed in time; at once if it is known. There is a plan. */
    public void decide(Consumer<Verdict> then) {
        stopWaiting();
        if (reached) {
            then.accept(Verdict.CONFIRMED);
            return;
        }
        if (released) {
            then.accept(Verdict.RELEASED);
            return;
        }
        waiting = then;
        long left = pinnedNanos + terms.maxWait().toNanos() - time.nanoTime();
        if (left <= 0) {
            timeIsUp();
        } else {
            timer = time.after(java.time.Duration.ofNanos(left), this::timeIsUp);
        }
    }

    private void timeIsUp() {
        switch (terms.onUnconfirmed()) {
            case RELEASE -> {
                release();
                answer(Verdict.RELEASED);
            }
            case FAIL -> {
                giveUp();
                answer(Verdict.UNCONFIRMED);
            }
        }
    }

    /** It will not be confirmed in time. */
    void giveUp() {
        givenUp = true;
        settle();
        metrics.unconfirmed(route, terms.gate(), OnUnconfirmed.FAIL);
    }

    private void release() {
        released = true;
        settle();
        metrics.unconfirmed(route, terms.gate(), OnUnconfirmed.RELEASE);
    }

    private void settle() {
        if (settledNanos < 0 && plan != null) {
            settledNanos = time.nanoTime();
        }
    }

    private void answer(Verdict verdict) {
        Consumer<Verdict> to = waiting;
        stopWaiting();
        if (to != null) {
            to.accept(verdict);
        }
    }

    /** Nobody waits for a verdict now. */
    public void stopWaiting() {
        waiting = null;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** The request has ended. */
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
        return released ? terms.mode().released() : terms.mode();
    }

    public Optional<Plan> plan() {
        return Optional.ofNullable(plan);
    }

    /** Where the plan is in the journal, 0 while there is none. */
    public long position() {
        return position;
    }

    /** What an answer says about it; empty while there is no plan. */
    public Optional<ConfirmedFacts> facts(long holdMicros) {
        if (plan == null) {
            return Optional.empty();
        }
        long until = settledNanos < 0 ? time.nanoTime() : settledNanos;
        ConfirmationLevel level = reached ? terms.level() : ConfirmationLevel.RECORDED;
        return Optional.of(new ConfirmedFacts(plan, level, holdMicros, (until - pinnedNanos) / NANOS_A_MICRO));
    }
}
