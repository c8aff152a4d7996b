package openledger.lab.sequencing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import openledger.audit.PlanReplay;
import openledger.audit.ReplayReport;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.LaneTimes;
import openledger.lab.sequencing.SequencedEpochs.Pin;
import openledger.lab.sequencing.SequencingResult.Followed;
import openledger.lab.stake.LabLane;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Exposure;
import openledger.lab.world.Market;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.RetryGrid;
import openledger.routing.RouteShape;
import openledger.routing.Target;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.routing.choice.TargetLoad;

/**
 * The same requests in the same market under one seed: routed by a naive router, sequenced, and sequenced with their plans pinned. A target
 * is congested or it is not; nothing is refused for want of a slot, as in the experiment that this is compared with. Confined to one
 * thread.
 */
public final class SequencingRun {
    private static final double NANOS_A_MILLI = 1e6;

    private final List<Arrival> arrivals;
    private final double[] stretch;
    private final CongestionWorld world;
    private final long seed;
    private final Map<RetryGrid, Planned> planned = new HashMap<>();

    /**
     * A run that has not begun.
     *
     * @param arrivals in order
     * @param stretch how much longer than others' the answer of each takes, about 1 on average
     */
    public SequencingRun(List<Arrival> arrivals, double[] stretch, CongestionWorld world, long seed) {
        this.arrivals = arrivals;
        this.stretch = stretch;
        this.world = world;
        this.seed = seed;
    }

    /** Chance of a call, the same whoever routes it. */
    private record Call(double millis, double hard) {}

    private Call call(Arrival arrival, int number, Exposure to) {
        SplittableRandom random = new SplittableRandom(~arrival.luck() + number);
        return new Call(stretch[arrival.number()] * to.millis().draw(random), random.nextDouble());
    }

    /** Share of the requests that a naive router, which follows what it sees, moves to another target while they are answered. */
    double naive(Exposure to) {
        List<Target> best = Market.REFERENCE.route().tiers().getFirst().targets();
        SplittableRandom random = new SplittableRandom(seed);
        int moved = 0;
        for (Arrival arrival : arrivals) {
            List<TargetLoad> view = new ArrayList<>();
            for (int i = 0; i < best.size(); i++) {
                view.add(new Seen(isCongested(i, arrival.millis())));
            }
            int choice = PowerOfTwoChoices.choose(best, view, 0, random);
            moved += isShifted(choice, arrival.millis() + call(arrival, 1, to).millis) ? 1 : 0;
        }
        return (double) moved / arrivals.size();
    }

    private boolean isCongested(int target, double millis) {
        return world.share(target, millis) < 1;
    }

    /** Whether one who follows what he sees would route otherwise by now; a choice that is no best-tier target is the fall-back. */
    private boolean isShifted(int choice, double millis) {
        if (choice >= 0 && choice < Market.PROVIDERS) {
            return isCongested(choice, millis);
        }
        for (int i = 0; i < Market.PROVIDERS; i++) {
            if (!isCongested(i, millis)) {
                return true;
            }
        }
        return false;
    }

    /** The requests in epochs under a timing. Plans depend on the length of an epoch alone, and are made once for each. */
    Sequenced sequenced(SequencingTiming timing) {
        Planned planned = this.planned.computeIfAbsent(timing.grid(), this::plan);
        double[] confirmed = LaneTimes.confirmed(
                timing, planned.pins.stream().mapToDouble(Pin::millis).toArray(), seed);
        return new Sequenced(timing, planned.lane, planned.pins, confirmed);
    }

    private Planned plan(RetryGrid grid) {
        RouteShape best = RouteShape.of(Market.REFERENCE.route());
        RouteShape route = new RouteShape(best.id(), grid.epochs(), best.tiers());
        LabLane lane = new LabLane(route, seed);
        return new Planned(lane, SequencedEpochs.of(arrivals, world, route, lane, grid.epoch()));
    }

    private record Planned(LabLane lane, List<Pin> pins) {}

    /** Requests in epochs, with their plans, and when each was confirmed. */
    final class Sequenced {
        private final SequencingTiming timing;
        private final LabLane lane;
        private final List<Pin> pins;
        private final double[] confirmed;

        private Sequenced(SequencingTiming timing, LabLane lane, List<Pin> pins, double[] confirmed) {
            this.timing = timing;
            this.lane = lane;
            this.pins = pins;
            this.confirmed = confirmed;
        }

        /** Share that is moved if the batch is only an order, and the router goes on to follow what it sees. */
        double unpinned(Exposure to) {
            int moved = 0;
            for (int i = 0; i < pins.size(); i++) {
                Pin pin = pins.get(i);
                moved += isShifted(pin.first(), confirmed[i] + call(pin.arrival(), 1, to).millis) ? 1 : 0;
            }
            return (double) moved / pins.size();
        }

        /** What comes of following the plans. */
        Followed followed(Gate gate, Exposure to) {
            int changed = 0;
            int stale = 0;
            int staleByAnswer = 0;
            for (int i = 0; i < pins.size(); i++) {
                Pin pin = pins.get(i);
                double begins = begins(gate, i);
                changed += target(follow(pin, begins, to), pin) == pin.first() ? 0 : 1;
                if (pin.pinned().tier() == 0) {
                    stale += isCongested(pin.first(), begins) ? 1 : 0;
                    staleByAnswer += isCongested(pin.first(), begins + call(pin.arrival(), 1, to).millis) ? 1 : 0;
                }
            }
            double all = pins.size();
            return new Followed(changed / all, stale / all, staleByAnswer / all);
        }

        private double begins(Gate gate, int pin) {
            return gate == Gate.DISPATCH ? confirmed[pin] : pins.get(pin).millis();
        }

        private int target(Served served, Pin pin) {
            return pin.pinned().plan().target(served.attempt);
        }

        /** The attempt that serves, and when its answer begins. */
        private record Served(int attempt, double millis) {}

        private Served follow(Pin pin, double begins, Exposure to) {
            Plan plan = pin.pinned().plan();
            double now = begins;
            int attempt = plan.spent() + 1;
            while (true) {
                int target = plan.target(attempt);
                Call call = call(pin.arrival(), attempt - plan.spent(), to);
                double answer = now + call.millis;
                boolean fails = target < Market.PROVIDERS && isCongested(target, answer) && call.hard < to.hard();
                if (!fails || attempt == plan.places().size()) {
                    return new Served(attempt, answer);
                }
                Duration since = Duration.ofNanos((long) ((answer - pin.epochEnd()) * NANOS_A_MILLI));
                now = answer + timing.grid().untilNextPoint(since).toNanos() / NANOS_A_MILLI;
                attempt++;
            }
        }

        /** Publishes all of it, plans dispatched once they are confirmed, and lets the product's auditor replay it. */
        ReplayReport audited() {
            for (int i = 0; i < pins.size(); i++) {
                Pin pin = pins.get(i);
                Served served = follow(pin, confirmed[i], Exposure.REFERENCE);
                int target = target(served, pin);
                int tier = target < Market.PROVIDERS ? 0 : 1;
                lane.end(pin.arrival(), pin.pinned().plan(), served.attempt, tier, target, served.millis);
            }
            PlanReplay replay = new PlanReplay();
            lane.publish().forEach(replay::take);
            return replay.finish();
        }

        /** From each arrival until its plan is confirmed, without what it was held for because everything was congested, ms. */
        double[] confirmations() {
            return each(i -> wait(i) + confirmed[i] - pins.get(i).millis());
        }

        /** How much later each answer begins than without any plan, without what it was held for, ms. */
        double[] added(Gate gate, Exposure to) {
            return each(i -> switch (gate) {
                case DISPATCH -> wait(i) + confirmed[i] - pins.get(i).millis();
                case RESPONSE ->
                    wait(i)
                            + Math.max(
                                    0,
                                    confirmed[i]
                                            - pins.get(i).millis()
                                            - call(pins.get(i).arrival(), 1, to).millis);
            });
        }

        private double wait(int pin) {
            return pins.get(pin).epochEnd() - pins.get(pin).arrival().millis();
        }

        private double[] each(IntToDoubleFunction of) {
            return IntStream.range(0, pins.size()).mapToDouble(of).sorted().toArray();
        }
    }

    /** Congested or not; nothing else is known of it. */
    private record Seen(boolean congested) implements TargetLoad {
        @Override
        public boolean isOpen() {
            return !congested;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public int limit() {
            return 1;
        }

        @Override
        public long latencyNanos() {
            return 0;
        }
    }
}
