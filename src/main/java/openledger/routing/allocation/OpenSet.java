package openledger.routing.allocation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * The requests of a lane that wait for their plans, and the end of an epoch as decisions without effects. The service, the lab and what-if
 * drive it: they decide when an epoch ends, provide their slots, and carry out the allocator's result.
 *
 * <pre>
 *   enter ──▶ open ── freeze ──▶ Snapshot ── Allocator ──▶ Allocation ── settle ──▶ pinned, exhausted: not open any more
 *             ▲                                                                 ──▶ held: in turn
 *             └────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>All rules are in numbers of snapshots. No clock, no chance and no load of its own: they come with the {@link Stamp} and the
 * {@link View}. Confined to one thread.
 *
 * @param <R> what the driver knows of a request
 */
public final class OpenSet<R> {
    private final Map<Long, Member<R>> open = new LinkedHashMap<>();
    private final TenantDeficits deficits;

    /** Nobody waits, and nobody was granted anything yet; epochs are that long. */
    public OpenSet(Duration epoch) {
        this.deficits = TenantDeficits.over(epoch);
    }

    /**
     * What a snapshot says of its own moment.
     *
     * @param number of the snapshot, one more than the last
     * @param millis when the epoch ended, Unix ms
     * @param seed what draws its lots
     * @param seedBlock number of the block whose hash is in the seed
     */
    public record Stamp(long number, long millis, Hash32 seed, long seedBlock) {}

    /** The world as an epoch ends: live in the service, modelled in the lab. */
    public interface View<R> {
        /** The request's route; equal for all requests of a route. */
        RouteShape route(R request);

        /** What stands for the request's tenant in public. */
        TenantTag tenant(R request);

        /**
         * A target as the snapshot is to show it; asked once for each. What is shown as free must be there to be granted.
         *
         * @param wanted slots of it that open requests could use now: no more are to be shown, unless nobody can use one
         */
        TargetView show(TargetId target, int wanted);
    }

    /**
     * The view that an epoch ends with.
     *
     * @param newcomers those who have arrived in it: their retry grids begin now
     */
    public record Frozen<R>(Snapshot snapshot, List<R> newcomers) {
        public Frozen {
            newcomers = List.copyOf(newcomers);
        }
    }

    private static final class Member<R> {
        final R request;
        final RequestKey key;
        final int spentBefore;
        /** Number of the snapshot that ended its epoch of arrival, 0 before. */
        long arrival;

        long turn = OpenRequest.NO_TURN;

        Member(R request, RequestKey key, int spentBefore) {
            this.request = request;
            this.key = key;
            this.spentBefore = spentBefore;
        }
    }

    /**
     * A request waits for its plan from now on.
     *
     * @param key what it is called in public; its number is not one that is open
     * @param spentBefore attempts it had spent before
     */
    public void enter(RequestKey key, int spentBefore, R request) {
        open.put(key.counter(), new Member<>(request, key, spentBefore));
    }

    /** A request waits no more; false if that very one did not. */
    @SuppressWarnings("ReferenceEquality") // the very request, not one that came back in its place
    public boolean leave(long counter, R request) {
        Member<R> member = open.get(counter);
        boolean isOpen = member != null && member.request == request;
        if (isOpen) {
            open.remove(counter);
        }
        return isOpen;
    }

    /** Nobody waits any more; returns those who did. */
    public List<R> clear() {
        List<R> left = open.values().stream().map(member -> member.request).toList();
        open.clear();
        return left;
    }

    public boolean isEmpty() {
        return open.isEmpty();
    }

    /** The request that a snapshot of this set shows like this; it must be open. */
    public R request(OpenRequest shown) {
        return member(shown).request;
    }

    private Member<R> member(OpenRequest shown) {
        return Objects.requireNonNull(open.get(shown.counter()), "not open");
    }

    /** An epoch ends: the view is frozen. */
    public Frozen<R> freeze(Stamp stamp, View<R> view) {
        List<R> newcomers = new ArrayList<>();
        List<OpenRequest> requests = new ArrayList<>(open.size());
        Index<TenantTag, TenantView> tenants = new Index<>();
        Index<RouteId, Demand> routes = new Index<>();
        open.forEach((number, member) -> {
            if (member.arrival == 0) {
                member.arrival = stamp.number;
                newcomers.add(member.request);
            }
            RouteShape shape = view.route(member.request);
            int route = routes.of(shape.id(), () -> new Demand(shape));
            TenantTag tag = view.tenant(member.request);
            int tenant = tenants.of(tag, () -> new TenantView(tag, deficits.of(tag)));
            OpenRequest request =
                    new OpenRequest(member.key, tenant, route, member.arrival, member.spentBefore, member.turn);
            routes.values.get(route).add(request.spentBy(stamp.number, shape));
            requests.add(request);
        });
        List<TargetView> targets = new ArrayList<>();
        wanted(routes.values).forEach((target, wanted) -> targets.add(view.show(target, wanted)));
        List<RouteShape> shapes =
                routes.values.stream().map(demand -> demand.route).toList();
        Snapshot snapshot = new Snapshot(
                stamp.number, stamp.millis, stamp.seed, stamp.seedBlock, targets, shapes, tenants.values, requests);
        return new Frozen<>(snapshot, newcomers);
    }

    /** Values in the order in which their keys were first seen. */
    private static final class Index<K, V> {
        private final Map<K, Integer> places = new HashMap<>();
        final List<V> values = new ArrayList<>();

        int of(K key, Supplier<V> value) {
            return places.computeIfAbsent(key, unseen -> {
                values.add(value.get());
                return values.size() - 1;
            });
        }
    }

    /** How many of a route's requests could use a slot of each tier: its best one, and the one they have come down to. */
    private static final class Demand {
        final RouteShape route;
        private final int[] ofTier;

        Demand(RouteShape route) {
            this.route = route;
            this.ofTier = new int[route.tiers().size()];
        }

        void add(long spent) {
            ofTier[0]++;
            int tier = spent < route.budget() ? route.tierAfter((int) spent) : 0;
            if (tier > 0) {
                ofTier[tier]++;
            }
        }
    }

    private static Map<TargetId, Integer> wanted(List<Demand> routes) {
        Map<TargetId, Integer> wanted = new LinkedHashMap<>();
        for (Demand demand : routes) {
            List<TierShape> tiers = demand.route.tiers();
            for (int tier = 0; tier < tiers.size(); tier++) {
                int count = demand.ofTier[tier];
                tiers.get(tier).targets().forEach(target -> wanted.merge(target, count, Integer::sum));
            }
        }
        return wanted;
    }

    /**
     * What the allocator has made of the set takes effect.
     *
     * @param snapshot that it was shown
     */
    public void settle(Snapshot snapshot, Allocation allocation) {
        for (Pinned pinned : allocation.pinned()) {
            open.remove(pinned.request().counter());
            if (pinned.tier() == 0) {
                deficits.charge(
                        snapshot.tenants().get(pinned.request().tenant()).tag());
            }
        }
        allocation.exhausted().forEach(request -> open.remove(request.counter()));
        allocation.held().forEach(held -> member(held).turn = held.turn());
        deficits.epochPassed();
    }
}
