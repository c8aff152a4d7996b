package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import openledger.commitment.SnapshotSeed;
import openledger.lab.experiment.SurplusRule.Shown;
import openledger.lab.world.Market;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.Allocation.Pinned;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.Hash32;

/** Turns by other rules, for snapshots with one route, in the market of the experiments. */
final class OtherTurns {
    private static final long PATIENCE = (long) Market.BEST_ATTEMPTS * Market.GRID.epochs();

    private OtherTurns() {}

    private record Drawn(OpenRequest request, Hash32 lot) {}

    static Snapshot ofArrival(Snapshot snapshot) {
        return each(snapshot, request -> request.inTurn(request.arrival()));
    }

    static Snapshot allTheSame(Snapshot snapshot) {
        return each(snapshot, request -> request.inTurn(0));
    }

    static Snapshot withoutDeficits(Snapshot snapshot) {
        List<TenantView> tenants = snapshot.tenants().stream()
                .map(tenant -> new TenantView(tenant.tag(), 0))
                .toList();
        return with(snapshot, tenants, snapshot.open());
    }

    /** The product's allocator says the turns; what else it says is not used. */
    static Snapshot ofProduct(Snapshot snapshot) {
        Allocation allocation = Allocator.allocate(snapshot, SnapshotSeed.LOTS);
        List<OpenRequest> open = new ArrayList<>(allocation.held());
        open.addAll(allocation.exhausted());
        allocation.pinned().stream().map(Pinned::request).forEach(open::add);
        return with(snapshot, snapshot.tenants(), open);
    }

    /** Each request becomes a tenant of its own, with the deficit it is to have. */
    static Snapshot charged(Snapshot snapshot) {
        List<OpenRequest> order = byLot(snapshot);
        order.sort(Comparator.comparingLong(OpenRequest::turn));
        long[] ahead = new long[snapshot.tenants().size()];
        List<TenantView> tenants = new ArrayList<>();
        List<OpenRequest> open = new ArrayList<>();
        for (OpenRequest request : order) {
            TenantView tenant = snapshot.tenants().get(request.tenant());
            tenants.add(new TenantView(tenant.tag(), tenant.deficit() + ahead[request.tenant()]++));
            open.add(new OpenRequest(
                    request.key(),
                    open.size(),
                    request.route(),
                    request.arrival(),
                    request.spentBefore(),
                    request.turn()));
        }
        return with(snapshot, tenants, open);
    }

    static Shown nextOnly(Snapshot snapshot) {
        long share = share(snapshot);
        int[] taken = new int[snapshot.tenants().size()];
        List<OpenRequest> open = new ArrayList<>();
        List<OpenRequest> withheld = new ArrayList<>();
        for (OpenRequest request : byLot(snapshot)) {
            if (request.turn() != OpenRequest.NO_TURN) {
                open.add(arrivedInTurn(request));
            } else if (taken[request.tenant()]++ < share) {
                open.add(request.inTurn(snapshot.number()));
            } else {
                withheld.add(request.inTurn(snapshot.number() + 1));
            }
        }
        return new Shown(with(snapshot, snapshot.tenants(), open), withheld);
    }

    private static OpenRequest arrivedInTurn(OpenRequest request) {
        return new OpenRequest(
                request.key(),
                request.tenant(),
                request.route(),
                request.turn(),
                request.spentBefore(),
                request.turn());
    }

    static Snapshot ahead(Snapshot snapshot) {
        long share = share(snapshot);
        int tenants = snapshot.tenants().size();
        long[] last = new long[tenants];
        long[] taken = new long[tenants];
        for (OpenRequest request : snapshot.open()) {
            last[request.tenant()] = Math.max(last[request.tenant()], request.turn());
        }
        for (OpenRequest request : snapshot.open()) {
            taken[request.tenant()] += request.turn() == last[request.tenant()] ? 1 : 0;
        }
        return each(snapshot, request -> {
            int tenant = request.tenant();
            if (request.turn() != OpenRequest.NO_TURN) {
                return request;
            }
            long turn = Math.max(last[tenant], snapshot.number());
            if (turn > last[tenant]) {
                taken[tenant] = 0;
            } else if (taken[tenant] >= share) {
                turn++;
                taken[tenant] = 0;
            }
            taken[tenant]++;
            last[tenant] = turn;
            return request.inTurn(turn);
        });
    }

    static Snapshot anew(Snapshot snapshot) {
        long share = share(snapshot);
        long[] last = new long[snapshot.tenants().size()];
        long[] taken = new long[last.length];
        List<OpenRequest> order = byLot(snapshot);
        order.sort(Comparator.comparingLong(OpenRequest::arrival));
        List<OpenRequest> open = new ArrayList<>();
        for (OpenRequest request : order) {
            int tenant = request.tenant();
            if (last[tenant] < request.arrival()) {
                last[tenant] = request.arrival();
                taken[tenant] = 0;
            } else if (taken[tenant] >= share) {
                last[tenant]++;
                taken[tenant] = 0;
            }
            taken[tenant]++;
            open.add(request.inTurn(last[tenant]));
        }
        return with(snapshot, snapshot.tenants(), open);
    }

    static Snapshot aShareAtATime(Snapshot snapshot) {
        long share = share(snapshot);
        long[] bounds = new long[snapshot.tenants().size()];
        Arrays.fill(bounds, share);
        return bounded(snapshot, share, bounds);
    }

    static Snapshot twiceTheMean(Snapshot snapshot) {
        long share = share(snapshot);
        long granted =
                snapshot.tenants().stream().mapToLong(TenantView::deficit).sum();
        int tenants = snapshot.tenants().size();
        long[] bounds = new long[tenants];
        for (int i = 0; i < tenants; i++) {
            long deficit = snapshot.tenants().get(i).deficit();
            bounds[i] = share == Long.MAX_VALUE ? share : Math.ceilDiv(2 * granted, tenants) + share - deficit;
        }
        return bounded(snapshot, share, bounds);
    }

    private static Snapshot bounded(Snapshot snapshot, long share, long[] bounds) {
        long[] inTurn = new long[bounds.length];
        long[] surplus = new long[bounds.length];
        for (OpenRequest request : snapshot.open()) {
            if (request.turn() != OpenRequest.NO_TURN) {
                (request.turn() == request.arrival() ? inTurn : surplus)[request.tenant()]++;
            }
        }
        return each(snapshot, request -> {
            int tenant = request.tenant();
            if (request.turn() != OpenRequest.NO_TURN) {
                return request;
            }
            if (inTurn[tenant] < bounds[tenant]) {
                inTurn[tenant]++;
                return request.inTurn(snapshot.number());
            }
            return request.inTurn(snapshot.number() + PATIENCE + surplus[tenant]++ / share);
        });
    }

    /** The share of a tenant, without bound while there is enough for all. */
    private static long share(Snapshot snapshot) {
        int free = 0;
        for (int i = 0; i < Market.PROVIDERS; i++) {
            free += snapshot.targets().get(i).free();
        }
        int tenants = snapshot.tenants().size();
        return snapshot.open().size() <= free ? Long.MAX_VALUE : Math.max(1, Math.ceilDiv(free, tenants));
    }

    private static Snapshot each(Snapshot snapshot, Function<OpenRequest, OpenRequest> turn) {
        return with(
                snapshot, snapshot.tenants(), byLot(snapshot).stream().map(turn).toList());
    }

    private static List<OpenRequest> byLot(Snapshot snapshot) {
        List<Drawn> drawn = new ArrayList<>();
        for (OpenRequest request : snapshot.open()) {
            drawn.add(new Drawn(request, SnapshotSeed.LOTS.of(snapshot.seed(), request.key())));
        }
        drawn.sort(Comparator.comparing(Drawn::lot));
        return new ArrayList<>(drawn.stream().map(Drawn::request).toList());
    }

    private static Snapshot with(Snapshot snapshot, List<TenantView> tenants, List<OpenRequest> open) {
        return new Snapshot(
                snapshot.number(),
                snapshot.closedMillis(),
                snapshot.seed(),
                snapshot.seedBlock(),
                snapshot.targets(),
                snapshot.routes(),
                tenants,
                open);
    }
}
