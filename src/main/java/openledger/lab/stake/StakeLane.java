package openledger.lab.stake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import openledger.audit.Difference;
import openledger.audit.PlanReplay;
import openledger.audit.PublishedBatch;
import openledger.audit.ReplayReport;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.ConfirmedRun;
import openledger.lab.engine.LaneWitness;
import openledger.lab.experiment.SurplusRule;
import openledger.lab.experiment.SurplusRules;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.lab.world.Workload;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Snapshot;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.TenantTag;

/** An operator's lane under a load: what really happened in the market, and what is published of it. Confined to one thread. */
final class StakeLane implements LaneWitness {
    /** Id of the target below the best tier. */
    static final int CHEAP = Market.PROVIDERS;

    static final int DECISIONS = 4_000;
    private static final double CHANCES = 0.12;
    /** Mean length of a call in the market, ms. */
    private static final double CALL_MILLIS = 1_200;

    /** The mix sends one in twenty requests twice. */
    private static final double TWICE = 1.05;

    private final RouteShape route = RouteShape.of(Market.REFERENCE.route());
    private final LabLane names;
    private final List<Arrival> arrivals;
    private final long seed;
    private final List<Epoch> epochs = new ArrayList<>();
    private final List<Served> served = new ArrayList<>();

    private record Epoch(Snapshot snapshot, List<Pinned> pinned, double millis) {}

    /**
     * How a request was honestly served.
     *
     * @param attempt that served
     * @param millis when the answer was there
     */
    record Served(Arrival arrival, Plan plan, int attempt, double millis) {
        int target() {
            return plan.target(attempt);
        }

        boolean isBest() {
            return target() != CHEAP;
        }

        /** Neither held nor refused: who says that it was must contradict the plan. */
        boolean metNoCongestion() {
            return plan.spent() == 0 && plan.snapshot() == plan.arrival() && attempt == 1;
        }
    }

    /**
     * A chance to save money by a lazy fall-back.
     *
     * @param gain what it would save, in mean gains at a load of one half
     */
    record Chance(Served served, double gain) {
        boolean leavesTrace() {
            return served.metNoCongestion();
        }
    }

    /** What the operator makes of its records before it publishes them. */
    interface Pen {
        /** Everything as it was. */
        Pen HONEST = new Pen() {};

        /** Writes a snapshot. */
        default Snapshot snapshot(Snapshot snapshot) {
            return snapshot;
        }

        /** Writes a plan, or leaves it out. */
        default Optional<Plan> plan(Arrival arrival, Plan plan) {
            return Optional.of(plan);
        }

        /** Writes an end. */
        default void end(Served served, LabLane to) {
            Plan plan = served.plan();
            int tier = served.isBest() ? 0 : 1;
            to.end(served.arrival(), plan, served.attempt(), tier, served.target(), served.millis());
        }
    }

    private StakeLane(List<Arrival> arrivals, long seed) {
        this.arrivals = arrivals;
        this.seed = seed;
        this.names = new LabLane(route, seed);
    }

    /** A lane at a load, 0 to 1: requests times the length of a call over the slots of normal spells. */
    static StakeLane of(double load, long seed) {
        return of(arrivals(load, seed), seed, SurplusRules.PRODUCT);
    }

    /** A lane with these requests, whose allocator is shown what the rule shows it. */
    static StakeLane of(List<Arrival> arrivals, long seed, SurplusRule rule) {
        StakeLane lane = new StakeLane(arrivals, seed);
        CongestionWorld world = new CongestionWorld(Market.REFERENCE.congestion(), Market.PROVIDERS, seed);
        ConfirmedRun.of(arrivals, Market.REFERENCE, world, rule, lane);
        return lane;
    }

    /** Requests a second at a load. */
    static double perSecond(double load) {
        return load * (Market.PROVIDERS * Market.REFERENCE.slots()) / CALL_MILLIS * 1_000;
    }

    /** Requests of twenty tenants at a load. */
    static List<Arrival> arrivals(double load, long seed) {
        double perSecond = perSecond(load);
        Workload mix = new Workload(
                "stake", Workload.SMALL.tenants(), perSecond / TWICE, Workload.SMALL.zipf(), Workload.Flood.NONE);
        List<Arrival> more = mix.arrivals(seed, 1.3 * DECISIONS / perSecond * 1_000);
        return more.subList(0, Math.min(DECISIONS, more.size()));
    }

    @Override
    public RequestKey key(Arrival arrival) {
        return names.key(arrival);
    }

    @Override
    public TenantTag tag(int tenant) {
        return names.tag(tenant);
    }

    @Override
    public void allocated(Snapshot snapshot, Allocation allocation, double millis) {
        epochs.add(new Epoch(snapshot, allocation.pinned(), millis));
    }

    @Override
    public void served(Arrival arrival, Plan plan, int attempt, double ends) {
        served.add(new Served(arrival, plan, attempt, ends));
    }

    /** What honestly happened. */
    List<Served> served() {
        return List.copyOf(served);
    }

    /**
     * Chances to be lazy: some of the requests that the best tier served.
     *
     * @param meanGain of one
     */
    List<Chance> chances(double meanGain) {
        List<Chance> chances = new ArrayList<>();
        for (Served one : served) {
            SplittableRandom random = new SplittableRandom(~one.arrival().luck());
            boolean isChance = random.nextDouble() < CHANCES;
            double gain = -meanGain * Math.log(1 - random.nextDouble());
            if (isChance && one.isBest()) {
                chances.add(new Chance(one, gain));
            }
        }
        return chances;
    }

    /** What the operator publishes with that pen. */
    List<PublishedBatch> publish(Pen pen) {
        LabLane lane = new LabLane(route, seed);
        for (Epoch epoch : epochs) {
            lane.snapshot(pen.snapshot(epoch.snapshot), epoch.millis);
            for (Pinned pinned : epoch.pinned) {
                Arrival arrival = arrivals.get((int) pinned.request().counter() - 1);
                pen.plan(arrival, pinned.plan())
                        .ifPresent(plan -> lane.plan(arrival, plan, pinned.tier(), epoch.millis));
            }
        }
        served.forEach(one -> pen.end(one, lane));
        return lane.publish();
    }

    /** A pen that is lazy at these chances, off the plan where the request met no congestion and behind it where it did. */
    static Pen lazyAt(List<Chance> chances) {
        Set<Arrival> lazy = new HashSet<>();
        chances.forEach(chance -> lazy.add(chance.served.arrival()));
        return new Pen() {
            @Override
            public void end(Served served, LabLane to) {
                if (!lazy.contains(served.arrival())) {
                    HONEST.end(served, to);
                } else if (served.metNoCongestion()) {
                    offThePlan(served, to);
                } else {
                    behindRefusals(served, to);
                }
            }
        };
    }

    /** Served by the cheap target at once. */
    static void offThePlan(Served served, LabLane to) {
        to.end(served.arrival(), served.plan(), served.plan().spent() + 1, 1, CHEAP, served.millis());
    }

    /** Served by the cheap target by the rules, after refusals that never were. */
    static void behindRefusals(Served served, LabLane to) {
        int last = served.plan().places().size();
        to.end(served.arrival(), served.plan(), last, 1, served.plan().target(last), served.millis());
    }

    /** Requests about which a replay of all batches in order finds something. */
    static Set<Hash32> convictedByFullReplay(List<PublishedBatch> batches) {
        PlanReplay replay = new PlanReplay();
        batches.forEach(replay::take);
        return requests(replay.finish());
    }

    /** Requests about which a replay finds something that has one batch and no other. */
    static Set<Hash32> convictedBatchByBatch(List<PublishedBatch> batches) {
        Set<Hash32> convicted = new HashSet<>();
        for (PublishedBatch batch : batches) {
            PlanReplay replay = new PlanReplay();
            replay.take(batch);
            convicted.addAll(requests(replay.finish()));
        }
        return convicted;
    }

    private static Set<Hash32> requests(ReplayReport report) {
        Set<Hash32> requests = new HashSet<>();
        report.differences().stream().map(Difference::request).forEach(requests::add);
        return requests;
    }
}
