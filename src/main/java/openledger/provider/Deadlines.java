package openledger.provider;

import java.time.Duration;
import java.util.function.Consumer;
import openledger.inference.Timekeeper;
import openledger.routing.CallTimeouts;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * How long a call may be silent, and how long it may take in all. One timer a call: when it fires it looks at the
 * deadlines, which have moved on meanwhile, and is set anew. Confined to the event loop of its call.
 */
final class Deadlines {
    /** What the call waits for, which decides whose silence counts. */
    private enum Phase {
        FIRST_TOKEN,
        /** The answer is held, or its reader is slow: the provider is not to blame. */
        READER,
        MORE
    }

    private final CallTimeouts timeouts;
    private final Timekeeper time;
    private final Consumer<Trigger> missed;
    private final long startNanos;
    private Phase phase = Phase.FIRST_TOKEN;
    /** Since when the provider has been silent; bytes without content, such as roles, are silence too. */
    private long silentNanos;

    private Timekeeper.@Nullable Timer timer;

    Deadlines(CallTimeouts timeouts, Timekeeper time, Consumer<Trigger> missed) {
        this.timeouts = timeouts;
        this.time = time;
        this.missed = missed;
        this.startNanos = time.nanoTime();
        this.silentNanos = startNanos;
    }

    void start() {
        arm(Math.min(timeouts.firstToken().toNanos(), timeouts.total().toNanos()));
    }

    /** The connection stands and the request is on its way. */
    void sent() {
        silentNanos = time.nanoTime();
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
        arm(Math.min(timeouts.idle().toNanos(), totalLeft(silentNanos)));
    }

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

    private long totalLeft(long now) {
        return startNanos + timeouts.total().toNanos() - now;
    }

    private void arm(long nanos) {
        stop();
        timer = time.after(Duration.ofNanos(nanos), this::check);
    }

    private void check() {
        long now = time.nanoTime();
        long totalLeft = totalLeft(now);
        long silenceLeft = switch (phase) {
            case FIRST_TOKEN -> silentNanos + timeouts.firstToken().toNanos() - now;
            case READER -> timeouts.idle().toNanos();
            case MORE -> silentNanos + timeouts.idle().toNanos() - now;
        };
        if (totalLeft <= 0) {
            missed.accept(Trigger.TOTAL_TIMEOUT);
        } else if (silenceLeft <= 0) {
            missed.accept(phase == Phase.MORE ? Trigger.IDLE_TIMEOUT : Trigger.FIRST_TOKEN_TIMEOUT);
        } else {
            arm(Math.min(silenceLeft, totalLeft));
        }
    }
}
