package openledger.settlement.confirm;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import openledger.commitment.BatchCut;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.PlanLevel;
import openledger.settlement.LaneListener;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.SettledBatch;
import openledger.settlement.witness.CosigningListener;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * The waiters for levels of leaves, and for witnesses of plans. It learns of our own lane's batches and witnesses as a listener; leaves that
 * it does not know can be searched for. Waiters are bounded by kind. A batch never changes, so a demotion moves no waiter: the batch reaches
 * the level again, or does not. A log only grows, so what was witnessed stays so. Waiters are called outside of the lock. Thread-safe.
 *
 * <p>Long because every way in which a waiter is placed, called or leaves has to keep the same indexes.
 */
public final class ConfirmationRegistry implements LaneListener, CosigningListener {
    /** Questions to the database at once. */
    private static final int SEARCHES = 4;

    private final LaneId lane;
    private final Bounds bounds;
    private final Map<Key, Set<Waiter>> byLeaf = new HashMap<>();
    private final Map<Long, Set<Waiter>> byBatch = new HashMap<>();
    /** Those who wait for witnesses, by the size of the log that has their leaf. */
    private final NavigableMap<Long, Set<Waiter>> bySize = new TreeMap<>();

    private int plans;
    private int outcomes;
    /** Of the plans that are waited for, those for witnesses that are in no batch yet. */
    private int uncut;
    /** Size of the largest log that a quorum is known to have cosigned. */
    private long witnessed;

    /**
     * A registry in which nobody waits.
     *
     * @param lane whose listener it is
     */
    public ConfirmationRegistry(LaneId lane, Bounds bounds) {
        this.lane = lane;
        this.bounds = bounds;
    }

    /**
     * Waiters at once.
     *
     * @param plans for a plan
     * @param outcomes for an outcome
     */
    public record Bounds(int plans, int outcomes) {}

    /** Which of a request's leaves. */
    enum Kind {
        PLAN,
        OUTCOME
    }

    private record Key(Kind kind, RequestId id) {}

    /** Somebody who waits; called once when the level is reached, on any thread. Identity tells one from the other. */
    static final class Waiter {
        private final Key leaf;
        /** Empty for who waits for witnesses. */
        private final Optional<ConfirmationLevel> level;

        private final Runnable reached;
        /** Of the batch that the leaf is in, 0 as long as none is known; guarded by the registry. */
        private long sequence;
        /** Of the log after that batch. */
        private long size;

        Waiter(Kind kind, RequestId id, ConfirmationLevel level, Runnable reached) {
            this(new Key(kind, id), Optional.of(level), reached);
        }

        private Waiter(Key leaf, Optional<ConfirmationLevel> level, Runnable reached) {
            this.leaf = leaf;
            this.level = level;
            this.reached = reached;
        }

        private boolean isUncut() {
            return level.isEmpty() && sequence == 0;
        }
    }

    /**
     * Completes, on any thread, once the plan of {@code id} has reached {@code level}. Never by itself if it does not, if the request is
     * of another lane, or if too many wait, as if chain and witnesses were silent.
     */
    Uni<Void> plan(RequestId id, PlanLevel level) {
        return Uni.createFrom().emitter(to -> {
            Waiter waiter = new Waiter(new Key(Kind.PLAN, id), level.onChain(), () -> to.complete(null));
            if (isOurs(id) && enter(waiter)) {
                to.onTermination(() -> leave(waiter));
            }
        });
    }

    /** Whether a request is of the lane that is followed here. */
    boolean isOurs(RequestId id) {
        return id.lane() == lane.value();
    }

    /** Enters a waiter; false if too many of its kind wait. */
    synchronized boolean enter(Waiter waiter) {
        if (waiter.leaf.kind == Kind.PLAN ? plans >= bounds.plans : outcomes >= bounds.outcomes) {
            return false;
        }
        byLeaf.computeIfAbsent(waiter.leaf, first -> new LinkedHashSet<>(2)).add(waiter);
        count(waiter, 1);
        return true;
    }

    /** Takes a waiter out, if it is in; it is not called any more by what begins afterwards. */
    synchronized void leave(Waiter waiter) {
        if (remove(byLeaf, waiter.leaf, waiter)) {
            count(waiter, -1);
            if (waiter.level.isPresent()) {
                remove(byBatch, waiter.sequence, waiter);
            } else {
                remove(bySize, waiter.size, waiter);
            }
        }
    }

    private void count(Waiter waiter, int change) {
        switch (waiter.leaf.kind) {
            case PLAN -> plans += change;
            case OUTCOME -> outcomes += change;
        }
        if (waiter.isUncut()) {
            uncut += change;
        }
    }

    private static <K> boolean remove(Map<K, Set<Waiter>> from, K key, Waiter waiter) {
        Set<Waiter> same = from.get(key);
        if (same == null || !same.remove(waiter)) {
            return false;
        }
        if (same.isEmpty()) {
            from.remove(key);
        }
        return true;
    }

    /** Whether anybody waits for a plan, so that plans are on their way. */
    public synchronized boolean isPlanAwaited() {
        return plans > 0;
    }

    /** Whether anybody waits for witnesses of a plan that is in no batch yet, as far as is known. */
    public synchronized boolean isWitnessAwaited() {
        return uncut > 0;
    }

    /** Whether anybody waits for witnesses of the plan of our lane's request with that counter, which is in no batch yet. */
    public synchronized boolean isWitnessAwaited(long counter) {
        return waiters(Kind.PLAN, counter).stream().anyMatch(Waiter::isUncut);
    }

    private Set<Waiter> waiters(Kind kind, long counter) {
        return byLeaf.getOrDefault(new Key(kind, new RequestId(lane.value(), counter)), Set.of());
    }

    /** Whether the batch of a waiter's leaf is known. */
    synchronized boolean isPlaced(Waiter waiter) {
        return waiter.sequence != 0;
    }

    /** The leaf of a waiter is in that batch; false if that was known. */
    synchronized boolean place(Waiter waiter, BatchHeader batch) {
        boolean isNews = waiter.sequence == 0
                && byLeaf.getOrDefault(waiter.leaf, Set.of()).contains(waiter);
        if (isNews) {
            if (waiter.isUncut()) {
                uncut--;
            }
            waiter.sequence = batch.sequence();
            waiter.size = batch.size();
            if (waiter.level.isPresent()) {
                byBatch.computeIfAbsent(waiter.sequence, first -> new LinkedHashSet<>(2))
                        .add(waiter);
            } else {
                bySize.computeIfAbsent(waiter.size, first -> new LinkedHashSet<>(2))
                        .add(waiter);
            }
        }
        return isNews;
    }

    private synchronized void place(Kind kind, long counter, BatchHeader batch) {
        waiters(kind, counter).forEach(waiter -> place(waiter, batch));
    }

    @Override
    public void cut(BatchCut.Reason reason, CutBatch batch) {
        synchronized (this) {
            if (byLeaf.isEmpty()) {
                return;
            }
            batch.plans().forEach(counter -> place(Kind.PLAN, counter, batch.header()));
            batch.outcomes().forEach(counter -> place(Kind.OUTCOME, counter, batch.header()));
        }
        callWitnessed();
    }

    @Override
    public void promoted(long sequence, ConfirmationLevel to, Duration sinceEnd) {
        reached(sequence, to);
    }

    private void reached(long sequence, ConfirmationLevel to) {
        List<Waiter> ready = new ArrayList<>();
        synchronized (this) {
            byBatch.getOrDefault(sequence, Set.of()).stream()
                    .filter(waiter -> waiter.level.filter(to::reaches).isPresent())
                    .forEach(ready::add);
            ready.forEach(this::leave);
        }
        ready.forEach(waiter -> waiter.reached.run());
    }

    @Override
    public void witnessed(long size) {
        synchronized (this) {
            witnessed = Math.max(witnessed, size);
        }
        callWitnessed();
    }

    /** Calls those whose leaves are in what is known to be witnessed, also if that was so before they were placed. */
    private void callWitnessed() {
        List<Waiter> ready = new ArrayList<>();
        synchronized (this) {
            bySize.headMap(witnessed, true).values().forEach(ready::addAll);
            ready.forEach(this::leave);
        }
        ready.forEach(waiter -> waiter.reached.run());
    }

    /** Finds the batches of plans that this registry was not told of: one may be appended although the answer to that was lost. */
    public Uni<Void> search(Batches batches) {
        return Multi.createFrom()
                .iterable(unplaced())
                .onItem()
                .transformToUni(id -> batches.locate(id)
                        .invoke(leaves -> leaves.plan().ifPresent(found -> found(id.counter(), found.batch()))))
                .merge(SEARCHES)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private synchronized List<RequestId> unplaced() {
        return byLeaf.entrySet().stream()
                .filter(entry -> entry.getKey().kind == Kind.PLAN
                        && entry.getValue().stream().anyMatch(waiter -> waiter.sequence == 0))
                .map(entry -> entry.getKey().id)
                .toList();
    }

    private void found(long counter, SettledBatch batch) {
        place(Kind.PLAN, counter, batch.header());
        reached(batch.header().sequence(), batch.level());
        callWitnessed();
    }
}
