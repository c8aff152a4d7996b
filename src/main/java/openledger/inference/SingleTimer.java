package openledger.inference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** At most one task to come: starting another takes its place. Confined to one event loop. */
final class SingleTimer {
    private final Timekeeper time;
    private Timekeeper.@Nullable Timer running;

    SingleTimer(Timekeeper time) {
        this.time = time;
    }

    void start(Duration after, Runnable then) {
        stop();
        running = time.after(after, then);
    }

    void stop() {
        if (running != null) {
            running.cancel();
            running = null;
        }
    }
}
