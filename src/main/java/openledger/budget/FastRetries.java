package openledger.budget;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import openledger.budget.RetryStep.Call;
import openledger.budget.RetryStep.End;
import openledger.budget.RetryStep.Refuse;
import openledger.budget.RetryStep.Wait;
import openledger.fairness.Attribution.BestTierView;
import openledger.routing.Route;
import openledger.routing.Trigger;

/**
 * The retries of one request in fast mode, as decisions without effects. The service, the lab and what-if drive it: they make the calls and
 * wait, and none of them has a retry loop of its own.
 *
 * <pre>
 *   next ──▶ Call ── the call fails ──▶ afterFailure ──▶ Wait ── time has passed ──▶ next
 *        ──▶ Refuse ──────────────────▶              ──▶ what next would say
 *        ──▶ End
 * </pre>
 *
 * <p>After a retryable trigger another target of the tier is called at once. When no untried one has a free slot, or where we refused
 * the call ourselves, it backs off with jitter. It descends only when the ledger says so; a tier that is closed to the request as a
 * whole is spent without waits, because waiting would change nothing.
 *
 * <p>The storm guard is asked for every attempt after the first in a tier: the first is no repetition as far as that tier is
 * concerned, so a storm in the best tier cannot take a request's way down from it.
 *
 * <p>It also notes what {@link openledger.fairness.Attribution} needs. No clock, no chance and no load of its own: they come with the
 * {@link View}. Confined to one thread.
 */
public final class FastRetries {
    private final Route route;
    private final AttemptLedger ledger;
    private final TierRounds rounds = new TierRounds();
    private int tier = -1;
    private int overtakes;
    private BestTierView bestTier = BestTierView.SHOWED_NONE;

    /** Of a request that has made no attempt. */
    public FastRetries(Route route) {
        this.route = route;
        this.ledger = new AttemptLedger(route);
    }

    /** The world at a step, as it is seen for one request: live in the service, modelled in the lab. Asked only if it matters. */
    public interface View {
        /**
         * Index of the target that a call would go to, negative if none has a free slot; see {@link openledger.routing.choice.TargetChoice}.
         *
         * @param tried bit i set: target i was tried in this round
         */
        int choose(int tier, long tried);

        /** True if a target of the tier that was not tried in this round has a free slot. */
        boolean hasUntried(int tier, long tried);

        /** Why no target of the tier can be asked what this request asks, however free they are; {@link Trigger#NONE} if one can. */
        default Trigger closed(int tier) {
            return Trigger.NONE;
        }

        /** Asks the route's {@link StormGuard} for one retry; a grant is counted. */
        boolean grantsRetry();

        /** True if an attempt could be recorded now. */
        default boolean canRecord() {
            return true;
        }

        /** Uniform in [0, 1); drawn once for each wait. */
        double jitter();

        /** Later requests that the best tier has served so far; 0 where no attribution is asked for. */
        default int overtakes() {
            return 0;
        }

        /** True if a target of the best tier has a free slot; false where no attribution is asked for. */
        default boolean hasRoomInBestTier() {
            return false;
        }
    }

    /**
     * Takes the attempts that were spent before this one's router had it, from the best tier on; to be told before any other.
     *
     * @param attempts fewer than the budget
     */
    public List<AttemptPermit> spentElsewhere(int attempts) {
        return ledger.takeAll(attempts);
    }

    /** The next attempt, now: {@link Call}, {@link Refuse} or {@link End}. */
    public RetryStep next(View view) {
        if (ledger.isOpen() && !view.canRecord()) {
            return End.UNRECORDABLE;
        }
        Optional<AttemptPermit> permit = ledger.take();
        if (permit.isEmpty()) {
            leaveBestTier(view);
            return End.SPENT;
        }
        boolean isFirst = permit.get().tier() != tier;
        if (isFirst) {
            leaveBestTier(view);
            tier = permit.get().tier();
            rounds.enter();
        }
        return attempt(permit.get(), isFirst, view);
    }

    /** What follows an attempt that did not serve: {@link Wait}, or what {@link #next} says. */
    public RetryStep afterFailure(Trigger trigger, View view) {
        if (ledger.isOpen() && ledger.nextTier() == tier && view.closed(tier) == Trigger.NONE) {
            Duration delay =
                    rounds.afterFailure(trigger, view.hasUntried(tier, rounds.tried()), route.backoff(), view::jitter);
            if (!delay.isZero()) {
                return new Wait(delay);
            }
        }
        return next(view);
    }

    /**
     * A second attempt beside one that is silent: only of the same tier, to an untried target with a free slot, if the storm guard
     * grants it. Nothing is spent if there is none.
     */
    public Optional<Call> hedge(View view) {
        if (!ledger.isOpen() || ledger.nextTier() != tier || !view.canRecord()) {
            return Optional.empty();
        }
        int target = view.choose(tier, rounds.tried());
        if (target < 0 || rounds.hasTried(target) || !view.grantsRetry()) {
            return Optional.empty();
        }
        return ledger.take().map(permit -> call(permit, target));
    }

    private RetryStep attempt(AttemptPermit permit, boolean isFirst, View view) {
        Trigger closed = view.closed(tier);
        if (closed != Trigger.NONE) {
            return new Refuse(permit, RetryStep.NO_TARGET, closed);
        }
        int target = view.choose(tier, rounds.tried());
        if (target < 0) {
            return new Refuse(permit, RetryStep.NO_TARGET, Trigger.NO_CAPACITY);
        }
        if (!isFirst && !view.grantsRetry()) {
            if (tier == 0) {
                bestTier = BestTierView.SHOWED_ROOM;
            }
            return new Refuse(permit, target, Trigger.STORM_GUARD);
        }
        return call(permit, target);
    }

    private Call call(AttemptPermit permit, int target) {
        rounds.call(target);
        return new Call(permit, target);
    }

    /** Its attempts there are over, if that is where it is. */
    private void leaveBestTier(View view) {
        if (tier == 0) {
            overtakes = view.overtakes();
            if (view.hasRoomInBestTier()) {
                bestTier = BestTierView.SHOWED_ROOM;
            }
        }
    }

    /** Makes no further attempt: the first byte has reached the client, or the client has left. */
    public void close() {
        ledger.close();
    }

    /** True if an attempt is left. */
    public boolean isOpen() {
        return ledger.isOpen();
    }

    /** Attempts taken so far. */
    public int spent() {
        return ledger.spent();
    }

    /** Later requests that the best tier had served when this one's attempts there ended; 0 before. */
    public int overtakes() {
        return overtakes;
    }

    /** What was seen of the best tier when the guard refused this request there, or when its attempts there ended. */
    public BestTierView bestTier() {
        return bestTier;
    }
}
