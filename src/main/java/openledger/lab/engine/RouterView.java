package openledger.lab.engine;

import java.util.ArrayList;
import java.util.List;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.routing.choice.Latency;
import openledger.routing.choice.TargetLoad;

/** One router's view of the best tier, which is a little old. Confined to one thread. */
final class RouterView {
    private static final double VIEW_MILLIS = 250;
    private static final double NANOS_A_MILLI = 1e6;

    private final List<Seen> seen = new ArrayList<>();
    private final List<TargetLoad> loads;
    private double viewed = Double.NEGATIVE_INFINITY;

    RouterView(int targets, RouterVariant practice) {
        for (int i = 0; i < targets; i++) {
            seen.add(new Seen(practice));
        }
        this.loads = List.copyOf(seen);
    }

    /** Looks, if the last look is too long ago. */
    void look(double now, int[] inFlight, CongestionWorld.Course course, Market market) {
        if (now - viewed < VIEW_MILLIS) {
            return;
        }
        viewed = now;
        for (int i = 0; i < inFlight.length; i++) {
            Seen target = seen.get(i);
            target.inFlight = inFlight[i];
            target.limit = (int) market.capacity(course.share(i, now));
            target.evidence = target.latency.evidence(nanos(now), inFlight[i]);
        }
    }

    /** Calls in flight of those that may be, as far as it knows; 0 to 100. */
    int utilisationPercent(int[] inFlight) {
        int used = 0;
        int slots = 0;
        for (int i = 0; i < inFlight.length; i++) {
            int limit = seen.get(i).limit;
            slots += limit;
            used += Math.min(limit, inFlight[i]);
        }
        return used * 100 / slots;
    }

    /** A target has answered a call of this router. */
    void answered(int target, double now, double tookMillis) {
        Seen known = seen.get(target);
        known.latency = known.latency.answered(nanos(now), nanos(tookMillis));
    }

    private static long nanos(double millis) {
        return (long) (millis * NANOS_A_MILLI);
    }

    List<TargetLoad> loads() {
        return loads;
    }

    /** True if the view shows a free slot. */
    boolean hasRoom() {
        for (Seen target : seen) {
            if (target.inFlight < target.limit) {
                return true;
            }
        }
        return false;
    }

    private static final class Seen implements TargetLoad {
        private final RouterVariant practice;
        private int inFlight;
        private int limit = 1;
        private Latency latency = Latency.UNKNOWN;
        private double evidence;

        Seen(RouterVariant practice) {
            this.practice = practice;
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
            return limit;
        }

        @Override
        public long latencyNanos() {
            return (long) latency.nanos();
        }

        @Override
        public double latencyEvidence() {
            return evidence;
        }

        @Override
        public boolean hasFreeSlot() {
            return !practice.heedsItsView() || inFlight < limit;
        }
    }
}
