package openledger.wiring.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import openledger.cluster.share.KeyShares;
import openledger.cluster.share.ShareEngine;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import openledger.inference.Timekeeper;

/**
 * Asks the engine for what this router's keys want: at once if it was asked nothing for some milliseconds, else together with what comes in
 * them; and once a second in any case. One question at a time, on an event loop of its own. The first is asked when the engine is in reach,
 * or has not been for a second; who wants something before that waits for it.
 */
final class ShareLoop {
    private static final long BETWEEN_QUESTIONS_MILLIS = 5;
    private static final long BETWEEN_LOOKS_MILLIS = 100;
    private static final long LONGEST_SILENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long WHILE_LOST_NANOS = Duration.ofMillis(200).toNanos();
    /** Beyond what the engine itself may take. */
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context loop;
    private final ShareEngine engine;
    private final Timekeeper time;
    private final KeyShares shares;
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private boolean hasBegun;
    private boolean isBusy = true;
    private boolean isClosed;
    private long askedAt;
    private long looks = -1;

    /**
     * A loop that is not open yet.
     *
     * @param routers how many there are
     */
    ShareLoop(Vertx vertx, ShareEngine engine, Timekeeper time, IntSupplier routers) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.engine = engine;
        this.time = time;
        this.shares = new KeyShares(routers, this::wake);
    }

    KeyShares shares() {
        return shares;
    }

    /**
     * Begins.
     *
     * @param reach run on the event loop; is given what to run there whenever the engine has come into reach
     */
    void open(Consumer<Runnable> reach) {
        loop.runOnContext(go -> {
            askedAt = time.nanoTime();
            looks = vertx.setPeriodic(BETWEEN_LOOKS_MILLIS, due -> look());
            reach.accept(this::reached);
        });
    }

    private void reached() {
        begin();
        ask();
    }

    private void begin() {
        if (!hasBegun) {
            hasBegun = true;
            isBusy = false;
        }
    }

    /**
     * Asks no more.
     *
     * @param last run on the event loop after that
     */
    void close(Runnable last) {
        loop.runOnContext(go -> {
            isClosed = true;
            vertx.cancelTimer(looks);
            last.run();
        });
    }

    private void wake() {
        if (isWoken.compareAndSet(false, true)) {
            loop.runOnContext(go -> {
                isWoken.set(false);
                if (!shares.isLost()) {
                    ask();
                }
            });
        }
    }

    private void look() {
        long now = time.nanoTime();
        shares.look(now);
        if (now - askedAt > (shares.isLost() ? WHILE_LOST_NANOS : LONGEST_SILENCE_NANOS)) {
            begin();
            ask();
        }
    }

    private void ask() {
        if (isBusy || isClosed) {
            return;
        }
        isBusy = true;
        askedAt = time.nanoTime();
        long since = askedAt;
        Question question = shares.question(since);
        engine.ask(question)
                .ifNoItem()
                .after(LONGEST_QUESTION)
                .fail()
                .emitOn(task -> loop.runOnContext(go -> task.run()))
                .subscribe()
                .with(answer -> answered(question, answer, since), failure -> {
                    shares.unanswered(question, time.nanoTime());
                    rest();
                });
    }

    private void answered(Question question, Answer answer, long since) {
        shares.answered(question, answer, since, time.nanoTime());
        rest();
    }

    /** What is wanted meanwhile goes with the next question. */
    private void rest() {
        vertx.setTimer(BETWEEN_QUESTIONS_MILLIS, over -> {
            isBusy = false;
            if (shares.isWanted() && !shares.isLost()) {
                ask();
            }
        });
    }
}
