package openledger.inference;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Event loops that a test turns by hand: what crosses over to another loop waits until that loop is run. Time is that of a
 * {@link TurnedClock}; a timer runs on the loop that set it. Confined to one thread.
 */
public final class TurnedLoops implements EventLoops, Timekeeper {
    private final TurnedClock clock;
    public final TurnedLoop first = new TurnedLoop();
    public final TurnedLoop second = new TurnedLoop();
    private TurnedLoop current = first;

    public TurnedLoops(TurnedClock clock) {
        this.clock = clock;
    }

    @Override
    public Loop here() {
        return current;
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

    /** One loop. */
    public final class TurnedLoop implements Loop {
        private final Deque<Runnable> waiting = new ArrayDeque<>();

        @Override
        @SuppressWarnings("ReferenceEquality") // the very loop
        public void run(Runnable task) {
            if (current == this) {
                task.run();
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
            current = this;
            try {
                task.run();
            } finally {
                current = before;
            }
        }
    }
}
