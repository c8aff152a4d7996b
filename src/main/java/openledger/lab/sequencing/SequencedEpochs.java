package openledger.lab.sequencing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.SnapshotSeed;
import openledger.lab.engine.Arrival;
import openledger.lab.stake.LabLane;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.Hash32;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * Plans of requests, epoch by epoch, by the product's allocator, in a market where a target either has room for all or, while it is
 * congested, for nobody. Confined to one thread.
 */
final class SequencedEpochs {
    private static final int ALWAYS_ROOM = 10_000;

    private final CongestionWorld world;
    private final RouteShape route;
    private final LabLane lane;
    private final OpenSet<Waiting> open;
    private final List<Pin> pins = new ArrayList<>();
    private long snapshots;

    private SequencedEpochs(CongestionWorld world, RouteShape route, LabLane lane, Duration epoch) {
        this.world = world;
        this.route = route;
        this.lane = lane;
        this.open = new OpenSet<>(epoch);
    }

    /**
     * A request's plan.
     *
     * @param epochEnd end of its epoch of arrival, ms: its retry grid begins there
     * @param millis when the plan was made
     */
    record Pin(Arrival arrival, double epochEnd, double millis, Pinned pinned) {
        /** The target it is to be tried at first, by its id. */
        int first() {
            return pinned.plan().first();
        }
    }

    private static final class Waiting {
        final Arrival arrival;
        double epochEnd;

        Waiting(Arrival arrival) {
            this.arrival = arrival;
        }
    }

    /**
     * The plans of all of them, in the order in which they are made.
     *
     * @param arrivals in order
     * @param lane that publishes snapshots and plans
     */
    static List<Pin> of(List<Arrival> arrivals, CongestionWorld world, RouteShape route, LabLane lane, Duration epoch) {
        SequencedEpochs epochs = new SequencedEpochs(world, route, lane, epoch);
        double epochMillis = epoch.toMillis();
        int next = 0;
        double end = 0;
        while (next < arrivals.size() || !epochs.open.isEmpty()) {
            if (epochs.open.isEmpty()) {
                end = Math.floor(arrivals.get(next).millis() / epochMillis) * epochMillis;
            }
            end += epochMillis;
            while (next < arrivals.size() && arrivals.get(next).millis() < end) {
                Arrival arrival = arrivals.get(next++);
                epochs.open.enter(lane.key(arrival), 0, new Waiting(arrival));
            }
            epochs.end(end);
        }
        return epochs.pins;
    }

    private void end(double millis) {
        snapshots++;
        Hash32 seed = SnapshotSeed.of(LabLane.LANE, snapshots, Hash32.ZERO);
        OpenSet.Stamp stamp = new OpenSet.Stamp(snapshots, LabLane.unixMillis(millis), seed, 1);
        OpenSet.Frozen<Waiting> frozen = open.freeze(stamp, new Seen(millis));
        frozen.newcomers().forEach(request -> request.epochEnd = millis);
        Snapshot snapshot = frozen.snapshot();
        lane.snapshot(snapshot, millis);
        Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
        for (Pinned pinned : allocation.pinned()) {
            Waiting request = open.request(pinned.request());
            lane.plan(request.arrival, pinned.plan(), pinned.tier(), millis);
            pins.add(new Pin(request.arrival, request.epochEnd, millis, pinned));
        }
        open.settle(snapshot, allocation);
    }

    /** The market at a moment. */
    private final class Seen implements OpenSet.View<Waiting> {
        private final double millis;

        Seen(double millis) {
            this.millis = millis;
        }

        @Override
        public RouteShape route(Waiting request) {
            return route;
        }

        @Override
        public TenantTag tenant(Waiting request) {
            return lane.tag(request.arrival.tenant());
        }

        @Override
        public TargetView show(TargetId target, int wanted) {
            boolean room = target.value() == Market.PROVIDERS || world.share(target.value(), millis) == 1;
            return TargetView.of(target, room ? ALWAYS_ROOM : 0, wanted, room);
        }
    }
}
