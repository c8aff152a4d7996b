package openledger.inference.confirmed;

import openledger.fairness.Attribution.BestTierView;
import openledger.inference.EventLoops.Loop;
import openledger.inference.Timekeeper;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.upstream.ClaimedSlot;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/** A request that waits for its plan. Its mutable state is confined to the event loop of {@link EpochScheduler}. */
final class PendingRequest {
    final RequestId id;
    final Intent intent;
    final Route route;
    final RequestKey key;
    final int spentBefore;

    private final Loop home;
    private final Listener listener;

    /** When its epoch of arrival ended, {@link Timekeeper#nanoTime}; 0 before. */
    long arrivalNanos;

    private int told = -1;

    /**
     * One that has just arrived.
     *
     * @param key what it is called in public
     * @param spentBefore attempts it had spent before
     * @param home its event loop, where the listener is told
     */
    PendingRequest(
            RequestId id, Intent intent, Route route, RequestKey key, int spentBefore, Loop home, Listener listener) {
        this.id = id;
        this.intent = intent;
        this.route = route;
        this.key = key;
        this.spentBefore = spentBefore;
        this.home = home;
        this.listener = listener;
    }

    /** It waits on; told only if there is news in that. */
    void heldOn(Standing standing) {
        if (standing.spent != told) {
            told = standing.spent;
            home.execute(() -> listener.held(standing));
        }
    }

    void pin(Standing standing, Pin pin) {
        home.execute(() -> listener.pinned(standing, pin));
    }

    void exhaust(Standing standing) {
        home.execute(() -> listener.exhausted(standing));
    }

    void depart() {
        home.execute(listener::departed);
    }

    void fail(Throwable bug) {
        home.execute(() -> listener.failed(bug));
    }

    /** Who is told, on the request's event loop, in order. */
    interface Listener {
        /** It waits on. It has its turn now, or has passed a point of its grid. */
        void held(Standing standing);

        /** It has its plan and waits no more. */
        void pinned(Standing standing, Pin pin);

        /** Its whole budget was spent while it waited; it waits no more. */
        void exhausted(Standing standing);

        /** It has left as it wished; nothing more is told. */
        void departed();

        /** A bug; it waits no more. */
        void failed(Throwable bug);
    }

    /**
     * How it stood at the end of an epoch.
     *
     * @param turn its place in the public order
     * @param spent attempts spent, those passed while it waited included
     * @param view what the snapshot showed of the best tier once all slots were given away
     */
    record Standing(long turn, int spent, BestTierView view) {}

    /**
     * What it got.
     *
     * @param planned the plan as it was recorded
     * @param slot of the plan's first pinned target
     * @param position of the plan in the journal
     * @param pinnedNanos when, {@link Timekeeper#nanoTime}
     * @param gridNanos where its retry grid begins, {@link Timekeeper#nanoTime}
     */
    record Pin(PlannedRequest planned, ClaimedSlot slot, long position, long pinnedNanos, long gridNanos) {
        Plan plan() {
            return planned.plan();
        }
    }
}
