package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import openledger.budget.AttemptPermit;
import openledger.budget.FastRetries;
import openledger.budget.RetryStep;
import openledger.budget.RetryStep.Call;
import openledger.budget.RetryStep.End;
import openledger.budget.RetryStep.Refuse;
import openledger.budget.RetryStep.Wait;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.InferenceRequest;
import openledger.inference.Timekeeper;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.record.Journal;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.Exhausted;
import openledger.inference.retry.AttemptsEnd.Unrecordable;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * The retry loop of fast mode: carries out what {@link FastRetries} decides, and waits for the back-off. A hedge is an attempt like any
 * other.
 *
 * <p>Long because it is one state machine: what a call, a wait, a hedge and a departure may do to each other is read
 * here, in one place. Confined to the event loop of the request.
 */
public final class FastRetryLoop implements RetryLoop, CallsInFlight.Listener {
    private final Route route;
    private final ClosedTargets closed;
    private final FastRetries retries;
    private final LiveView view;
    private final AttemptLog log;
    private final RouteTraffic traffic;
    private final ProviderGateway gateway;
    private final Timekeeper time;
    private final CallsInFlight calls;
    private final AwaitedEnd end = new AwaitedEnd();

    private Timekeeper.@Nullable Timer wait;
    private Timekeeper.@Nullable Timer hedge;
    private @Nullable UpstreamRequest upstream;
    private boolean paused;
    private boolean over;

    public FastRetryLoop(
            InferenceRequest request,
            UpstreamRequest upstream,
            AttemptLog log,
            int spent,
            RouteTraffic traffic,
            ProviderGateway gateway,
            Journal journal,
            Timekeeper time,
            RandomGenerator random) {
        this.route = request.route();
        this.closed = request.closed();
        this.upstream = upstream;
        this.retries = new FastRetries(route);
        this.view = new LiveView(request, traffic, journal, time, random);
        this.log = log;
        this.traffic = traffic;
        this.gateway = gateway;
        this.time = time;
        this.calls = new CallsInFlight(log, time, this);
        for (AttemptPermit before : retries.spentElsewhere(spent)) {
            log.spentElsewhere(before, time.nanoTime());
        }
    }

    @Override
    public Uni<AttemptsEnd> start() {
        return end.after(() -> {
            view.begin();
            next();
        });
    }

    @Override
    public int spent() {
        return retries.spent();
    }

    @Override
    public int overtakes() {
        return retries.overtakes();
    }

    @Override
    public BestTierView view() {
        return retries.bestTier();
    }

    @Override
    public void stopRetrying() {
        paused = true;
        stopTimers();
    }

    @Override
    public void resumeRetries() {
        if (paused && !over) {
            paused = false;
            if (calls.isEmpty()) {
                next();
            }
        }
    }

    @Override
    public void cancel() {
        over = true;
        stopTimers();
        calls.abandon();
    }

    @Override
    public void rest() {
        upstream = null;
    }

    @Override
    public Uni<AttemptsEnd> goOn(UpstreamRequest again) {
        return end.after(() -> {
            upstream = again;
            paused = false;
            over = false;
            next();
        });
    }

    @Override
    public boolean canGoOn() {
        return retries.isOpen();
    }

    @Override
    public void close() {
        retries.close();
        rest();
    }

    private void stopTimers() {
        stop(wait);
        stop(hedge);
    }

    @Override
    public boolean isInFlight() {
        return !calls.isEmpty();
    }

    @Override
    public void whenStill(Runnable then) {
        then.run();
    }

    @Override
    public Optional<PlanConfirmation> watch() {
        return Optional.empty();
    }

    private void next() {
        follow(retries.next(view));
    }

    /** Does what is decided. */
    private void follow(RetryStep step) {
        switch (step) {
            case Call call -> call(call);
            case Refuse refusal -> refuse(refusal);
            case Wait(Duration delay) -> backOff(delay);
            case End.SPENT -> complete(new Exhausted(traffic.opensIn(closed).or(calls::retryAfter)));
            case End.UNRECORDABLE -> complete(new Unrecordable());
        }
    }

    private void refuse(Refuse refusal) {
        int target = refusal.target() == RetryStep.NO_TARGET
                ? TargetId.NONE
                : target(refusal.permit(), refusal.target()).id().value();
        log.refused(refusal.permit(), target, refusal.trigger(), time.nanoTime());
        follow(retries.afterFailure(refusal.trigger(), view));
    }

    private Target target(AttemptPermit permit, int index) {
        return route.tiers().get(permit.tier()).targets().get(index);
    }

    private void call(Call call) {
        UpstreamRequest asked = Objects.requireNonNull(upstream, "nobody is there");
        Target target = target(call.permit(), call.target());
        armHedge();
        calls.begin(call.permit(), target, call.target(), () -> gateway.call(call.permit(), target, asked));
    }

    @Override
    public void missed(AttemptPermit permit, Trigger trigger) {
        if (calls.isEmpty() && !(paused && retries.isOpen())) {
            follow(retries.afterFailure(trigger, view));
        }
    }

    @Override
    public void failed(Throwable bug) {
        cancel();
        end.fail(bug);
    }

    @Override
    public void ended(AttemptsEnd how) {
        if (how instanceof Answered(var from, var answer) && from.permit().tier() == 0) {
            view.servedByBestTier();
        }
        complete(how);
    }

    private void backOff(Duration delay) {
        long since = time.nanoTime();
        wait = time.after(delay, () -> {
            log.waited(time.nanoTime() - since);
            next();
        });
    }

    /** Beside a call that is alone. */
    private void armHedge() {
        stop(hedge);
        if (route.hedgeAfter().isPresent() && calls.isEmpty()) {
            hedge = time.after(route.hedgeAfter().get(), this::hedge);
        }
    }

    private void hedge() {
        if (!over && !paused && calls.count() == 1) {
            retries.hedge(view).ifPresent(this::call);
        }
    }

    private void complete(AttemptsEnd how) {
        if (over) {
            if (how instanceof Answered(var from, var answer)) {
                answer.cancel();
            }
            return;
        }
        cancel();
        end.complete(how);
    }

    private static void stop(Timekeeper.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
