package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import openledger.cluster.Leasing;
import openledger.demo.LocalPostgres;
import openledger.store.DatabaseServers;

/** A router, as far as it leases something; it asks when it is told to. Confined to one thread. */
abstract class LeasingRouter<Q, A> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Context loop;
    private final Leasing<Q, A> leasing;

    LeasingRouter(Vertx vertx, Leasing<Q, A> leasing) {
        this.loop = vertx.getOrCreateContext();
        this.leasing = leasing;
    }

    static DatabaseServers database(String url) {
        return DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD));
    }

    /** What the engine says; called on the event loop. */
    abstract Uni<A> asked(Q question);

    /** Called on the event loop. */
    abstract void ended();

    /** Opens its engine, and waits until the database is in reach. */
    void begin(Runnable engine) {
        loop.runOnContext(go -> engine.run());
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
        if (leasing.isDue(System.nanoTime())) {
            ask();
        }
    }

    /** One question with all that is wanted; false if it is not answered. */
    boolean ask() {
        long asked = System.nanoTime();
        leasing.look(asked);
        Q question = leasing.question(asked);
        try {
            leasing.answered(question, answer(question), asked, System.nanoTime());
            return true;
        } catch (CompletionException silent) {
            leasing.unanswered(question, System.nanoTime());
            return false;
        }
    }

    /** What the engine says to that. */
    A answer(Q question) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        loop.runOnContext(go -> asked(question).subscribe().with(answer::complete, answer::completeExceptionally));
        return answer.join();
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.runOnContext(go -> {
            ended();
            closed.complete(null);
        });
        closed.join();
    }
}
