package openledger.routing.choice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import openledger.routing.SlotBounds;
import openledger.routing.Target;
import openledger.unit.TargetId;

/** Targets in simulated time that hold a slot for as long as they answer, and requests that come by chance and choose among them. */
final class ChoosingWorld {
    static final double NANOS_A_SECOND = 1e9;
    private static final double FIRST_OF_WHOLE = 0.4;

    final List<Target> targets = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();
    private final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingDouble(Event::seconds));
    private double now;

    /** Targets of such weights, with so many slots each. */
    ChoosingWorld(int[] weights, int slots, long seed) {
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < weights.length; i++) {
            targets.add(new Target(new TargetId(i), "p" + i, "m", weights[i], new SlotBounds(1, slots, slots)));
            loads.add(new Load(slots));
        }
    }

    private record Event(double seconds, Load at, double firstSeconds) {
        boolean isEnd() {
            return firstSeconds < 0;
        }
    }

    /** Share of the answers' whole times and their spread, as a target has them. */
    void serve(int target, double meanSeconds, double spread) {
        loads.get(target).meanSeconds = meanSeconds;
        loads.get(target).spread = spread;
    }

    /** Calls of each target so far. */
    int[] calls() {
        return loads.stream().mapToInt(load -> load.calls).toArray();
    }

    int inFlight(int target) {
        return loads.get(target).inFlight;
    }

    double seconds() {
        return now;
    }

    /** So many requests at so many a second; returns how many each target got. */
    int[] run(int requests, double perSecond) {
        int[] before = calls();
        for (int i = 0; i < requests; i++) {
            now += -Math.log(1 - random.nextDouble()) / perSecond;
            while (!events.isEmpty() && events.peek().seconds <= now) {
                happen(events.remove());
            }
            int index = PowerOfTwoChoices.choose(targets, List.copyOf(loads), 0, random);
            if (index >= 0) {
                call(loads.get(index));
            }
        }
        int[] after = calls();
        return IntStream.range(0, after.length).map(i -> after[i] - before[i]).toArray();
    }

    private void happen(Event event) {
        if (event.isEnd()) {
            event.at.inFlight--;
        } else {
            event.at.latency = event.at.latency.answered(
                    (long) (event.seconds * NANOS_A_SECOND), (long) (event.firstSeconds * NANOS_A_SECOND));
        }
    }

    private void call(Load load) {
        load.calls++;
        load.inFlight++;
        double sigma = Math.sqrt(Math.log(1 + load.spread * load.spread));
        double whole = load.meanSeconds * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
        double first = whole * FIRST_OF_WHOLE;
        events.add(new Event(now + first, load, first));
        events.add(new Event(now + whole, load, -1));
    }

    private final class Load implements TargetLoad {
        private final int slots;
        private Latency latency = Latency.UNKNOWN;
        private double meanSeconds = 1;
        private double spread = 0.5;
        private int inFlight;
        private int calls;

        Load(int slots) {
            this.slots = slots;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public int limit() {
            return slots;
        }

        @Override
        public long latencyNanos() {
            return (long) latency.nanos();
        }

        @Override
        public double latencyEvidence() {
            return latency.evidence((long) (now * NANOS_A_SECOND), inFlight);
        }
    }
}
