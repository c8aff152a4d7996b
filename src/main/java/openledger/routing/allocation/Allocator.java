package openledger.routing.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.routing.Plan;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.unit.Hash32;
import openledger.unit.TargetId;

/**
 * Gives the free slots of a snapshot to the requests that wait, in the public order: turn, then the tenant's deficit, then the
 * lot. Pure: the same snapshot gives the same plans, so anybody can check them.
 *
 * <p>A request takes the target of its tier with the most free slots; between equals, and for the places after the first, the
 * order is by rendezvous hash (Thaler and Ravishankar, 1998) of lot and target. A request without a slot is held; each point of
 * the grid passed meanwhile spends one attempt, and where those of a tier end it descends.
 */
public final class Allocator {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final Comparator<Candidate> PUBLIC_ORDER = Comparator.<Candidate>comparingLong(
                    candidate -> candidate.request.turn())
            .thenComparingLong(candidate -> candidate.deficit)
            .thenComparing(candidate -> candidate.lot)
            .thenComparingLong(candidate -> candidate.request.counter());

    private final Snapshot snapshot;
    private final Lots lots;
    private final int[] free;
    private final boolean[] healthy;
    private final int[][][] targets;

    private Allocator(Snapshot snapshot, Lots lots) {
        this.snapshot = snapshot;
        this.lots = lots;
        int count = snapshot.targets().size();
        this.free = new int[count];
        this.healthy = new boolean[count];
        Map<TargetId, Integer> index = new HashMap<>();
        for (int i = 0; i < count; i++) {
            TargetView view = snapshot.targets().get(i);
            free[i] = view.free();
            healthy[i] = view.healthy();
            index.put(view.id(), i);
        }
        this.targets = snapshot.routes().stream()
                .map(route -> route.tiers().stream()
                        .map(tier ->
                                tier.targets().stream().mapToInt(index::get).toArray())
                        .toArray(int[][]::new))
                .toArray(int[][][]::new);
    }

    /** Allocates the free slots of a snapshot. */
    public static Allocation allocate(Snapshot snapshot, Lots lots) {
        return new Allocator(snapshot, lots).allocate();
    }

    private record Candidate(OpenRequest request, Hash32 lot, long deficit) {}

    private Allocation allocate() {
        List<Candidate> order = publicOrder();
        List<Pinned> pinned = new ArrayList<>();
        List<OpenRequest> held = new ArrayList<>();
        List<OpenRequest> exhausted = new ArrayList<>();
        for (int rank = 0; rank < order.size(); rank++) {
            Candidate candidate = order.get(rank);
            OpenRequest request = candidate.request;
            RouteShape route = snapshot.routes().get(request.route());
            long spent = request.spentBy(snapshot.number(), route);
            if (spent >= route.budget()) {
                exhausted.add(request);
                continue;
            }
            int tier = route.tierAfter((int) spent);
            int target = freest(targets[request.route()][tier], candidate.lot);
            if (target < 0) {
                held.add(request);
            } else {
                free[target]--;
                pinned.add(new Pinned(request, plan(candidate, rank, (int) spent, target, order.size()), tier));
            }
        }
        return new Allocation(pinned, held, exhausted);
    }

    private List<Candidate> publicOrder() {
        List<Candidate> old = new ArrayList<>();
        List<Candidate> fresh = new ArrayList<>();
        for (OpenRequest request : snapshot.open()) {
            Candidate candidate = candidate(request);
            (request.turn() == OpenRequest.NO_TURN ? fresh : old).add(candidate);
        }
        fresh.sort(Comparator.comparing(Candidate::lot).thenComparingLong(candidate -> candidate.request.counter()));
        Turns turns = new Turns(snapshot, freeOfRoutes());
        List<OpenRequest> inTurn =
                turns.give(fresh.stream().map(Candidate::request).toList());
        for (int i = 0; i < fresh.size(); i++) {
            Candidate candidate = fresh.get(i);
            old.add(new Candidate(inTurn.get(i), candidate.lot, candidate.deficit));
        }
        old.sort(PUBLIC_ORDER);
        return old;
    }

    private Candidate candidate(OpenRequest request) {
        return new Candidate(
                request,
                lots.of(snapshot.seed(), request.key()),
                snapshot.tenants().get(request.tenant()).deficit());
    }

    private int[] freeOfRoutes() {
        int[] sums = new int[targets.length];
        for (int route = 0; route < sums.length; route++) {
            for (int target : targets[route][0]) {
                sums[route] += free[target];
            }
        }
        return sums;
    }

    private int freest(int[] among, Hash32 lot) {
        int best = -1;
        for (int target : among) {
            if (free[target] > 0 && (best < 0 || isBefore(target, best, lot))) {
                best = target;
            }
        }
        return best;
    }

    private boolean isBefore(int target, int other, Hash32 lot) {
        return free[target] != free[other]
                ? free[target] > free[other]
                : Long.compareUnsigned(weight(lot, target), weight(lot, other)) > 0;
    }

    /** The steps of SplitMix64 (Steele, Lea and Flood, 2014) over the lot's first 8 bytes and the target's id. */
    private long weight(Hash32 lot, int target) {
        long z = lot.prefix() + GOLDEN * (snapshot.targets().get(target).id().value() + 1);
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private Plan plan(Candidate candidate, int rank, int spent, int first, int open) {
        OpenRequest request = candidate.request;
        RouteShape route = snapshot.routes().get(request.route());
        List<Integer> places = new ArrayList<>(route.budget());
        for (int tier = 0; tier < route.tiers().size(); tier++) {
            TierShape shape = route.tiers().get(tier);
            int[] order = inOrder(targets[request.route()][tier], candidate.lot);
            int start = places.size();
            boolean pinnedHere = spent >= start && spent < start + shape.attempts();
            if (pinnedHere) {
                toFront(order, first);
            }
            // So that the place at `spent` is the target whose slot is taken.
            int shift = pinnedHere ? spent - start : 0;
            for (int k = 0; k < shape.attempts(); k++) {
                int at = Math.floorMod(k - shift, order.length);
                places.add(snapshot.targets().get(order[at]).id().value());
            }
        }
        return new Plan(
                snapshot.number(), request.arrival(), request.turn(), candidate.deficit, rank, open, spent, places);
    }

    /** Those that could be called now before those that could not, each by rendezvous hash. */
    private int[] inOrder(int[] among, Hash32 lot) {
        Integer[] boxed = Arrays.stream(among).boxed().toArray(Integer[]::new);
        Arrays.sort(
                boxed,
                Comparator.<Integer>comparingInt(target -> healthy[target] ? 0 : 1)
                        .thenComparingInt(target -> free[target] > 0 ? 0 : 1)
                        .thenComparing((one, other) -> Long.compareUnsigned(weight(lot, other), weight(lot, one))));
        return Arrays.stream(boxed).mapToInt(Integer::intValue).toArray();
    }

    private static void toFront(int[] order, int target) {
        int at = 0;
        while (order[at] != target) {
            at++;
        }
        System.arraycopy(order, 0, order, 1, at);
        order[0] = target;
    }
}
