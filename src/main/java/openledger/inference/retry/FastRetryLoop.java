package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import openledger.budget.AttemptLedger;
import openledger.budget.AttemptPermit;
import openledger.budget.StormGuard;
import openledger.budget.TierRounds;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.InferenceRequest;
import openledger.inference.Timekeeper;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.record.Journal;
import openledger.inference.record.JournalState;
import openledger.inference.retry.AttemptLog.CallEnd;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.Exhausted;
import openledger.inference.retry.AttemptsEnd.From;
import openledger.inference.retry.AttemptsEnd.Refused;
import openledger.inference.retry.AttemptsEnd.Unrecordable;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Tier;
import openledger.routing.Trigger;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.routing.choice.TargetChoice;
import openledger.routing.choice.TargetLoad;
import openledger.unit.TargetId;
import org.jspecify.annotations.Nullable;

/**
 * Fast mode's attempt loop, the only retry loop in the process. After a retryable trigger it goes to another target of
 * the tier at once; when no other that it has not tried has a free slot, it backs off with jitter. It descends only when
 * the ledger says so. A hedge is an attempt like any other.
 *
 * <p>The storm guard is asked for every attempt after the first in a tier: the first is no repetition as far as that
 * tier is concerned, so a storm in the best tier cannot take a request's way down from it.
 *
 * <p>Long because it is one state machine: what a call, a wait, a hedge and a departure may do to each other is read
 * here, in one place. Confined to the event loop of the request.
 */
public final class FastRetryLoop implements RetryLoop {
    private static final long NANOS_A_MILLI = 1_000_000;

    private final String tenant;
    private final Route route;
    private final ClosedTargets closed;
    private final AttemptLedger ledger;
    private final AttemptLog log;
    private final RouteTraffic traffic;
    private final ProviderGateway gateway;
    private final Journal journal;
    private final Timekeeper time;
    private final RandomGenerator random;
    private final TargetChoice choice;
    private final Listener listener;
    private final long place;

    private final List<InFlightCall> flights = new ArrayList<>(2);
    private Timekeeper.@Nullable Timer wait;
    private Timekeeper.@Nullable Timer hedge;
    private int tier = -1;
    private final TierRounds rounds = new TierRounds();
    private int overtakes;
    private BestTierView view = BestTierView.SHOWED_NONE;
    private Optional<Duration> retryAfter = Optional.empty();
    private @Nullable UpstreamRequest upstream;
    private boolean paused;
    private boolean over;

    public FastRetryLoop(
            InferenceRequest request,
            UpstreamRequest upstream,
            AttemptLog log,
            RouteTraffic traffic,
            ProviderGateway gateway,
            Journal journal,
            Timekeeper time,
            RandomGenerator random,
            Listener listener) {
        this.tenant = request.tenant();
        this.route = request.route();
        this.closed = request.closed();
        this.upstream = upstream;
        this.ledger = new AttemptLedger(route);
        this.log = log;
        this.traffic = traffic;
        this.gateway = gateway;
        this.journal = journal;
        this.time = time;
        this.random = random;
        this.choice = request.choice(random);
        this.listener = listener;
        this.place = traffic.overtakes.arrive();
    }

    @Override
    public void start() {
        traffic.stormGuard.request(time.nanoTime() / NANOS_A_MILLI);
        next();
    }

    @Override
    public int spent() {
        return ledger.spent();
    }

    @Override
    public int overtakes() {
        return overtakes;
    }

    @Override
    public BestTierView view() {
        return view;
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
            if (flights.isEmpty()) {
                next();
            }
        }
    }

    @Override
    public void cancel() {
        over = true;
        stopTimers();
        abandonFlights();
    }

    @Override
    public void rest() {
        upstream = null;
    }

    @Override
    public void goOn(UpstreamRequest again) {
        upstream = again;
        paused = false;
        over = false;
        next();
    }

    @Override
    public boolean canGoOn() {
        return ledger.isOpen();
    }

    @Override
    public void close() {
        ledger.close();
        rest();
    }

    private void stopTimers() {
        stop(wait);
        stop(hedge);
    }

    @Override
    public boolean isInFlight() {
        return !flights.isEmpty();
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
        if (journal.state() != JournalState.OPEN && ledger.isOpen()) {
            complete(new Unrecordable());
            return;
        }
        Optional<AttemptPermit> permit = ledger.take();
        if (permit.isEmpty()) {
            exhausted();
            return;
        }
        boolean firstInTier = enter(permit.get().tier());
        attempt(permit.get(), firstInTier);
    }

    /** Notes a descent; true if this is the first attempt in the tier. */
    private boolean enter(int next) {
        if (next == tier) {
            return false;
        }
        if (tier == 0) {
            leaveBestTier();
        }
        tier = next;
        rounds.enter();
        return true;
    }

    private void leaveBestTier() {
        overtakes = traffic.overtakes.after(place);
        if (loads(0).stream().anyMatch(TargetLoad::hasFreeSlot)) {
            view = BestTierView.SHOWED_ROOM;
        }
    }

    private List<TargetLoad> loads(int of) {
        return closed.among(of, traffic.loads(of));
    }

    private void attempt(AttemptPermit permit, boolean firstInTier) {
        Tier at = route.tiers().get(tier);
        int index = choice.choose(at.targets(), loads(tier), rounds.tried());
        if (closed.isWhole(route, tier)) {
            refuse(permit, TargetId.NONE, closed.trigger());
        } else if (index < 0) {
            refuse(permit, TargetId.NONE, Trigger.NO_CAPACITY);
        } else if (!firstInTier && !guardGrants()) {
            if (tier == 0) {
                view = BestTierView.SHOWED_ROOM;
            }
            refuse(permit, at.targets().get(index).id().value(), Trigger.STORM_GUARD);
        } else {
            call(permit, at.targets().get(index), index);
        }
    }

    private boolean guardGrants() {
        long now = time.nanoTime() / NANOS_A_MILLI;
        return traffic.stormGuard.retry(tenant, now) == StormGuard.Grant.GRANTED;
    }

    private void refuse(AttemptPermit permit, int target, Trigger trigger) {
        log.refused(permit, target, trigger, time.nanoTime());
        afterFailure(trigger);
    }

    private void call(AttemptPermit permit, Target target, int index) {
        rounds.call(index);
        InFlightCall flight = new InFlightCall(permit, target, index, time.nanoTime());
        flights.add(flight);
        log.begin(permit, target.id(), flight.startNanos);
        armHedge();
        UpstreamRequest asked = Objects.requireNonNull(upstream, "nobody is there");
        // Deferred, so that whatever a gateway throws ends the request and does not leave it hanging.
        flight.call = Uni.createFrom()
                .deferred(() -> gateway.call(permit, target, asked))
                .subscribe()
                .with(result -> landed(flight, result), bug -> failed(flight, bug));
    }

    private void landed(InFlightCall flight, CallResult result) {
        if (!flights.remove(flight)) {
            return;
        }
        CallEnd end = CallEnd.of(result);
        switch (result) {
            case CallResult.Answered answered -> {
                record(flight, Trigger.NONE, end);
                if (flight.permit.tier() == 0) {
                    traffic.overtakes.servedByBestTier(place);
                }
                complete(new Answered(new From(flight.permit, flight.index), answered.answer()));
            }
            case CallResult.Rejected rejected -> {
                record(flight, Trigger.NONE, end);
                complete(new Refused(rejected.rejection(), rejected.httpStatus()));
            }
            case CallResult.Failed missed -> {
                record(flight, missed.trigger(), end);
                keepShorter(missed.retryAfter());
                afterFailure(missed.trigger());
            }
        }
    }

    /** The gateway turns what is expected to fail into a result, so this is a bug: nothing is retried on top of it. */
    private void failed(InFlightCall flight, Throwable bug) {
        if (flights.remove(flight)) {
            record(flight, Trigger.CONNECTION_LOST, CallEnd.OURS);
            cancel();
            listener.failed(bug);
        }
    }

    private void afterFailure(Trigger trigger) {
        if (!flights.isEmpty()) {
            return;
        }
        if (!ledger.isOpen()) {
            exhausted();
            return;
        }
        if (paused) {
            return;
        }
        // Nothing changes what a tier that is closed to this request can be asked: waiting would be for nothing.
        Duration delay = ledger.nextTier() == tier && !closed.isWhole(route, tier)
                ? rounds.afterFailure(
                        trigger,
                        PowerOfTwoChoices.hasUntried(loads(tier), rounds.tried()),
                        route.backoff(),
                        random::nextDouble)
                : Duration.ZERO;
        if (delay.isZero()) {
            next();
        } else {
            backOff(delay);
        }
    }

    private void backOff(Duration delay) {
        long since = time.nanoTime();
        wait = time.after(delay, () -> {
            log.waited(time.nanoTime() - since);
            next();
        });
    }

    private void armHedge() {
        stop(hedge);
        if (route.hedgeAfter().isPresent() && flights.size() == 1) {
            hedge = time.after(route.hedgeAfter().get(), this::hedge);
        }
    }

    /** A second attempt beside the first, only if an untried target of the tier is free and the guard grants it. */
    private void hedge() {
        if (over || paused || flights.size() != 1 || !ledger.isOpen() || ledger.nextTier() != tier) {
            return;
        }
        if (journal.state() != JournalState.OPEN) {
            return;
        }
        List<Target> targets = route.tiers().get(tier).targets();
        int index = choice.choose(targets, loads(tier), rounds.tried());
        if (index < 0 || (rounds.tried() >>> index & 1) != 0 || !guardGrants()) {
            return;
        }
        ledger.take().ifPresent(permit -> call(permit, targets.get(index), index));
    }

    private void exhausted() {
        if (tier == 0) {
            leaveBestTier();
        }
        complete(new Exhausted(traffic.opensIn(closed).or(() -> retryAfter)));
    }

    private void complete(AttemptsEnd end) {
        if (over) {
            if (end instanceof Answered(var from, var answer)) {
                answer.cancel();
            }
            return;
        }
        cancel();
        listener.ended(end);
    }

    /** Calls we end ourselves are attempts too: recorded without a trigger and without a status. */
    private void abandonFlights() {
        for (InFlightCall flight : List.copyOf(flights)) {
            flights.remove(flight);
            record(flight, Trigger.NONE, CallEnd.OURS);
            if (flight.call != null) {
                flight.call.cancel();
            }
        }
    }

    private void record(InFlightCall flight, Trigger trigger, CallEnd end) {
        log.finish(flight.permit, flight.target.id(), flight.startNanos, trigger, end, time.nanoTime());
    }

    private void keepShorter(Optional<Duration> other) {
        if (other.isPresent() && (retryAfter.isEmpty() || other.get().compareTo(retryAfter.get()) < 0)) {
            retryAfter = other;
        }
    }

    private static void stop(Timekeeper.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
