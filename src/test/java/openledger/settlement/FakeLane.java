package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.Timekeeper;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.receipt.LevelChange;
import openledger.unit.Hash32;

/** A lane in a database that is memory; each process has one, over the same rows. Confined to one thread. */
final class FakeLane implements BatchStore {
    /** What all processes see. */
    static final class Rows {
        final TreeMap<Long, Unsettled> batches = new TreeMap<>();
        final TreeMap<Long, CutBatch> cut = new TreeMap<>();
        final Map<Long, List<LevelChange>> history = new TreeMap<>();
        long fence;
        long writer;
        long expires;
        boolean down;
    }

    private final Rows rows;
    private final long holder;
    private final BooleanSupplier alive;
    private final Timekeeper time;

    /** One process's view; a process that is not alive hears nothing any more. */
    FakeLane(Rows rows, long holder, BooleanSupplier alive, Timekeeper time) {
        this.rows = rows;
        this.holder = holder;
        this.alive = alive;
        this.time = time;
    }

    private <T> Uni<T> answer(Supplier<T> what) {
        return Uni.createFrom()
                .emitter(to -> time.after(Duration.ofMillis(1), () -> {
                    if (!alive.getAsBoolean()) {
                        return;
                    }
                    if (rows.down) {
                        to.fail(new IllegalStateException("the database is out of reach"));
                        return;
                    }
                    try {
                        to.complete(what.get());
                    } catch (LeaseLost lost) {
                        to.fail(lost);
                    }
                }));
    }

    private Uni<Void> write(Lease lease, Runnable work) {
        return answer(() -> {
                    if (rows.writer != holder || rows.fence != lease.fence()) {
                        throw new LeaseLost("the lane is another writer's");
                    }
                    work.run();
                    return Boolean.TRUE;
                })
                .replaceWithVoid();
    }

    @Override
    public Uni<Optional<Lease>> lease(Duration term) {
        return answer(() -> {
            if (rows.writer != holder && rows.expires > time.epochMillis()) {
                return Optional.empty();
            }
            rows.fence += rows.writer == holder ? 0 : 1;
            rows.writer = holder;
            rows.expires = time.epochMillis() + term.toMillis();
            return Optional.of(new Lease(rows.fence));
        });
    }

    @Override
    public Uni<Resumption> resume() {
        return answer(() -> {
            if (rows.cut.isEmpty()) {
                return Resumption.START;
            }
            CutBatch last = rows.cut.lastEntry().getValue();
            long unfinished = rows.batches.values().stream()
                    .filter(batch -> !batch.level().reaches(ConfirmationLevel.FINALIZED))
                    .mapToLong(Unsettled::sequence)
                    .min()
                    .orElse(last.header().sequence() + 1);
            return new Resumption(
                    last.header().sequence(),
                    last.head(),
                    last.header().lastSnapshot(),
                    last.log().edge(),
                    last.ended(),
                    last.plansEnd(),
                    last.end(),
                    unfinished);
        });
    }

    @Override
    public Uni<List<Unsettled>> load(long from, int limit) {
        return answer(
                () -> rows.batches.tailMap(from).values().stream().limit(limit).toList());
    }

    @Override
    public Uni<Void> append(Lease lease, CutBatch batch, List<Hash32> policies, Instant at) {
        return write(lease, () -> {
            long sequence = batch.header().sequence();
            if (rows.cut.containsKey(sequence)) {
                throw new IllegalStateException("twice: " + sequence);
            }
            rows.cut.put(sequence, batch);
            put(new Unsettled(
                    batch.header(),
                    batch.head(),
                    policies,
                    ConfirmationLevel.RECORDED,
                    at,
                    List.of(),
                    Optional.empty()));
            record(sequence, new LevelChange(ConfirmationLevel.RECORDED, at, Optional.empty()));
        });
    }

    private void put(Unsettled batch) {
        rows.batches.put(batch.sequence(), batch);
    }

    private void record(long sequence, LevelChange change) {
        rows.history.computeIfAbsent(sequence, first -> new ArrayList<>()).add(change);
    }

    private void level(Unsettled batch, LevelChange change, Optional<Inclusion> inclusion) {
        put(new Unsettled(
                batch.header(),
                batch.head(),
                batch.policies(),
                change.level(),
                change.at(),
                batch.transactions(),
                inclusion));
        record(batch.sequence(), change);
    }

    private Unsettled batch(long sequence) {
        Unsettled batch = rows.batches.get(sequence);
        if (batch == null) {
            throw new IllegalStateException("no batch " + sequence);
        }
        return batch;
    }

    @Override
    public Uni<Void> signed(Lease lease, long sequence, SignedTransaction transaction) {
        return write(lease, () -> {
            Unsettled batch = batch(sequence);
            List<SignedTransaction> more = new ArrayList<>(batch.transactions());
            more.add(transaction);
            put(new Unsettled(
                    batch.header(),
                    batch.head(),
                    batch.policies(),
                    batch.level(),
                    batch.since(),
                    more,
                    batch.inclusion()));
        });
    }

    @Override
    public Uni<Void> changed(Lease lease, List<Change> changes) {
        return write(
                lease,
                () -> changes.forEach(change -> level(batch(change.sequence()), change.level(), change.inclusion())));
    }

    @Override
    public Uni<Void> demoted(Lease lease, long from, Instant at) {
        return write(
                lease,
                () -> List.copyOf(rows.batches.tailMap(from).values()).stream()
                        .filter(batch -> batch.level() != ConfirmationLevel.RECORDED)
                        .forEach(batch -> level(
                                batch,
                                new LevelChange(ConfirmationLevel.RECORDED, at, Optional.empty()),
                                Optional.empty())));
    }

    @Override
    public Uni<Integer> settled(Lease lease, Instant finalizedBy, Instant at) {
        return write(
                        lease,
                        () -> List.copyOf(rows.batches.values()).stream()
                                .filter(batch -> batch.level() == ConfirmationLevel.FINALIZED)
                                .filter(batch -> !batch.since().isAfter(finalizedBy))
                                .forEach(batch -> level(
                                        batch,
                                        new LevelChange(
                                                ConfirmationLevel.SETTLED,
                                                at,
                                                batch.inclusion().map(Inclusion::block)),
                                        batch.inclusion())))
                .replaceWith(0);
    }

    @Override
    public Uni<Void> release(Lease lease) {
        return write(lease, () -> rows.expires = 0);
    }
}
