package openledger.inference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A timer for at most one task: starting another replaces it. Confined to one event loop. */
public final class SingleTimer {
    private final Timekeeper time;
    private Timekeeper.@Nullable Timer running;

    /** One that is not running. */
    public SingleTimer(Timekeeper time) {
        this.time = time;
    }

    /** Runs a task after a while, unless it is stopped or another is started. */
    public void start(Duration after, Runnable then) {
        stop();
        running = time.after(after, then);
    }

    /** The task is not run, and nothing that it refers to is kept. */
    public void stop() {
        if (running != null) {
            running.cancel();
            running = null;
        }
    }
}
