package openledger.settlement.confirm;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.Confirmations;
import openledger.inference.Timekeeper;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * Those who wait for a plan of our lane, as the sequencer tells each step; and how the lane stands with the chain. A bounded
 * number of waiters: who comes when all places are taken, or asks for another lane, is never told, as if the chain were silent.
 * Thread-safe.
 */
public final class PlanConfirmations implements Confirmations {
    /** Questions at once. */
    private static final int SEARCHES = 4;

    private static final Standing UNKNOWN = new Standing(Hash32.ZERO, 0, Optional.empty());

    private final Timekeeper time;
    private final LaneId lane;
    private final Duration quiet;
    private final int most;
    private final Map<Long, List<Waiter>> byCounter = new HashMap<>();
    private final Map<Long, Set<Waiter>> byBatch = new HashMap<>();
    private int count;

    private volatile Standing newest = UNKNOWN;
    private volatile boolean wasHeard;
    private volatile long heardMillis;
    private volatile Optional<Instant> oldest = Optional.empty();

    /**
     * Nobody waits yet, and nothing was heard of the chain.
     *
     * @param lane whose sequencer tells us
     * @param quiet how long the chain may say nothing before that counts; some poll intervals
     * @param most waiters at once
     */
    public PlanConfirmations(Timekeeper time, LaneId lane, Duration quiet, int most) {
        this.time = time;
        this.lane = lane;
        this.quiet = quiet;
        this.most = most;
        this.heardMillis = time.epochMillis();
    }

    @Override
    public Standing standing() {
        Standing seen = newest;
        return new Standing(seen.newest(), seen.newestNumber(), lag());
    }

    private Optional<Duration> lag() {
        long now = time.epochMillis();
        Duration silence = Duration.ofMillis(Math.max(0, now - heardMillis));
        Optional<Duration> silent = Optional.of(silence).filter(length -> !wasHeard || length.compareTo(quiet) > 0);
        Optional<Duration> waiting = oldest.map(since -> Duration.ofMillis(Math.max(0, now - since.toEpochMilli())));
        return waiting.filter(length -> silent.isEmpty() || length.compareTo(silent.get()) >= 0)
                .or(() -> silent);
    }

    @Override
    public Uni<Void> reached(RequestId id, ConfirmationLevel level) {
        return Uni.createFrom().emitter(to -> enter(new Waiter(id.counter(), level, to), id.lane()));
    }

    private void enter(Waiter waiter, long of) {
        synchronized (byCounter) {
            if (of != lane.value() || count >= most) {
                return;
            }
            byCounter
                    .computeIfAbsent(waiter.counter, first -> new ArrayList<>(1))
                    .add(waiter);
            count++;
        }
        waiter.told.onTermination(() -> forget(waiter));
    }

    private void forget(Waiter waiter) {
        synchronized (byCounter) {
            remove(waiter);
            Set<Waiter> batch = byBatch.get(waiter.sequence);
            if (batch != null) {
                batch.remove(waiter);
                if (batch.isEmpty()) {
                    byBatch.remove(waiter.sequence);
                }
            }
        }
    }

    private void remove(Waiter waiter) {
        List<Waiter> same = byCounter.get(waiter.counter);
        if (same != null && same.remove(waiter)) {
            count--;
            if (same.isEmpty()) {
                byCounter.remove(waiter.counter);
            }
        }
    }

    /** Whether anybody waits, so that plans are on their way. */
    public boolean isAwaited() {
        synchronized (byCounter) {
            return count > 0;
        }
    }

    /** A batch of our lane was cut. */
    public void cut(LaneId of, CutBatch batch) {
        if (!of.equals(lane)) {
            return;
        }
        synchronized (byCounter) {
            batch.plans().forEach(counter -> isIn(counter, batch.header().sequence()));
        }
    }

    private void isIn(long counter, long sequence) {
        for (Waiter waiter : byCounter.getOrDefault(counter, List.of())) {
            waiter.sequence = sequence;
            byBatch.computeIfAbsent(sequence, first -> new LinkedHashSet<>()).add(waiter);
        }
    }

    /** Looks for batches that we were not told of: of one that was appended although the answer to that was lost. */
    public Uni<Void> search(Batches batches) {
        List<Long> unseen;
        synchronized (byCounter) {
            unseen = byCounter.entrySet().stream()
                    .filter(entry -> entry.getValue().stream().anyMatch(waiter -> waiter.sequence == 0))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        return Multi.createFrom()
                .iterable(unseen)
                .onItem()
                .transformToUni(counter -> batches.locate(new RequestId(lane.value(), counter))
                        .invoke(leaves -> leaves.plan().ifPresent(found -> found(counter, found.batch()))))
                .merge(SEARCHES)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private void found(long counter, SettledBatch batch) {
        synchronized (byCounter) {
            isIn(counter, batch.header().sequence());
        }
        reached(lane, batch.header().sequence(), batch.level());
    }

    /** A batch of our lane has come further. */
    public void reached(LaneId of, long sequence, ConfirmationLevel level) {
        List<Waiter> ready = new ArrayList<>();
        synchronized (byCounter) {
            Set<Waiter> batch = of.equals(lane) ? byBatch.get(sequence) : null;
            if (batch == null) {
                return;
            }
            for (Iterator<Waiter> each = batch.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (level.reaches(waiter.level)) {
                    each.remove();
                    remove(waiter);
                    ready.add(waiter);
                }
            }
            if (batch.isEmpty()) {
                byBatch.remove(sequence);
            }
        }
        ready.forEach(waiter -> waiter.told.complete(null));
    }

    /** The chain was looked at, and this was its newest block. */
    public void looked(BlockRef block) {
        newest = new Standing(block.hash(), block.number(), Optional.empty());
        heardMillis = time.epochMillis();
        wasHeard = true;
    }

    /** Since when the oldest that is to be confirmed waits; empty if nothing does. */
    public void waitsSince(Optional<Instant> since) {
        oldest = since;
    }

    /** Somebody who waits. Identity is what tells one from the other. */
    private static final class Waiter {
        final long counter;
        final ConfirmationLevel level;
        final UniEmitter<? super Void> told;
        /** Of the batch that its plan is in, 0 while it is in none. */
        long sequence;

        Waiter(long counter, ConfirmationLevel level, UniEmitter<? super Void> told) {
            this.counter = counter;
            this.level = level;
            this.told = told;
        }
    }
}
