package openledger.settlement.confirm;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.EventLoops;
import openledger.inference.EventLoops.Loop;
import openledger.inference.Timekeeper;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.LevelWatch;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * Those who wait for an outcome. Of our own lane the sequencer tells each step; of the lanes of other routers the database is
 * asked, seldom. A bounded number of waiters; who comes when it is reached does not wait at all. Thread-safe.
 */
public final class LevelWaiters implements LevelWatch {
    private static final Duration POLL = Duration.ofMillis(500);
    /** We are told of every cut, unless the database's answer to one is lost. */
    private static final Duration UNTOLD = Duration.ofSeconds(5);

    private final Batches batches;
    private final Timekeeper time;
    private final EventLoops loops;
    private final LaneId lane;
    private final int most;
    private final Set<Waiter> waiters = new LinkedHashSet<>();

    /**
     * Nobody waits yet.
     *
     * @param lane whose sequencer tells us
     * @param most waiters at once
     */
    public LevelWaiters(Batches batches, Timekeeper time, EventLoops loops, LaneId lane, int most) {
        this.batches = batches;
        this.time = time;
        this.loops = loops;
        this.lane = lane;
        this.most = most;
    }

    @Override
    public Uni<Void> await(RequestId id, ConfirmationLevel level, Duration longest) {
        // These are the router's own word; no batch is needed for them.
        if (!level.reaches(ConfirmationLevel.PRECONFIRMED)) {
            return Uni.createFrom().voidItem();
        }
        Loop loop = loops.here();
        return Uni.createFrom().emitter(to -> loop.run(() -> enter(new Waiter(id, level, loop, to), longest)));
    }

    private void enter(Waiter waiter, Duration longest) {
        synchronized (waiters) {
            if (waiters.size() >= most) {
                waiter.told.complete(null);
                return;
            }
            waiters.add(waiter);
        }
        waiter.told.onTermination(() -> forget(waiter));
        waiter.end = time.after(longest, () -> release(List.of(waiter)));
        // Entered first, so that what happens meanwhile is not missed.
        ask(waiter);
    }

    private void ask(Waiter waiter) {
        batches.locate(waiter.id)
                .emitOn(waiter.loop::run)
                .onFailure()
                .recoverWithItem(Leaves.NONE)
                .subscribe()
                .with(found -> located(waiter, found));
    }

    private void located(Waiter waiter, Leaves leaves) {
        Optional<Located> found = leaves.outcome();
        boolean isNews = waiter.sequence == 0 && found.isPresent();
        found.ifPresent(place -> waiter.sequence = place.batch().header().sequence());
        if (found.filter(place -> place.batch().level().reaches(waiter.level)).isPresent()) {
            release(List.of(waiter));
        } else if (waiter.id.lane() != lane.value()) {
            askAgain(waiter, POLL);
        } else if (isNews) {
            // It may have come further between the answer and now, when nobody knew that we wait for this batch.
            ask(waiter);
        } else if (waiter.sequence == 0) {
            askAgain(waiter, UNTOLD);
        }
    }

    private void askAgain(Waiter waiter, Duration after) {
        waiter.again = time.after(after, () -> {
            if (isWaiting(waiter)) {
                ask(waiter);
            }
        });
    }

    /** A batch of our lane was cut. */
    public void cut(LaneId of, CutBatch batch) {
        synchronized (waiters) {
            for (Waiter waiter : waiters) {
                if (waiter.id.lane() == of.value() && batch.outcomes().contains(waiter.id.counter())) {
                    waiter.sequence = batch.header().sequence();
                }
            }
        }
    }

    /** A batch of our lane has come further. */
    public void reached(LaneId of, long sequence, ConfirmationLevel level) {
        release(which(waiter ->
                waiter.id.lane() == of.value() && waiter.sequence == sequence && level.reaches(waiter.level)));
    }

    private List<Waiter> which(Predicate<Waiter> test) {
        synchronized (waiters) {
            List<Waiter> found = new ArrayList<>();
            waiters.stream().filter(test).forEach(found::add);
            return found;
        }
    }

    private boolean isWaiting(Waiter waiter) {
        synchronized (waiters) {
            return waiters.contains(waiter);
        }
    }

    private void forget(Waiter waiter) {
        synchronized (waiters) {
            waiters.remove(waiter);
        }
    }

    private void release(List<Waiter> ready) {
        for (Waiter waiter : ready) {
            forget(waiter);
            waiter.loop.run(waiter::release);
        }
    }

    /** Somebody who waits, on the loop that waits. */
    private static final class Waiter {
        final RequestId id;
        final ConfirmationLevel level;
        final Loop loop;
        final UniEmitter<? super Void> told;
        volatile long sequence;
        Timekeeper.Timer end = () -> {};
        Timekeeper.Timer again = () -> {};

        Waiter(RequestId id, ConfirmationLevel level, Loop loop, UniEmitter<? super Void> told) {
            this.id = id;
            this.level = level;
            this.loop = loop;
            this.told = told;
        }

        void release() {
            end.cancel();
            again.cancel();
            told.complete(null);
        }
    }
}
