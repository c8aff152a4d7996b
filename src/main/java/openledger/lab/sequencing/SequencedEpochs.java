package openledger.lab.sequencing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.SnapshotSeed;
import openledger.lab.engine.Arrival;
import openledger.lab.stake.LabLane;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.routing.allocation.TenantDeficits;
import openledger.unit.Hash32;
import openledger.unit.TargetId;

/**
 * Plans of requests, epoch by epoch, by the product's allocator, in a market where a target either has room for all or, while it is
 * congested, for nobody. Confined to one thread.
 */
final class SequencedEpochs {
    private static final double HALVING_MILLIS = 10_000;
    private static final int ALWAYS_ROOM = 10_000;

    private final CongestionWorld world;
    private final RouteShape route;
    private final LabLane lane;
    private final TenantDeficits deficits;
    private final Map<Long, Waiting> open = new LinkedHashMap<>();
    private final List<Pin> pins = new ArrayList<>();
    private long snapshots;

    private SequencedEpochs(CongestionWorld world, RouteShape route, LabLane lane, double epochMillis) {
        this.world = world;
        this.route = route;
        this.lane = lane;
        this.deficits = new TenantDeficits((long) (HALVING_MILLIS / epochMillis));
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
        final Hash32 commitment;
        long epoch;
        double epochEnd;
        long turn = OpenRequest.NO_TURN;

        Waiting(Arrival arrival, Hash32 commitment) {
            this.arrival = arrival;
            this.commitment = commitment;
        }
    }

    /**
     * The plans of all of them, in the order in which they are made.
     *
     * @param arrivals in order
     * @param lane that publishes snapshots and plans
     */
    static List<Pin> of(
            List<Arrival> arrivals, CongestionWorld world, RouteShape route, LabLane lane, double epochMillis) {
        SequencedEpochs epochs = new SequencedEpochs(world, route, lane, epochMillis);
        int next = 0;
        double end = 0;
        while (next < arrivals.size() || !epochs.open.isEmpty()) {
            if (epochs.open.isEmpty()) {
                end = Math.floor(arrivals.get(next).millis() / epochMillis) * epochMillis;
            }
            end += epochMillis;
            while (next < arrivals.size() && arrivals.get(next).millis() < end) {
                Arrival arrival = arrivals.get(next++);
                epochs.open.put(LabLane.counter(arrival), new Waiting(arrival, lane.commitment(arrival)));
            }
            epochs.end(end);
        }
        return epochs.pins;
    }

    private void end(double millis) {
        snapshots++;
        for (Waiting request : open.values()) {
            if (request.turn == OpenRequest.NO_TURN) {
                request.epoch = snapshots;
                request.epochEnd = millis;
            }
        }
        Snapshot snapshot = snapshot(millis);
        lane.snapshot(snapshot, millis);
        Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
        allocation.held().forEach(held -> waiting(held).turn = held.turn());
        for (Pinned pinned : allocation.pinned()) {
            Waiting request = waiting(pinned.request());
            open.remove(pinned.request().counter());
            if (pinned.tier() == 0) {
                deficits.charge(lane.tag(request.arrival.tenant()));
            }
            lane.plan(request.arrival, pinned.plan(), pinned.tier(), millis);
            pins.add(new Pin(request.arrival, request.epochEnd, millis, pinned));
        }
        deficits.epochPassed();
    }

    private Waiting waiting(OpenRequest request) {
        Waiting waiting = open.get(request.counter());
        if (waiting == null) {
            throw new IllegalStateException("not open: " + request.counter());
        }
        return waiting;
    }

    private Snapshot snapshot(double millis) {
        List<TargetView> targets = new ArrayList<>();
        for (int i = 0; i < Market.PROVIDERS; i++) {
            boolean room = world.share(i, millis) == 1;
            targets.add(new TargetView(new TargetId(i), room ? open.size() : 0, room));
        }
        targets.add(new TargetView(new TargetId(Market.PROVIDERS), ALWAYS_ROOM, true));
        Map<Integer, Integer> index = new HashMap<>();
        List<TenantView> tenants = new ArrayList<>();
        List<OpenRequest> requests = new ArrayList<>();
        open.forEach((counter, request) -> {
            int tenant = index.computeIfAbsent(request.arrival.tenant(), sender -> {
                tenants.add(new TenantView(lane.tag(sender), deficits.of(lane.tag(sender))));
                return tenants.size() - 1;
            });
            requests.add(new OpenRequest(counter, request.commitment, tenant, 0, request.epoch, 0, request.turn));
        });
        Hash32 seed = SnapshotSeed.of(LabLane.LANE, snapshots, Hash32.ZERO);
        return new Snapshot(snapshots, LabLane.unixMillis(millis), seed, 1, targets, List.of(route), tenants, requests);
    }
}
