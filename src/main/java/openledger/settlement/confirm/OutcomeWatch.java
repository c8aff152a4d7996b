package openledger.settlement.confirm;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.EventLoops;
import openledger.inference.EventLoops.Loop;
import openledger.inference.Timekeeper;
import openledger.settlement.confirm.ConfirmationRegistry.Kind;
import openledger.settlement.confirm.ConfirmationRegistry.Waiter;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.LevelWatch;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.RequestId;

/**
 * Waits for outcomes: for those of our own lane in the registry, for those of other routers' lanes by a query at intervals. A request that
 * comes when the registry is full does not wait. Thread-safe.
 */
public final class OutcomeWatch implements LevelWatch {
    private static final Duration POLL = Duration.ofMillis(500);
    /** We are told of every cut, unless the database's answer to one is lost. */
    private static final Duration UNTOLD = Duration.ofSeconds(5);

    private final ConfirmationRegistry registry;
    private final Batches batches;
    private final Timekeeper time;
    private final EventLoops loops;

    public OutcomeWatch(ConfirmationRegistry registry, Batches batches, Timekeeper time, EventLoops loops) {
        this.registry = registry;
        this.batches = batches;
        this.time = time;
        this.loops = loops;
    }

    @Override
    public Uni<Void> await(RequestId id, ConfirmationLevel level, Duration longest) {
        // These are the router's own word; no batch is needed for them.
        if (!level.reaches(ConfirmationLevel.PRECONFIRMED)) {
            return Uni.createFrom().voidItem();
        }
        Loop loop = loops.here();
        return Uni.createFrom().emitter(to -> loop.execute(() -> new Wait(id, level, loop, to).begin(longest)));
    }

    /** One wait. Confined to the loop that waits. */
    private final class Wait {
        private final RequestId id;
        private final ConfirmationLevel level;
        private final Loop loop;
        private final UniEmitter<? super Void> to;
        private final Waiter waiter;
        private boolean over;
        private Timekeeper.Timer end = () -> {};
        private Timekeeper.Timer again = () -> {};

        Wait(RequestId id, ConfirmationLevel level, Loop loop, UniEmitter<? super Void> to) {
            this.id = id;
            this.level = level;
            this.loop = loop;
            this.to = to;
            this.waiter = new Waiter(Kind.OUTCOME, id, level, () -> loop.execute(this::complete));
        }

        void begin(Duration longest) {
            if (!registry.enter(waiter)) {
                to.complete(null);
                return;
            }
            end = time.after(longest, this::complete);
            to.onTermination(() -> loop.execute(this::leave));
            // Entered first, so that what happens meanwhile is not missed.
            ask();
        }

        private void ask() {
            if (!over) {
                batches.locate(id)
                        .emitOn(loop)
                        .onFailure()
                        .recoverWithItem(Leaves.NONE)
                        .subscribe()
                        .with(this::located);
            }
        }

        private void located(Leaves leaves) {
            Optional<SettledBatch> found = leaves.outcome().map(Located::batch);
            if (found.filter(batch -> batch.level().reaches(level)).isPresent()) {
                complete();
            } else if (!registry.isOurs(id)) {
                askAgain(POLL);
            } else if (found.filter(batch -> registry.place(waiter, batch.header()))
                    .isPresent()) {
                // It may have come further between the answer and now, when nobody knew that we wait for this batch.
                ask();
            } else if (!registry.isPlaced(waiter)) {
                askAgain(UNTOLD);
            }
        }

        private void askAgain(Duration after) {
            if (!over) {
                again = time.after(after, this::ask);
            }
        }

        private void leave() {
            over = true;
            end.cancel();
            again.cancel();
            registry.leave(waiter);
        }

        private void complete() {
            leave();
            to.complete(null);
        }
    }
}
