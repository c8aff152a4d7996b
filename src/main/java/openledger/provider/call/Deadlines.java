package openledger.provider.call;

import java.time.Duration;
import java.util.function.Consumer;
import openledger.inference.Timekeeper;
import openledger.inference.upstream.AnswerForm;
import openledger.routing.CallTimeouts;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * The time-outs of a call: for silence, and in all. There is one timer for each call: when it fires it checks the deadlines, which may have
 * moved meanwhile, and is set again. Only a stream's silence counts: a document may be worked on for as long as a call may take. Confined
 * to the event loop of its call.
 */
final class Deadlines {
    /** What the call waits for, which decides whose silence counts. */
    private enum Phase {
        FIRST_TOKEN,
        /** The answer is held, or its reader is slow: the provider is not to blame. */
        READER,
        MORE
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final CallTimeouts timeouts;
    private final AnswerForm form;
    private final Timekeeper time;
    private final Consumer<Trigger> missed;
    private final long startNanos;
    private Phase phase = Phase.FIRST_TOKEN;
    private long sentNanos;
    /** Since when the provider has been silent. */
    private long silentNanos;

    private Timekeeper.@Nullable Timer timer;

    Deadlines(CallTimeouts timeouts, AnswerForm form, Timekeeper time, Consumer<Trigger> missed) {
        this.timeouts = timeouts;
        this.form = form;
        this.time = time;
        this.missed = missed;
        this.startNanos = time.nanoTime();
        this.sentNanos = startNanos;
        this.silentNanos = startNanos;
    }

    void start() {
        arm(left(startNanos));
    }

    /** The connection stands and the request is on its way. */
    void sent() {
        sentNanos = time.nanoTime();
        silentNanos = sentNanos;
    }

    /** The answer's first content is here. Returns the nanoseconds since the call began. */
    long answered() {
        phase = Phase.READER;
        return time.nanoTime() - startNanos;
    }

    /** The reader is ready for more. */
    void listen() {
        phase = Phase.MORE;
        silentNanos = time.nanoTime();
        if (form == AnswerForm.STREAM) {
            arm(left(silentNanos));
        }
    }

    /** Some bytes have come, whatever they say. */
    void heard() {
        silentNanos = time.nanoTime();
    }

    /** The reader is slow. */
    void pause() {
        phase = Phase.READER;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void arm(long nanos) {
        stop();
        timer = time.after(Duration.ofNanos(nanos), this::check);
    }

    private void check() {
        long now = time.nanoTime();
        if (totalLeft(now) <= 0) {
            missed.accept(Trigger.TOTAL_TIMEOUT);
        } else if (silenceLeft(now) <= 0) {
            missed.accept(phase == Phase.MORE ? Trigger.IDLE_TIMEOUT : Trigger.FIRST_TOKEN_TIMEOUT);
        } else {
            arm(left(now));
        }
    }

    private long left(long now) {
        return Math.min(silenceLeft(now), totalLeft(now));
    }

    private long totalLeft(long now) {
        return startNanos + timeouts.total().toNanos() - now;
    }

    private long silenceLeft(long now) {
        if (form == AnswerForm.PLAIN) {
            return NEVER;
        }
        return switch (phase) {
            case FIRST_TOKEN ->
                Math.min(
                        silentNanos + timeouts.firstToken().toNanos() - now,
                        timeouts.firstContent()
                                .map(bound -> sentNanos + bound.toNanos() - now)
                                .orElse(NEVER));
            case READER -> timeouts.idle().toNanos();
            case MORE -> silentNanos + timeouts.idle().toNanos() - now;
        };
    }
}
