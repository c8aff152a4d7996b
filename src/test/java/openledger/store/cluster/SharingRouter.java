package openledger.store.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import openledger.cluster.share.KeyShares;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import openledger.demo.LocalPostgres;
import openledger.store.DatabaseServers;

/** A router, as far as limits of keys are concerned; it asks when it is told to. Confined to one thread. */
final class SharingRouter implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final KeyShares shares = new KeyShares(() -> 3, () -> {});
    private final Context loop;
    private final StoredShares engine;

    SharingRouter(Vertx vertx, String url) {
        loop = vertx.getOrCreateContext();
        engine = new StoredShares(
                vertx, DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD)));
        loop.runOnContext(go -> engine.open(() -> {}));
        awaitAnswer();
    }

    /** Until the database is in reach. */
    void awaitAnswer() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!ask() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** One question with all that is wanted; false if it is not answered. */
    boolean ask() {
        long asked = System.nanoTime();
        shares.look(asked);
        Question question = shares.question(asked);
        try {
            shares.answered(question, answer(question), asked, System.nanoTime());
            return true;
        } catch (CompletionException silent) {
            shares.unanswered(question, System.nanoTime());
            return false;
        }
    }

    /** What the engine says to that. */
    Answer answer(Question question) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
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
