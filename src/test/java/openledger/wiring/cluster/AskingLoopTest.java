package openledger.wiring.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import openledger.cluster.share.KeyShares;
import openledger.cluster.share.Rate;
import openledger.cluster.share.ShareEngine;
import openledger.cluster.share.ShareName;
import openledger.wiring.loop.VertxTimekeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a router asks for what it leases, above all at its start. */
final class AskingLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final VertxTimekeeper time = new VertxTimekeeper(vertx);
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private volatile boolean isInReach;
    private final ShareEngine engine = question -> {
        questions.incrementAndGet();
        return isInReach
                ? Uni.createFrom().item(new ShareEngine.Answer(1, granted(question), List.of()))
                : Uni.createFrom().failure(new IllegalStateException("out of reach"));
    };
    private final KeyShares shares = new KeyShares(() -> 1, this::wake);
    private final AskingLoop<ShareEngine.Question, ShareEngine.Answer> loop = new AskingLoop<>(
            vertx,
            time,
            new AskingLoop.Pace(Duration.ofMillis(5), Duration.ofMillis(100)),
            shares,
            engine::ask,
            heard::incrementAndGet);

    private void wake() {
        loop.wake();
    }

    @AfterEach
    void close() {
        loop.close(() -> {});
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void nothingIsAskedOrLostBeforeTheEngineIsInReachAndWhoWaitsIsAnsweredThen() throws Exception {
        AtomicReference<Runnable> reached = open();
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.REQUESTS, "k"), 60, time.nanoTime());
        Rate.Asked asked = (Rate.Asked) rate.take(1, time.nanoTime());

        assertThat(questions).hasValue(0);
        assertThat(shares.isLost()).isFalse();
        isInReach = true;
        reached.get().run();

        asked.answer().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(rate.take(1, time.nanoTime())).isInstanceOf(Rate.Granted.class);
        assertThat(shares.isLost()).isFalse();
        await(() -> heard.get() > 0);
    }

    @Test
    void anEngineThatDoesNotComeIntoReachIsLostAndAskedAgainUntilItIs() throws Exception {
        open();
        await(() -> shares.isLost());
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.REQUESTS, "k"), 60, time.nanoTime());
        await(() -> rate.take(1, time.nanoTime()) instanceof Rate.Unknown);

        assertThat(heard).hasValue(0);
        isInReach = true;
        await(() -> !shares.isLost());
    }

    @Test
    void aClosedLoopAsksNoMoreWhoeverComesIntoReach() throws Exception {
        AtomicReference<Runnable> reached = open();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.close(() -> closed.complete(null));
        closed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        int before = questions.get();

        isInReach = true;
        reached.get().run();
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.close(() -> over.complete(null));
        over.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(questions).hasValue(before);
    }

    private AtomicReference<Runnable> open() throws Exception {
        AtomicReference<Runnable> reached = new AtomicReference<>();
        CompletableFuture<Void> opened = new CompletableFuture<>();
        loop.open(then -> {
            Context here = vertx.getOrCreateContext();
            reached.set(() -> here.runOnContext(go -> then.run()));
            opened.complete(null);
        });
        opened.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return reached;
    }

    private static List<ShareEngine.RateGrant> granted(ShareEngine.Question question) {
        return question.rates().stream()
                .map(wish -> new ShareEngine.RateGrant(wish.need(), 0, 1))
                .toList();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it did not come about within " + PATIENCE);
            }
            Thread.sleep(10);
        }
    }
}
