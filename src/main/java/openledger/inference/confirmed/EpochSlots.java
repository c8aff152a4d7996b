package openledger.inference.confirmed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import openledger.fairness.Attribution.BestTierView;
import openledger.inference.upstream.ClaimedSlot;
import openledger.inference.upstream.ProviderGateway;
import openledger.routing.Route;
import openledger.routing.RouteShape;
import openledger.routing.Target;
import openledger.routing.allocation.OpenSet;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.choice.TargetLoad;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * The view at the end of an epoch, and the slots that could be claimed for the open requests: slots that the snapshot shows as free are
 * claimed already, so that nothing can take them between the view and the grant. Each claimed slot is either taken or given back. Confined
 * to the event loop of {@link EpochScheduler}.
 */
final class EpochSlots implements OpenSet.View<PendingRequest> {
    private static final int U16 = 0xffff;

    private final ProviderGateway gateway;
    private final Function<Route, RouteShape> shapeOf;
    private final Function<PendingRequest, TenantTag> tagOf;
    private final Map<RouteId, RouteShape> routes = new HashMap<>();
    private final Map<TargetId, Target> targets = new HashMap<>();
    private final Map<TargetId, Deque<ClaimedSlot>> claimed = new HashMap<>();

    /** Nothing is claimed yet. */
    EpochSlots(
            ProviderGateway gateway, Function<Route, RouteShape> shapeOf, Function<PendingRequest, TenantTag> tagOf) {
        this.gateway = gateway;
        this.shapeOf = shapeOf;
        this.tagOf = tagOf;
    }

    @Override
    public RouteShape route(PendingRequest request) {
        return routes.computeIfAbsent(request.route.id(), unseen -> add(request.route));
    }

    private RouteShape add(Route route) {
        route.tiers().forEach(tier -> tier.targets().forEach(target -> targets.putIfAbsent(target.id(), target)));
        return shapeOf.apply(route);
    }

    @Override
    public TenantTag tenant(PendingRequest request) {
        return tagOf.apply(request);
    }

    @Override
    public TargetView show(TargetId id, int wanted) {
        Target target = Objects.requireNonNull(targets.get(id));
        TargetLoad load = gateway.load(target);
        return wanted == 0 ? asRead(target, load) : claim(target, Math.min(wanted, U16), load);
    }

    /** Nobody can use it now, so it is shown and left alone. */
    private static TargetView asRead(Target target, TargetLoad load) {
        boolean open = load.isOpen();
        int free = open ? Math.clamp(load.limit() - load.inFlight(), 0, U16) : 0;
        return new TargetView(target.id(), free, open);
    }

    private TargetView claim(Target target, int most, TargetLoad load) {
        List<ClaimedSlot> slots = gateway.claim(target, most);
        claimed.put(target.id(), new ArrayDeque<>(slots));
        return new TargetView(target.id(), slots.size(), !slots.isEmpty() || load.isOpen());
    }

    /** A slot of the target that the allocator has given away. */
    ClaimedSlot take(int target) {
        return slotsOf(new TargetId(target)).remove();
    }

    private Deque<ClaimedSlot> slotsOf(TargetId target) {
        return Objects.requireNonNull(claimed.get(target));
    }

    /** What is left of the best tier of each of the snapshot's routes; to be asked once all slots are taken. */
    List<BestTierView> bestTiers(Snapshot snapshot) {
        return snapshot.routes().stream()
                .map(shape -> shape.tiers().getFirst().targets().stream()
                                .allMatch(id -> slotsOf(id).isEmpty())
                        ? BestTierView.SHOWED_NONE
                        : BestTierView.SHOWED_ROOM)
                .toList();
    }

    /** Gives back what was not taken. */
    void giveBackTheRest() {
        for (Deque<ClaimedSlot> slots : claimed.values()) {
            slots.forEach(ClaimedSlot::release);
            slots.clear();
        }
    }
}
