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
import openledger.cluster.share.Rate;
import openledger.cluster.share.ShareEngine;
import openledger.cluster.share.ShareName;
import openledger.wiring.loop.VertxTimekeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a router asks for its shares, above all at its start. */
final class ShareLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final VertxTimekeeper time = new VertxTimekeeper(vertx);
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean isInReach;
    private final ShareEngine engine = question -> {
        questions.incrementAndGet();
        return isInReach
                ? Uni.createFrom().item(new ShareEngine.Answer(1, granted(question), List.of()))
                : Uni.createFrom().failure(new IllegalStateException("out of reach"));
    };
    private final ShareLoop loop = new ShareLoop(vertx, engine, time, () -> 1);

    @AfterEach
    void close() {
        loop.close(() -> {});
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void nothingIsAskedOrLostBeforeTheEngineIsInReachAndWhoWaitsIsAnsweredThen() throws Exception {
        AtomicReference<Runnable> reached = open();
        Rate rate = loop.shares().rate(ShareName.of(ShareName.Kind.REQUESTS, "k"), 60, time.nanoTime());
        Rate.Asked asked = (Rate.Asked) rate.take(1, time.nanoTime());

        assertThat(questions).hasValue(0);
        assertThat(loop.shares().isLost()).isFalse();
        isInReach = true;
        reached.get().run();

        asked.answer().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(rate.take(1, time.nanoTime())).isInstanceOf(Rate.Granted.class);
        assertThat(loop.shares().isLost()).isFalse();
    }

    @Test
    void anEngineThatDoesNotComeIntoReachIsLostAndAskedAgainUntilItIs() throws Exception {
        open();
        await(() -> loop.shares().isLost());
        Rate rate = loop.shares().rate(ShareName.of(ShareName.Kind.REQUESTS, "k"), 60, time.nanoTime());
        await(() -> rate.take(1, time.nanoTime()) instanceof Rate.Unknown);

        isInReach = true;
        await(() -> !loop.shares().isLost());
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
