package openledger.lab.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.evm.Keccak256;
import openledger.lab.replay.ModelWorld.Result;
import openledger.lab.stake.LabLane;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.RetryGrid;
import openledger.routing.RouteShape;
import openledger.routing.Target;
import openledger.routing.Trigger;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.SlotLine;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * A log replayed in confirmed mode: snapshots, allocator, deficits, retry grid and the line for a retry's slot are the product's.
 * Confined to one thread.
 */
final class ConfirmedReplay implements OpenSet.View<ConfirmedReplay.Waiting> {
    private static final double NANOS_A_MILLI = 1e6;

    private final ModelWorld world;
    private final RetryGrid grid;
    private final RouteShape route;
    private final List<Target> targets;
    private final List<SlotLine> lines;
    private final Gate gate;
    private final double[] delays;
    private final long seed;
    private final OpenSet<Waiting> open;
    private final Replayed[] ends;
    private long snapshots;

    private ConfirmedReplay(ModelWorld world, Gate gate, double[] delays, int requests, long seed) {
        this.world = world;
        this.gate = gate;
        this.delays = delays;
        this.seed = seed;
        this.grid = world.route().modes().grid();
        this.targets = world.targets();
        this.lines = IntStream.range(0, targets.size())
                .mapToObj(place -> new SlotLine(() -> takeSlot(place), () -> world.release(place)))
                .toList();
        RouteShape named = RouteShape.of(world.route());
        this.route = new RouteShape(
                named.id(),
                named.gridEpochs(),
                world.route().tiers().stream()
                        .map(tier -> new RouteShape.TierShape(
                                tier.attempts(),
                                tier.targets().stream()
                                        .map(target -> new TargetId(world.place(target)))
                                        .toList()))
                        .toList());
        this.open = new OpenSet<>(grid.epoch());
        this.ends = new Replayed[requests];
    }

    /** A request of the log. */
    static final class Waiting {
        final LoggedRequest request;
        final int place;
        final RequestKey key;
        double epochEnd;
        double confirmed;

        Waiting(LoggedRequest request, int place) {
            this.request = request;
            this.place = place;
            this.key = RequestKey.of(Keccak256.digest(request.id().getBytes(StandardCharsets.UTF_8)), place + 1L);
        }
    }

    /**
     * What would become of each, in their order.
     *
     * @param gate of all of them
     * @param delays from a plan to its confirmation, ms: one of them each
     */
    static List<Replayed> of(List<LoggedRequest> log, ModelWorld world, Gate gate, double[] delays, long seed) {
        ConfirmedReplay replay = new ConfirmedReplay(world, gate, delays, log.size(), seed);
        for (int i = 0; i < log.size(); i++) {
            Waiting waiting = new Waiting(log.get(i), i);
            world.agenda.at(waiting.request.millis(), () -> replay.arrive(waiting));
        }
        world.agenda.run();
        return List.of(replay.ends);
    }

    private void arrive(Waiting request) {
        double epoch = grid.epoch().toMillis();
        if (open.isEmpty()) {
            world.agenda.at((Math.floor(world.agenda.now() / epoch) + 1) * epoch, this::endEpoch);
        }
        open.enter(request.key, 0, request);
    }

    private void endEpoch() {
        snapshots++;
        Hash32 seed = SnapshotSeed.of(LabLane.LANE, snapshots, Hash32.ZERO);
        OpenSet.Frozen<Waiting> frozen =
                open.freeze(new OpenSet.Stamp(snapshots, (long) world.agenda.now(), seed, 1), this);
        frozen.newcomers().forEach(request -> request.epochEnd = world.agenda.now());
        Allocation allocation = Allocator.allocate(frozen.snapshot(), SnapshotSeed.LOTS);
        for (OpenRequest exhausted : allocation.exhausted()) {
            end(open.request(exhausted), LoggedRequest.NO_TIER, world.agenda.now());
        }
        allocation.pinned().forEach(this::pin);
        open.settle(frozen.snapshot(), allocation);
        if (!open.isEmpty()) {
            world.agenda.at(world.agenda.now() + grid.epoch().toMillis(), this::endEpoch);
        }
    }

    @Override
    public RouteShape route(Waiting request) {
        return route;
    }

    @Override
    public TenantTag tenant(Waiting request) {
        return TenantTag.of(ByteBuffer.allocate(TenantTag.BYTES)
                .putInt(request.request.cohort())
                .array());
    }

    @Override
    public TargetView show(TargetId target, int wanted) {
        return TargetView.of(target, free(target.value()), wanted, true);
    }

    private boolean takeSlot(int place) {
        boolean isFree = world.free(place) > 0;
        if (isFree) {
            world.reserve(place);
        }
        return isFree;
    }

    /** Slots that nobody is in line for. */
    private int free(int place) {
        return lines.get(place).serve() ? world.free(place) : 0;
    }

    private void pin(Pinned pinned) {
        Waiting request = open.request(pinned.request());
        SplittableRandom luck = new SplittableRandom(seed + request.place);
        request.confirmed = world.agenda.now() + delays[luck.nextInt(delays.length)];
        Plan plan = pinned.plan();
        world.reserve(plan.first());
        double begins = gate == Gate.DISPATCH ? request.confirmed : world.agenda.now();
        world.agenda.at(begins, () -> callReserved(request, plan, plan.spent() + 1));
    }

    private void callReserved(Waiting request, Plan plan, int attempt) {
        world.release(plan.target(attempt));
        Result result = world.call(request.request, attempt, plan.target(attempt));
        double then = world.agenda.now() + result.firstMillis();
        if (result.trigger() == Trigger.NONE) {
            end(request, route.tierAfter(attempt - 1), Math.max(then, request.confirmed));
        } else {
            world.agenda.at(then, () -> next(request, plan, attempt + 1));
        }
    }

    /** Waits for the next point of the grid, in line for the slot of the plan's next place. */
    private void next(Waiting request, Plan plan, int attempt) {
        if (attempt > plan.places().size()) {
            end(request, LoggedRequest.NO_TIER, world.agenda.now());
            return;
        }
        Duration since = Duration.ofNanos((long) ((world.agenda.now() - request.epochEnd) * NANOS_A_MILLI));
        double point = world.agenda.now() + grid.untilNextPoint(since).toNanos() / NANOS_A_MILLI;
        SlotLine.Place place = lines.get(plan.target(attempt)).join(plan.turn());
        world.agenda.at(point, () -> {
            if (place.take()) {
                callReserved(request, plan, attempt);
            } else {
                next(request, plan, attempt + 1);
            }
        });
    }

    private void end(Waiting request, int tier, double millis) {
        ends[request.place] = new Replayed(tier, millis - request.request.millis());
    }
}
