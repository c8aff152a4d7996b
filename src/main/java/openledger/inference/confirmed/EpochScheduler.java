package openledger.inference.confirmed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.leaf.RequestCommitment;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.EventLoops;
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
import openledger.routing.allocation.Snapshot;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of a lane, which pass only while a confirmed request waits for its plan. At the end of each, slots are claimed, the
 * view is frozen into a snapshot, the allocator gives the slots away, snapshot and plans are recorded, and each request is told.
 * All rules are in numbers of snapshots: a timer that is late makes an epoch longer and changes nothing else.
 *
 * <p>One for the router. {@link #places}, {@link #enter} and {@link #leave} may be called from any event loop; the work is done
 * on that of the first request.
 */
public final class EpochScheduler {
    private static final Logger LOG = Logger.getLogger(EpochScheduler.class);

    private final ConfirmedPorts lane;
    private final ProviderGateway gateway;
    private final Timekeeper time;
    private final EventLoops loops;
    private final FairPermits places;
    private final AtomicReference<@Nullable Loop> loop = new AtomicReference<>();

    private final Map<Long, PendingRequest> open = new LinkedHashMap<>();
    private final Map<RouteId, RouteShape> shapes = new HashMap<>();
    private final Snapshots snapshots;
    private final List<Runnable> afterNews = new ArrayList<>();
    private boolean telling;
    private Timekeeper.@Nullable Timer timer;

    public EpochScheduler(ServicePorts ports, ConfirmedPorts lane) {
        this.lane = lane;
        this.gateway = ports.gateway();
        this.time = ports.time();
        this.loops = ports.loops();
        this.snapshots = new Snapshots(lane);
        this.places = new FairPermits(lane.settings().mostHeld());
    }

    /** The places of those who wait: one is to be taken before {@link #enter}, which gives it back when the wait is over. */
    public FairPermits places() {
        return places;
    }

    /** What stands for a request in snapshots and leaves. */
    Hash32 commitment(RequestId id, Intent intent) {
        return RequestCommitment.of(id, intent.bodyDigest(), lane.secret().salt(id));
    }

    /** A request waits for its plan from now on. */
    void enter(PendingRequest request) {
        loop().run(() -> {
            open.put(request.id.counter(), request);
            arm();
        });
    }

    /** A request waits no more, if it still did; it is told once nothing more can come. */
    void leave(PendingRequest request) {
        loop().run(() -> {
            if (telling) {
                afterNews.add(() -> depart(request));
            } else {
                depart(request);
            }
        });
    }

    private void depart(PendingRequest request) {
        if (open.remove(request.id.counter(), request)) {
            places.giveBack(request.intent.tenant());
        }
        request.depart();
    }

    private Loop loop() {
        Loop known = loop.get();
        if (known == null) {
            loop.compareAndSet(null, loops.here());
            known = Objects.requireNonNull(loop.get());
        }
        return known;
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
        tell(freezeAndAllocate());
        arm();
    }

    /** Who is told may leave at once, and is told of that after all that was known before. */
    private void tell(List<Runnable> news) {
        telling = true;
        for (Runnable each : news) {
            try {
                each.run();
            } catch (RuntimeException bug) {
                // Of one request; the others are told all the same.
                LOG.error("a request was not told of its plan", bug);
            }
        }
        telling = false;
        List<Runnable> departures = List.copyOf(afterNews);
        afterNews.clear();
        departures.forEach(Runnable::run);
    }

    /** What there is to tell once everything is in its place: who is told may come straight back. */
    private List<Runnable> freezeAndAllocate() {
        long number = lane.plans().lastSnapshot() + 1;
        long nanos = time.nanoTime();
        for (PendingRequest request : open.values()) {
            if (request.arrival == 0) {
                request.arrival = number;
                request.arrivalNanos = nanos;
            }
        }
        List<ClaimedSlot> granted = new ArrayList<>();
        EpochSlots view = new EpochSlots(gateway);
        try {
            view.claim(number, open.values(), this::shape);
            Snapshot snapshot = snapshots.take(number, time.epochMillis(), open.values(), view);
            Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
            allocation
                    .pinned()
                    .forEach(pinned -> granted.add(view.take(pinned.plan().first())));
            return record(snapshot, allocation, granted, view);
        } catch (RuntimeException bug) {
            granted.forEach(ClaimedSlot::release);
            return failAll(bug);
        } finally {
            view.giveBackTheRest();
        }
    }

    /** All that could fail comes before the append: what is recorded is also told. */
    private List<Runnable> record(
            Snapshot snapshot, Allocation allocation, List<ClaimedSlot> granted, EpochSlots view) {
        long nanos = time.nanoTime();
        List<PlannedRequest> plans = allocation.pinned().stream()
                .map(pinned -> planned(pinned, snapshot))
                .toList();
        List<OpenRequest> pinned =
                allocation.pinned().stream().map(Allocation.Pinned::request).toList();
        List<Told> toPin = told(pinned, snapshot, view);
        List<Told> toExhaust = told(allocation.exhausted(), snapshot, view);
        List<Told> toHold = told(allocation.held(), snapshot, view);
        long position = lane.plans().append(snapshot, plans);
        List<Runnable> news = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            Told to = toPin.get(i);
            Pin pin = new Pin(plans.get(i), granted.get(i), position, nanos, to.request.arrivalNanos);
            news.add(() -> to.request.pin(to.standing, pin));
        }
        toExhaust.forEach(to -> news.add(() -> to.request.exhaust(to.standing)));
        for (Told to : toHold) {
            to.request.turn = to.standing.turn();
            news.add(() -> to.request.heldOn(to.standing));
        }
        snapshots.granted(snapshot, allocation);
        pinned.forEach(this::remove);
        allocation.exhausted().forEach(this::remove);
        return news;
    }

    /** Who is told how it stands. */
    private record Told(PendingRequest request, Standing standing) {}

    private List<Told> told(List<OpenRequest> requests, Snapshot snapshot, EpochSlots view) {
        List<BestTierView> bestTiers = view.bestTiers();
        return requests.stream()
                .map(request -> new Told(
                        known(request),
                        new Standing(
                                request.turn(),
                                view.spent(request, snapshot.number()),
                                bestTiers.get(request.route()))))
                .toList();
    }

    private PlannedRequest planned(Allocation.Pinned pinned, Snapshot snapshot) {
        PendingRequest request = known(pinned.request());
        return new PlannedRequest(request.id, request.intent, pinned.plan(), pinned.tier(), snapshot.closedMillis());
    }

    private PendingRequest known(OpenRequest request) {
        return Objects.requireNonNull(open.get(request.counter()));
    }

    private void remove(OpenRequest request) {
        PendingRequest left = Objects.requireNonNull(open.remove(request.counter()));
        places.giveBack(left.intent.tenant());
    }

    private List<Runnable> failAll(Throwable bug) {
        List<Runnable> news = new ArrayList<>();
        for (PendingRequest request : open.values()) {
            places.giveBack(request.intent.tenant());
            news.add(() -> request.fail(bug));
        }
        open.clear();
        return news;
    }

    private RouteShape shape(Route route) {
        return shapes.computeIfAbsent(route.id(), id -> RouteShape.of(route));
    }
}
