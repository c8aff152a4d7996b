package openledger.routing.allocation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/** Snapshots as they could be: some routes share targets, some targets are closed, some requests wait and some have just come. */
public final class RandomSnapshots {
    private static final int MOST_OPEN = 60;

    private RandomSnapshots() {}

    /** One of them; the same for the same random source. */
    public static Snapshot next(Random random) {
        long number = 1_000L + random.nextInt(1_000);
        List<TargetView> targets = targets(random);
        List<RouteShape> routes = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            routes.add(route(i, targets, random));
        }
        List<TenantView> tenants = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(8); i++) {
            byte[] tag = new byte[TenantTag.BYTES];
            random.nextBytes(tag);
            tenants.add(new TenantView(TenantTag.of(tag), random.nextInt(5)));
        }
        List<OpenRequest> open = new ArrayList<>();
        int count = random.nextInt(MOST_OPEN);
        for (int i = 0; i < count; i++) {
            boolean fresh = random.nextBoolean();
            long arrival = fresh ? number : number - random.nextInt(20);
            open.add(new OpenRequest(
                    RequestKey.of(hash(random).bytes(), i + 1L),
                    random.nextInt(tenants.size()),
                    random.nextInt(routes.size()),
                    arrival,
                    random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0,
                    fresh ? OpenRequest.NO_TURN : arrival + random.nextInt(3)));
        }
        Collections.shuffle(open, random);
        return new Snapshot(
                number, random.nextInt(1 << 30), hash(random), random.nextInt(1_000), targets, routes, tenants, open);
    }

    private static List<TargetView> targets(Random random) {
        List<TargetView> targets = new ArrayList<>();
        int count = 2 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            boolean healthy = random.nextInt(4) > 0;
            targets.add(
                    new TargetView(new TargetId(7 * i + random.nextInt(7)), healthy ? random.nextInt(6) : 0, healthy));
        }
        return targets;
    }

    private static RouteShape route(int id, List<TargetView> targets, Random random) {
        List<TierShape> tiers = new ArrayList<>();
        for (int t = 0; t <= random.nextInt(3); t++) {
            List<TargetId> some =
                    new ArrayList<>(targets.stream().map(TargetView::id).toList());
            Collections.shuffle(some, random);
            tiers.add(new TierShape(1 + random.nextInt(2), some.subList(0, 1 + random.nextInt(some.size()))));
        }
        return new RouteShape(new RouteId(id), 1 + random.nextInt(5), tiers);
    }

    static Hash32 hash(Random random) {
        byte[] bytes = new byte[Hash32.BYTES];
        random.nextBytes(bytes);
        return Hash32.of(bytes);
    }
}
