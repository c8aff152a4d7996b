package openledger.wiring.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import openledger.cluster.slot.SlotEngine;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.TargetSlots;
import openledger.inference.Timekeeper;

/**
 * Asks the engine for this router's slots of targets: soon for what should not wait, else together with what is due; and once a second in
 * any case. One question at a time, on an event loop of its own.
 */
final class SlotLoop {
    private static final long BETWEEN_QUESTIONS_MILLIS = 10;
    private static final long BETWEEN_LOOKS_MILLIS = 50;
    private static final long LONGEST_SILENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long WHILE_LOST_NANOS = Duration.ofMillis(200).toNanos();
    /** Beyond what the engine itself may take. */
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context loop;
    private final SlotEngine engine;
    private final Timekeeper time;
    private final TargetSlots slots;
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private boolean isBusy = true;
    private boolean isClosed;
    private long askedAt;
    private long looks = -1;

    /** A loop that is not open yet. */
    SlotLoop(Vertx vertx, SlotEngine engine, Timekeeper time) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.engine = engine;
        this.time = time;
        this.slots = new TargetSlots(time::nanoTime, this::wake);
    }

    TargetSlots slots() {
        return slots;
    }

    /**
     * Begins; completes once each target has a part.
     *
     * @param first run on the event loop before anything is asked
     */
    CompletionStage<Void> open(Runnable first) {
        loop.runOnContext(go -> {
            first.run();
            looks = vertx.setPeriodic(BETWEEN_LOOKS_MILLIS, due -> look());
            isBusy = false;
            // Before the first question could have been answered.
            askedAt = time.nanoTime() - LONGEST_SILENCE_NANOS;
        });
        return ready;
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
                if (!slots.isLost()) {
                    askIfDue();
                }
            });
        }
    }

    private void look() {
        long since = time.nanoTime() - askedAt;
        if (slots.isLost()) {
            if (since > WHILE_LOST_NANOS) {
                ask();
            }
        } else if (since > LONGEST_SILENCE_NANOS) {
            ask();
        } else {
            askIfDue();
        }
    }

    private void askIfDue() {
        if (slots.isDue(time.nanoTime())) {
            ask();
        }
    }

    private void ask() {
        if (isBusy || isClosed) {
            return;
        }
        isBusy = true;
        askedAt = time.nanoTime();
        Question question = slots.question(askedAt);
        engine.ask(question)
                .ifNoItem()
                .after(LONGEST_QUESTION)
                .fail()
                .emitOn(task -> loop.runOnContext(go -> task.run()))
                .subscribe()
                .with(grants -> answered(question, grants), failure -> {
                    slots.unanswered(question);
                    rest();
                });
    }

    private void answered(Question question, List<Grant> grants) {
        slots.answered(question, grants, time.nanoTime());
        if (slots.isReady()) {
            ready.complete(null);
        }
        rest();
    }

    /** What is wanted meanwhile goes with the next question. */
    private void rest() {
        vertx.setTimer(BETWEEN_QUESTIONS_MILLIS, over -> {
            isBusy = false;
            if (!slots.isLost()) {
                askIfDue();
            }
        });
    }
}
