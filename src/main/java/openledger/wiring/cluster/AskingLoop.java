package openledger.wiring.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import openledger.cluster.Leasing;
import openledger.inference.Timekeeper;

/**
 * Asks an engine for what a router leases: at once if nothing was asked for some milliseconds, else together with what comes in them; and
 * once a second in any case. One question at a time, on an event loop of its own. The first is asked when the engine is in reach, or has not
 * been for a second; who wants something before that waits for it.
 *
 * @param <Q> a question
 * @param <A> an answer to one
 */
final class AskingLoop<Q, A> {
    private static final long LONGEST_SILENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long WHILE_LOST_NANOS = Duration.ofMillis(200).toNanos();
    /** Beyond what the engine itself may take. */
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context loop;
    private final Timekeeper time;
    private final Pace pace;
    private final Leasing<Q, A> leasing;
    private final Function<Q, Uni<A>> engine;
    private final Runnable heard;
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private boolean isOpen;
    private boolean isClosed;
    private boolean isBusy;
    private long askedAt;
    private long looks = -1;

    /**
     * A loop that is not open yet.
     *
     * @param engine completes on any thread
     * @param heard run on the event loop after each answer
     */
    AskingLoop(
            Vertx vertx,
            Timekeeper time,
            Pace pace,
            Leasing<Q, A> leasing,
            Function<Q, Uni<A>> engine,
            Runnable heard) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.time = time;
        this.pace = pace;
        this.leasing = leasing;
        this.engine = engine;
        this.heard = heard;
    }

    /**
     * How often.
     *
     * @param rest from an answer to the next question
     * @param look between two looks at what time has made due
     */
    record Pace(Duration rest, Duration look) {}

    /**
     * Begins.
     *
     * @param reach run on the event loop; is given what to run there whenever the engine has come into reach
     */
    void open(Consumer<Runnable> reach) {
        loop.runOnContext(go -> {
            askedAt = time.nanoTime();
            looks = vertx.setPeriodic(pace.look.toMillis(), due -> look());
            reach.accept(this::begin);
        });
    }

    /**
     * Asks no more.
     *
     * @param last run on the event loop after that
     */
    void close(Runnable last) {
        loop.runOnContext(go -> {
            isOpen = false;
            isClosed = true;
            vertx.cancelTimer(looks);
            last.run();
        });
    }

    /** Something is wanted. From any thread. */
    void wake() {
        if (isWoken.compareAndSet(false, true)) {
            loop.runOnContext(go -> {
                isWoken.set(false);
                askIfDue();
            });
        }
    }

    private void begin() {
        isOpen = !isClosed;
        ask();
    }

    private void look() {
        long now = time.nanoTime();
        leasing.look(now);
        if (now - askedAt > (leasing.isLost() ? WHILE_LOST_NANOS : LONGEST_SILENCE_NANOS)) {
            begin();
        } else {
            askIfDue();
        }
    }

    /** While there are no answers, only looks ask. */
    private void askIfDue() {
        if (!leasing.isLost() && leasing.isDue(time.nanoTime())) {
            ask();
        }
    }

    private void ask() {
        if (isBusy || !isOpen) {
            return;
        }
        isBusy = true;
        askedAt = time.nanoTime();
        long asked = askedAt;
        Q question = leasing.question(asked);
        engine.apply(question)
                .ifNoItem()
                .after(LONGEST_QUESTION)
                .fail()
                .emitOn(task -> loop.runOnContext(go -> task.run()))
                .subscribe()
                .with(
                        answer -> {
                            leasing.answered(question, answer, asked, time.nanoTime());
                            heard.run();
                            rest();
                        },
                        failure -> {
                            leasing.unanswered(question, time.nanoTime());
                            rest();
                        });
    }

    /** What is wanted meanwhile goes with the next question. */
    private void rest() {
        vertx.setTimer(pace.rest.toMillis(), over -> {
            isBusy = false;
            askIfDue();
        });
    }
}
