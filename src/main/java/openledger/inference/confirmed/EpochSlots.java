package openledger.inference.confirmed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import openledger.routing.Tier;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.choice.TargetLoad;
import openledger.unit.RouteId;
import openledger.unit.TargetId;

/**
 * The targets and routes of the open requests as an epoch ends, and the slots that could be claimed for them: what the snapshot
 * shows as free is ours already, so that nothing can take it between the view and the grant. Each claimed slot is either taken
 * or given back. Confined to the event loop of {@link EpochScheduler}.
 */
final class EpochSlots {
    private static final int U16 = 0xffff;

    private final ProviderGateway gateway;
    private final List<TargetView> targets = new ArrayList<>();
    private final List<RouteShape> shapes = new ArrayList<>();
    private final Map<RouteId, Integer> indexes = new HashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final Map<TargetId, Deque<ClaimedSlot>> claimed = new HashMap<>();

    /** Nothing is claimed yet. */
    EpochSlots(ProviderGateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Claims what the open requests could use.
     *
     * @param number of the snapshot to come
     */
    void claim(long number, Collection<PendingRequest> open, Function<Route, RouteShape> shapeOf) {
        Map<TargetId, Integer> wanted = wanted(number, open, shapeOf);
        Map<TargetId, Target> known = new LinkedHashMap<>();
        for (Route route : routes) {
            for (Tier tier : route.tiers()) {
                tier.targets().forEach(target -> known.putIfAbsent(target.id(), target));
            }
        }
        for (Target target : known.values()) {
            TargetLoad load = gateway.load(target);
            int most = wanted.getOrDefault(target.id(), 0);
            targets.add(most == 0 ? asRead(target, load) : claim(target, Math.min(most, U16), load));
        }
    }

    /** How many slots of each target there is somebody for: those in its best tier, and those who have come down to it. */
    private Map<TargetId, Integer> wanted(
            long number, Collection<PendingRequest> open, Function<Route, RouteShape> shapeOf) {
        List<int[]> inTier = new ArrayList<>();
        for (PendingRequest request : open) {
            Integer known = indexes.get(request.route.id());
            int route = known == null ? add(request.route, shapeOf, inTier) : known;
            RouteShape shape = shapes.get(route);
            int[] counts = inTier.get(route);
            counts[0]++;
            long spent = shape.spentBy(number, request.spentBefore, request.arrival);
            int tier = spent < shape.budget() ? shape.tierAfter((int) spent) : 0;
            if (tier > 0) {
                counts[tier]++;
            }
        }
        Map<TargetId, Integer> wanted = new HashMap<>();
        for (int route = 0; route < inTier.size(); route++) {
            for (int tier = 0; tier < inTier.get(route).length; tier++) {
                int count = inTier.get(route)[tier];
                shapes.get(route).tiers().get(tier).targets().forEach(id -> wanted.merge(id, count, Integer::sum));
            }
        }
        return wanted;
    }

    private int add(Route route, Function<Route, RouteShape> shapeOf, List<int[]> inTier) {
        int index = shapes.size();
        indexes.put(route.id(), index);
        routes.add(route);
        shapes.add(shapeOf.apply(route));
        inTier.add(new int[route.tiers().size()]);
        return index;
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

    List<TargetView> targets() {
        return targets;
    }

    List<RouteShape> shapes() {
        return shapes;
    }

    /** A request's route among {@link #shapes}. */
    int indexOf(Route route) {
        return Objects.requireNonNull(indexes.get(route.id()));
    }

    /** Attempts a request has spent at the end of this epoch; never more than its budget. */
    int spent(OpenRequest request, long number) {
        RouteShape shape = shapes.get(request.route());
        return (int) Math.min(shape.budget(), request.spentBy(number, shape));
    }

    /** A slot of the target that the allocator has given away. */
    ClaimedSlot take(int target) {
        return slotsOf(new TargetId(target)).remove();
    }

    private Deque<ClaimedSlot> slotsOf(TargetId target) {
        return Objects.requireNonNull(claimed.get(target));
    }

    /** What is left of the best tier of each route, in their order; to be asked once all slots are taken. */
    List<BestTierView> bestTiers() {
        return shapes.stream()
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
