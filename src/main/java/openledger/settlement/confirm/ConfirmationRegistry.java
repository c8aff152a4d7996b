package openledger.settlement.confirm;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import openledger.commitment.BatchCut;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.LaneListener;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.LaneId;
import openledger.unit.RequestId;

/**
 * The waiters for levels of leaves. It learns of our own lane's batches as a listener; leaves that it does not know can be searched for.
 * Waiters are bounded by kind. A batch never changes, so a demotion moves no waiter: the batch reaches the level again, or does not.
 * Waiters are called outside of the lock. Thread-safe.
 */
public final class ConfirmationRegistry implements LaneListener {
    /** Questions to the database at once. */
    private static final int SEARCHES = 4;

    private final LaneId lane;
    private final Bounds bounds;
    private final Map<Key, Set<Waiter>> byLeaf = new HashMap<>();
    private final Map<Long, Set<Waiter>> byBatch = new HashMap<>();
    private int plans;
    private int outcomes;

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
        private final ConfirmationLevel level;
        private final Runnable reached;
        /** Of the batch that the leaf is in, 0 as long as none is known; guarded by the registry. */
        private long sequence;

        Waiter(Kind kind, RequestId id, ConfirmationLevel level, Runnable reached) {
            this.leaf = new Key(kind, id);
            this.level = level;
            this.reached = reached;
        }
    }

    /**
     * Completes, on any thread, once the plan of {@code id} has reached {@code level}. Never by itself if it does not, if the request is
     * of another lane, or if too many wait, as if the chain were silent.
     */
    Uni<Void> plan(RequestId id, ConfirmationLevel level) {
        return Uni.createFrom().emitter(to -> {
            Waiter waiter = new Waiter(Kind.PLAN, id, level, () -> to.complete(null));
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
        count(waiter.leaf.kind, 1);
        return true;
    }

    /** Takes a waiter out, if it is in; it is not called any more by what begins afterwards. */
    synchronized void leave(Waiter waiter) {
        if (remove(byLeaf, waiter.leaf, waiter)) {
            count(waiter.leaf.kind, -1);
            remove(byBatch, waiter.sequence, waiter);
        }
    }

    private void count(Kind kind, int change) {
        switch (kind) {
            case PLAN -> plans += change;
            case OUTCOME -> outcomes += change;
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

    /** Whether the batch of a waiter's leaf is known. */
    synchronized boolean isPlaced(Waiter waiter) {
        return waiter.sequence != 0;
    }

    /** The leaf of a waiter is in that batch; false if that was known. */
    synchronized boolean place(Waiter waiter, long sequence) {
        boolean isNews = waiter.sequence == 0
                && byLeaf.getOrDefault(waiter.leaf, Set.of()).contains(waiter);
        if (isNews) {
            waiter.sequence = sequence;
            byBatch.computeIfAbsent(sequence, first -> new LinkedHashSet<>(2)).add(waiter);
        }
        return isNews;
    }

    private synchronized void place(Kind kind, long counter, long sequence) {
        byLeaf.getOrDefault(new Key(kind, new RequestId(lane.value(), counter)), Set.of())
                .forEach(waiter -> place(waiter, sequence));
    }

    @Override
    public synchronized void cut(BatchCut.Reason reason, CutBatch batch) {
        if (byLeaf.isEmpty()) {
            return;
        }
        long sequence = batch.header().sequence();
        batch.plans().forEach(counter -> place(Kind.PLAN, counter, sequence));
        batch.outcomes().forEach(counter -> place(Kind.OUTCOME, counter, sequence));
    }

    @Override
    public void promoted(long sequence, ConfirmationLevel to, Duration sinceEnd) {
        reached(sequence, to);
    }

    private void reached(long sequence, ConfirmationLevel to) {
        List<Waiter> ready = new ArrayList<>();
        synchronized (this) {
            byBatch.getOrDefault(sequence, Set.of()).stream()
                    .filter(waiter -> to.reaches(waiter.level))
                    .forEach(ready::add);
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
        place(Kind.PLAN, counter, batch.header().sequence());
        reached(batch.header().sequence(), batch.level());
    }
}
