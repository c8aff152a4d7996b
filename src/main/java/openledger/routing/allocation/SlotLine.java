package openledger.routing.allocation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * The line for the slots of one target: the earliest turn first, and in order of arrival within a turn. Safe for several threads; costs
 * requests that are not in it one read while it is empty.
 */
public final class SlotLine {
    private final BooleanSupplier takeSlot;
    private final Runnable giveBack;
    private final PriorityQueue<Place> places = new PriorityQueue<>(
            Comparator.<Place>comparingLong(place -> place.turn).thenComparingLong(place -> place.number));
    private long joined;
    private volatile boolean isEmpty = true;

    /**
     * An empty line.
     *
     * @param takeSlot takes a slot if there is one
     * @param giveBack gives back a slot that was taken
     */
    public SlotLine(BooleanSupplier takeSlot, Runnable giveBack) {
        this.takeSlot = takeSlot;
        this.giveBack = giveBack;
    }

    /** A new place, which may have its slot at once. */
    public Place join(long turn) {
        synchronized (places) {
            Place place = new Place(turn, joined++);
            places.add(place);
            isEmpty = false;
            serve();
            return place;
        }
    }

    /** Hands out the slots that there are; true if nobody waits any more. */
    public boolean serve() {
        if (isEmpty) {
            return true;
        }
        synchronized (places) {
            while (!places.isEmpty() && takeSlot.getAsBoolean()) {
                places.remove().state = State.SERVED;
            }
            isEmpty = places.isEmpty();
            return isEmpty;
        }
    }

    private enum State {
        WAITING,
        SERVED,
        GONE
    }

    /** Somebody's place. */
    public final class Place {
        private final long turn;
        private final long number;
        private State state = State.WAITING;

        private Place(long turn, long number) {
            this.turn = turn;
            this.number = number;
        }

        /** True if there is a slot by now, which is the caller's then; the place is given up either way. */
        public boolean take() {
            return give() == State.SERVED;
        }

        /** Gives up the place, and the slot if there is one. */
        public void leave() {
            if (give() == State.SERVED) {
                giveBack.run();
            }
        }

        private State give() {
            synchronized (places) {
                serve();
                State before = state;
                state = State.GONE;
                if (before == State.WAITING) {
                    places.remove(this);
                    isEmpty = places.isEmpty();
                }
                return before;
            }
        }
    }
}
