package openledger.lab.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import openledger.commitment.SnapshotSeed;
import openledger.fairness.Attribution.BestTierView;
import openledger.fairness.LaterTurns;
import openledger.lab.experiment.SurplusRule;
import openledger.lab.world.CongestionWorld;
import openledger.lab.world.Market;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.SlotLine;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * Arrivals in confirmed mode, gate {@code response}: a snapshot at the end of each epoch, the product's allocator, and plans that
 * are followed on the product's grid, its retries in line for their next slot as the product's are. The router
 * keeps three hundredths of what a provider has for us free, and a call that has its
 * slot is refused as a call without load is, as in the experiments this is held against.
 */
public final class ConfirmedRun implements OpenSet.View<ConfirmedRun.Waiting> {
    private static final LaneId LANE = new LaneId(1);
    private static final long EPOCH_MILLIS = Market.GRID.epoch().toMillis();
    private static final int ALWAYS_ROOM = 10_000;
    private static final double NANOS_A_MILLI = 1e6;

    private final CongestionWorld world;
    private final SurplusRule rule;
    private final LaneWitness witness;
    private final RouteShape route;
    private final TaskQueue agenda = new TaskQueue();
    private final MarketSlots slots;
    private final OpenSet<Waiting> open = new OpenSet<>(Market.GRID.epoch());
    private final LaterTurns later = new LaterTurns();
    private final List<RequestResult> fates = new ArrayList<>();
    private long snapshots;
    private long slotsShown;
    private long slotsUnused;

    private ConfirmedRun(Market market, CongestionWorld world, SurplusRule rule, LaneWitness witness) {
        this.world = world;
        this.rule = rule;
        this.witness = witness;
        this.route = RouteShape.of(market.route());
        this.slots = new MarketSlots(market, world, agenda);
    }

    /** A request that is in the run. */
    static final class Waiting {
        final Arrival arrival;
        final RandomDraws luck;
        final RequestKey key;
        long arrived;
        double epochEnd;
        long turn = OpenRequest.NO_TURN;
        /** Of later turns, served before it had its own. */
        int before;

        Waiting(Arrival arrival, RandomDraws luck, RequestKey key) {
            this.arrival = arrival;
            this.luck = luck;
            this.key = key;
        }
    }

    /** What becomes of them under a rule. */
    public static RunOutcome of(List<Arrival> arrivals, Market market, CongestionWorld world, SurplusRule rule) {
        return of(arrivals, market, world, rule, LaneWitness.NOBODY);
    }

    /** The same, before a witness. */
    public static RunOutcome of(
            List<Arrival> arrivals, Market market, CongestionWorld world, SurplusRule rule, LaneWitness witness) {
        ConfirmedRun run = new ConfirmedRun(market, world, rule, witness);
        for (Arrival arrival : arrivals) {
            Waiting request = new Waiting(arrival, new RandomDraws(arrival, market), witness.key(arrival));
            run.agenda.at(arrival.millis(), () -> run.arrive(request));
        }
        run.agenda.run();
        return new RunOutcome(run.fates, run.slotsShown == 0 ? 0 : (double) run.slotsUnused / run.slotsShown);
    }

    private void arrive(Waiting request) {
        if (open.isEmpty()) {
            agenda.at((Math.floor(agenda.now() / EPOCH_MILLIS) + 1) * EPOCH_MILLIS, this::endEpoch);
        }
        open.enter(request.key, 0, request);
    }

    private void endEpoch() {
        snapshots++;
        Hash32 seed = SnapshotSeed.of(LANE, snapshots, Hash32.ZERO);
        OpenSet.Frozen<Waiting> frozen = open.freeze(new OpenSet.Stamp(snapshots, (long) agenda.now(), seed, 1), this);
        for (Waiting request : frozen.newcomers()) {
            request.arrived = snapshots;
            request.epochEnd = agenda.now();
        }
        SurplusRule.Shown shown = rule.show(frozen.snapshot());
        Allocation given = Allocator.allocate(shown.snapshot(), SnapshotSeed.LOTS);
        witness.allocated(shown.snapshot(), given, agenda.now());
        Allocation allocation = shown.withheldFrom(given);
        count(allocation, shown.snapshot());
        allocation.held().forEach(held -> inTurn(open.request(held), held.turn()));
        allocation.pinned().forEach(this::pin);
        open.settle(shown.snapshot(), allocation);
        if (!open.isEmpty()) {
            agenda.at(agenda.now() + EPOCH_MILLIS, this::endEpoch);
        }
    }

    private void count(Allocation allocation, Snapshot shown) {
        int given = (int) allocation.pinned().stream()
                .filter(pinned -> pinned.tier() == 0)
                .count();
        int free = 0;
        for (int i = 0; i < Market.PROVIDERS; i++) {
            free += shown.targets().get(i).free();
        }
        slotsShown += free;
        slotsUnused += Math.min(free - given, allocation.held().size());
    }

    @Override
    public RouteShape route(Waiting request) {
        return route;
    }

    @Override
    public TenantTag tenant(Waiting request) {
        return witness.tag(request.arrival.tenant());
    }

    @Override
    public TargetView show(TargetId target, int wanted) {
        int free = target.value() == Market.PROVIDERS ? ALWAYS_ROOM : slots.free(target.value());
        return TargetView.of(target, free, wanted, true);
    }

    private void inTurn(Waiting request, long turn) {
        if (request.turn == OpenRequest.NO_TURN) {
            request.before = later.servedAfter(turn);
        }
        request.turn = turn;
    }

    private void pin(Pinned pinned) {
        Waiting request = open.request(pinned.request());
        inTurn(request, pinned.request().turn());
        if (pinned.tier() == 0) {
            slots.take(pinned.plan().first());
        }
        call(request, pinned.plan(), pinned.plan().spent() + 1, agenda.now());
    }

    /** Makes the attempt of that number; the slot of its target is taken already. */
    private void call(Waiting request, Plan plan, int attempt, double pinned) {
        int target = plan.target(attempt);
        if (target == Market.PROVIDERS) {
            witness.served(request.arrival, plan, attempt, agenda.now());
            double ends = agenda.now() + RandomDraws.lowerService(request.arrival.luck(), Market.LOWER_SERVICE);
            decided(request, pinned, 1, ends, attempt);
        } else if (request.luck.refusal(attempt) < world.refusal(0)) {
            slots.giveBack(target);
            next(request, plan, attempt + 1, pinned);
        } else {
            double ends = agenda.now() + request.luck.service();
            witness.served(request.arrival, plan, attempt, ends);
            later.served(request.turn);
            decided(request, pinned, 0, ends, attempt);
            agenda.at(ends, () -> slots.giveBack(target));
        }
    }

    private void next(Waiting request, Plan plan, int attempt, double pinned) {
        double failed = agenda.now() + Market.ROUND_TRIP_MILLIS;
        Duration since = Duration.ofNanos((long) ((failed - request.epochEnd) * NANOS_A_MILLI));
        double point = failed + Market.GRID.untilNextPoint(since).toNanos() / NANOS_A_MILLI;
        int target = plan.target(attempt);
        if (target == Market.PROVIDERS) {
            agenda.at(point, () -> call(request, plan, attempt, pinned));
        } else {
            agenda.at(failed, () -> lineUp(request, plan, attempt, pinned, point));
        }
    }

    private void lineUp(Waiting request, Plan plan, int attempt, double pinned, double point) {
        SlotLine.Place place = slots.join(plan.target(attempt), request.turn);
        agenda.at(point, () -> {
            if (place.take()) {
                call(request, plan, attempt, pinned);
            } else {
                next(request, plan, attempt + 1, pinned);
            }
        });
    }

    private void decided(Waiting request, double pinned, int tier, double ends, int attempts) {
        boolean hasRoom = IntStream.range(0, Market.PROVIDERS).anyMatch(provider -> slots.free(provider) > 0);
        fates.add(new RequestResult(
                request.arrival,
                request.arrived,
                request.turn,
                pinned,
                agenda.now(),
                tier,
                ends,
                attempts,
                later.servedAfter(request.turn) - request.before,
                hasRoom ? BestTierView.SHOWED_ROOM : BestTierView.SHOWED_NONE));
    }
}
