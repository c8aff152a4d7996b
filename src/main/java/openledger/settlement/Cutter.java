package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import openledger.commitment.BatchCut;
import openledger.commitment.BatchCut.Waiting;
import openledger.inference.Decision;
import openledger.settlement.BatchAssembly.Predecessor;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.DecisionSource.Placed;
import openledger.unit.Hash32;
import openledger.unit.RouteId;

/** Cuts batches from the journal, as long as there is room for them on the way. Confined to the sequencer's event loop. */
final class Cutter {
    private static final long MICROS_A_MILLI = 1_000;

    private final SequencerSettings settings;
    private final SequencerPorts ports;
    private final Executor worker;
    private final Home home;
    private final LaneBook book;
    private final List<Placed> waiting = new ArrayList<>();
    private Instant lastCut = Instant.EPOCH;
    private boolean caughtUp;

    Cutter(SequencerSettings settings, SequencerPorts ports, Executor worker, Home home, LaneBook book) {
        this.settings = settings;
        this.ports = ports;
        this.worker = worker;
        this.home = home;
        this.book = book;
    }

    /** Decisions read and not cut yet. */
    int waiting() {
        return waiting.size();
    }

    /** Whether all of the journal has been read. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    /** When the oldest decision that was read arrived. */
    Optional<Instant> oldest() {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(
                        waiting.getFirst().decision().intent().arrivalMillis()));
    }

    /** Behind everything that was read. */
    JournalPlace place() {
        return waiting.isEmpty() ? book.end() : waiting.getLast().behind();
    }

    /** Cuts one batch if there is one to be cut; the batch. */
    Uni<Optional<CutBatch>> cut(Lease lease, Instant now) {
        if (!book.isComplete() || book.waiting().size() >= settings.inFlight()) {
            caughtUp = false;
            return Uni.createFrom().item(Optional.empty());
        }
        return read().chain(read -> decide(now)
                .map(reason -> assemble(lease, reason, now).map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Void> read() {
        int most = settings.cut().mostLeaves();
        if (waiting.size() >= most) {
            caughtUp = false;
            return Uni.createFrom().voidItem();
        }
        return home.bring(ports.decisions().after(place(), most))
                .invoke(read -> {
                    caughtUp = read.isEmpty();
                    waiting.addAll(read);
                })
                .replaceWithVoid();
    }

    private Optional<BatchCut.Reason> decide(Instant now) {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        Duration oldest = Duration.between(end(waiting.getFirst().decision()), now);
        return settings.cut()
                .decide(new Waiting(waiting.size(), oldest, Optional.empty(), Duration.between(lastCut, now)));
    }

    /** A leaf waits from the request's end on. */
    private static Instant end(Decision decision) {
        return Instant.ofEpochMilli(decision.intent().arrivalMillis())
                .plusMillis(decision.timeSplit().total() / MICROS_A_MILLI);
    }

    private Uni<CutBatch> assemble(Lease lease, BatchCut.Reason reason, Instant now) {
        List<Placed> taken = List.copyOf(
                waiting.subList(0, Math.min(waiting.size(), settings.cut().mostLeaves())));
        Set<RouteId> routes = new HashSet<>();
        taken.forEach(placed -> routes.add(placed.decision().intent().route()));
        return home.bring(ports.policies().covering(routes))
                .chain(policies -> assemble(taken, policies)
                        .invoke(batch -> ports.hook().passed(StepHook.Step.ASSEMBLED))
                        .call(batch -> home.bring(ports.store().append(lease, batch, policies, now)))
                        .invoke(batch -> cut(batch, policies, reason, now)));
    }

    private Uni<CutBatch> assemble(List<Placed> taken, List<Hash32> policies) {
        if (policies.isEmpty()) {
            throw new IllegalStateException("there are decisions and no policy");
        }
        Predecessor before = new Predecessor(book.last(), book.lastHead(), book.lastSnapshot());
        Uni<CutBatch> assembled = Uni.createFrom()
                .item(() -> ports.assembly().cut(before, policies.getLast(), taken))
                .runSubscriptionOn(worker);
        return home.bring(assembled);
    }

    private void cut(CutBatch batch, List<Hash32> policies, BatchCut.Reason reason, Instant now) {
        waiting.subList(0, batch.header().count()).clear();
        lastCut = now;
        book.cut(batch, policies, now);
        ports.levels().cut(settings.lane(), batch);
        ports.metrics().cut(reason, batch.header().count());
        ports.hook().passed(StepHook.Step.CUT_STORED);
    }
}
