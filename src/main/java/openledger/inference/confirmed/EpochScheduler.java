package openledger.inference.confirmed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.RequestCommitment;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.EventLoops.Loop;
import openledger.inference.ServicePorts;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPermits;
import openledger.inference.confirmed.PendingRequest.Pin;
import openledger.inference.confirmed.PendingRequest.Standing;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.inference.upstream.ClaimedSlot;
import openledger.inference.upstream.ProviderGateway;
import openledger.routing.Route;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.Snapshot;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import org.jspecify.annotations.Nullable;

/**
 * Runs the epochs of a lane, which pass only while a confirmed request waits for its plan. At the end of each, slots are claimed, the view
 * is frozen into a snapshot, the allocator gives the slots away, snapshot and plans are recorded, and each request is notified. What an
 * epoch's end means is decided in {@link OpenSet}, in numbers of snapshots: a timer that is late makes an epoch longer and changes nothing
 * else.
 *
 * <p>One for the router. {@link #places}, {@link #enter} and {@link #leave} may be called from any event loop; the work is done
 * on an event loop of its own.
 */
public final class EpochScheduler {
    private final ConfirmedPorts lane;
    private final ProviderGateway gateway;
    private final Timekeeper time;
    private final FairPermits places;
    private final Loop loop;

    private final OpenSet<PendingRequest> open;
    private final Map<RouteId, RouteShape> shapes = new HashMap<>();
    private final Snapshots snapshots;
    private Timekeeper.@Nullable Timer timer;

    public EpochScheduler(ServicePorts ports, ConfirmedPorts lane) {
        this.lane = lane;
        this.gateway = ports.gateway();
        this.time = ports.time();
        this.loop = ports.loops().next();
        this.open = new OpenSet<>(lane.settings().epoch());
        this.snapshots = new Snapshots(lane);
        this.places = new FairPermits(lane.settings().mostHeld());
    }

    /** The places of those who wait: one is to be taken before {@link #enter}, which gives it back when the wait is over. */
    public FairPermits places() {
        return places;
    }

    /** What stands for a request in snapshots and leaves. */
    RequestKey key(RequestId id, Intent intent) {
        return RequestCommitment.of(id, intent.bodyDigest(), lane.secret().salt(id));
    }

    /** A request waits for its plan from now on. */
    void enter(PendingRequest request) {
        loop.execute(() -> {
            open.enter(request.key, request.spentBefore, request);
            arm();
        });
    }

    /** A request waits no more, if it still did; it is told once nothing more can come. */
    void leave(PendingRequest request) {
        loop.execute(() -> depart(request));
    }

    private void depart(PendingRequest request) {
        if (open.leave(request.id.counter(), request)) {
            places.giveBack(request.intent.tenant());
        }
        request.depart();
    }

    private void arm() {
        if (timer == null && !open.isEmpty()) {
            timer = time.after(lane.settings().epoch(), this::close);
        }
    }

    /** An epoch ends. */
    private void close() {
        timer = null;
        if (open.isEmpty()) {
            return;
        }
        freezeAndAllocate();
        arm();
    }

    private void freezeAndAllocate() {
        long nanos = time.nanoTime();
        long millis = time.epochMillis();
        List<ClaimedSlot> granted = new ArrayList<>();
        EpochSlots view = new EpochSlots(gateway, this::shape, held -> snapshots.tag(held.intent.tenant(), millis));
        try {
            OpenSet.Stamp stamp = snapshots.stamp(lane.plans().lastSnapshot() + 1, millis);
            OpenSet.Frozen<PendingRequest> frozen = open.freeze(stamp, view);
            frozen.newcomers().forEach(request -> request.arrivalNanos = nanos);
            Snapshot snapshot = frozen.snapshot();
            Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
            allocation
                    .pinned()
                    .forEach(pinned -> granted.add(view.take(pinned.plan().first())));
            record(snapshot, allocation, granted, view.bestTiers(snapshot));
        } catch (RuntimeException bug) {
            granted.forEach(ClaimedSlot::release);
            failAll(bug);
        } finally {
            view.giveBackTheRest();
        }
    }

    /** All that could fail comes before the append: what is recorded is also told. */
    private void record(
            Snapshot snapshot, Allocation allocation, List<ClaimedSlot> granted, List<BestTierView> bestTiers) {
        long nanos = time.nanoTime();
        List<PlannedRequest> plans = allocation.pinned().stream()
                .map(pinned -> planned(pinned, snapshot))
                .toList();
        List<OpenRequest> pinned =
                allocation.pinned().stream().map(Allocation.Pinned::request).toList();
        List<Told> toPin = told(pinned, snapshot, bestTiers);
        List<Told> toExhaust = told(allocation.exhausted(), snapshot, bestTiers);
        List<Told> toHold = told(allocation.held(), snapshot, bestTiers);
        long position = lane.plans().append(snapshot, plans);
        open.settle(snapshot, allocation);
        for (int i = 0; i < plans.size(); i++) {
            Told to = toPin.get(i);
            to.request.pin(
                    to.standing, new Pin(plans.get(i), granted.get(i), position, nanos, to.request.arrivalNanos));
        }
        toExhaust.forEach(to -> to.request.exhaust(to.standing));
        toHold.forEach(to -> to.request.heldOn(to.standing));
        toPin.forEach(to -> places.giveBack(to.request.intent.tenant()));
        toExhaust.forEach(to -> places.giveBack(to.request.intent.tenant()));
    }

    /** Who is told how it stands. */
    private record Told(PendingRequest request, Standing standing) {}

    private List<Told> told(List<OpenRequest> requests, Snapshot snapshot, List<BestTierView> bestTiers) {
        return requests.stream()
                .map(request -> new Told(
                        open.request(request),
                        new Standing(request.turn(), spent(request, snapshot), bestTiers.get(request.route()))))
                .toList();
    }

    /** Attempts a request has spent at the end of this epoch; never more than its budget. */
    private static int spent(OpenRequest request, Snapshot snapshot) {
        RouteShape shape = snapshot.routes().get(request.route());
        return (int) Math.min(shape.budget(), request.spentBy(snapshot.number(), shape));
    }

    private PlannedRequest planned(Allocation.Pinned pinned, Snapshot snapshot) {
        PendingRequest request = open.request(pinned.request());
        return new PlannedRequest(request.id, request.intent, pinned.plan(), pinned.tier(), snapshot.closedMillis());
    }

    private void failAll(Throwable bug) {
        for (PendingRequest request : open.clear()) {
            places.giveBack(request.intent.tenant());
            request.fail(bug);
        }
    }

    private RouteShape shape(Route route) {
        return shapes.computeIfAbsent(route.id(), id -> RouteShape.of(route));
    }
}
