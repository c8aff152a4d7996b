package openledger.inference;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Event loops that a test turns by hand: what crosses over to another loop is under way until that loop is turned; what a loop enqueues
 * on its own runs as soon as it is idle. Time is that of a {@link TurnedClock}; a timer runs on the loop that set it. Confined to one
 * thread.
 */
public final class TurnedLoops implements EventLoops, Timekeeper {
    private final TurnedClock clock;
    public final TurnedLoop first = new TurnedLoop();
    public final TurnedLoop second = new TurnedLoop();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private TurnedLoop current = first;
    private TurnedLoop next = first;
    private boolean running;
    private boolean turnedOnly;

    public TurnedLoops(TurnedClock clock) {
        this.clock = clock;
    }

    @Override
    public Loop here() {
        return current;
    }

    @Override
    public Loop next() {
        return next;
    }

    /** What belongs to no request lives on {@code loop} from now on. */
    public void setNext(TurnedLoop loop) {
        next = loop;
    }

    /** Nothing runs before {@link TurnedLoop#turn} or {@link #settle}, not even what a loop enqueues on its own. */
    public void turnedOnly() {
        turnedOnly = true;
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public long epochMillis() {
        return clock.epochMillis();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        TurnedLoop setter = current;
        return clock.after(delay, () -> setter.at(task));
    }

    /** Runs both until nothing waits on either. */
    public void settle() {
        while (!first.waiting.isEmpty() || !second.waiting.isEmpty()) {
            first.turn();
            second.turn();
        }
    }

    private void runSoon() {
        while (!running && !soon.isEmpty()) {
            soon.remove().run();
        }
    }

    /** One loop. */
    public final class TurnedLoop implements Loop {
        private final Deque<Runnable> waiting = new ArrayDeque<>();

        @Override
        @SuppressWarnings("ReferenceEquality") // the very loop
        public void execute(Runnable task) {
            if (current == this && !turnedOnly) {
                soon.add(() -> at(task));
                runSoon();
            } else {
                waiting.add(task);
            }
        }

        /** Runs what waits. */
        public void turn() {
            for (int left = waiting.size(); left > 0; left--) {
                at(waiting.remove());
            }
        }

        /** Runs a task as if this were its thread. */
        public void at(Runnable task) {
            TurnedLoop before = current;
            boolean wasRunning = running;
            current = this;
            running = true;
            try {
                task.run();
            } finally {
                current = before;
                running = wasRunning;
            }
            runSoon();
        }
    }
}
