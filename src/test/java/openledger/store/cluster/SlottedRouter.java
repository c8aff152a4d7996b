package openledger.store.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.SlotLimit;
import openledger.cluster.slot.TargetSlots;
import openledger.demo.LocalPostgres;
import openledger.routing.SlotBounds;
import openledger.store.DatabaseServers;

/** A router, as far as slots of targets are concerned; it asks when it is told to. Confined to one thread. */
final class SlottedRouter implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final TargetSlots slots = new TargetSlots(System::nanoTime, () -> {});
    final SlotLimit limit;
    /** Of what others lack, as it was told. */
    final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private final Context loop;
    private final StoredSlots engine;

    SlottedRouter(Vertx vertx, String url, TargetKey target, SlotBounds bounds) {
        limit = slots.of(target, bounds);
        slots.follow(Set.of(target));
        loop = vertx.getOrCreateContext();
        engine = new StoredSlots(
                vertx,
                DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD)),
                lacked -> {
                    heard.add(lacked);
                    slots.heard(lacked);
                });
        loop.runOnContext(go -> engine.open());
        awaitAnswer();
    }

    /** Until the database is in reach. */
    void awaitAnswer() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!ask() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** Asks if there is anything to ask by now. */
    void askIfDue() {
        if (slots.isDue(System.nanoTime())) {
            ask();
        }
    }

    /** One question with all that is due; false if it is not answered. */
    boolean ask() {
        Question question = slots.question(System.nanoTime());
        try {
            slots.answered(question, answer(question), System.nanoTime());
            return true;
        } catch (CompletionException silent) {
            slots.unanswered(question);
            return false;
        }
    }

    /** What the engine says to that. */
    List<Grant> answer(Question question) {
        CompletableFuture<List<Grant>> answer = new CompletableFuture<>();
        loop.runOnContext(go -> engine.ask(question).subscribe().with(answer::complete, answer::completeExceptionally));
        return answer.join();
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.runOnContext(go -> {
            engine.close();
            closed.complete(null);
        });
        closed.join();
    }
}
