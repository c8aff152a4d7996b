package openledger.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import openledger.commitment.SnapshotSeed;
import openledger.commitment.evm.Keccak256;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/** How fast the allocator is, beside keccak-256 on the same machine at the same time: it draws a lot for each open request. */
final class AllocatorBench {
    private static final long NANOS = 1_000_000_000L;
    private static final long WARM_UP_SECONDS = 3;
    private static final long SECONDS = 2;
    private static final int TENANTS = 20;
    private static final int TARGETS = 6;
    private static final int DIGESTS_A_ROUND = 1_000;

    private AllocatorBench() {}

    /** Digests of 64 bytes in a second of one thread. */
    static double digestsPerSecond() {
        byte[] input = new byte[64];
        return DIGESTS_A_ROUND
                * roundsPerSecond(round -> {
                    for (int i = 0; i < DIGESTS_A_ROUND; i++) {
                        System.arraycopy(Keccak256.digest(input), 0, input, 0, Keccak256.BYTES);
                    }
                });
    }

    /** Allocations in a second of one thread, half of the open requests are new and every other finds a slot. */
    static double allocationsPerSecond(int open) {
        Snapshot snapshot = snapshot(open);
        return roundsPerSecond(round -> {
            if (Allocator.allocate(snapshot, SnapshotSeed.LOTS).pinned().isEmpty()) {
                throw new IllegalStateException("there were slots for half of them");
            }
        });
    }

    private static double roundsPerSecond(IntConsumer work) {
        rounds(work, WARM_UP_SECONDS);
        return rounds(work, SECONDS);
    }

    private static double rounds(IntConsumer work, long seconds) {
        long begin = System.nanoTime();
        int rounds = 0;
        while (System.nanoTime() - begin < seconds * NANOS) {
            work.accept(rounds++);
        }
        return (double) rounds * NANOS / (System.nanoTime() - begin);
    }

    private static Snapshot snapshot(int open) {
        List<TargetView> targets = new ArrayList<>();
        List<TargetId> best = new ArrayList<>();
        List<TargetId> next = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            targets.add(new TargetView(new TargetId(i), i % 2 == 0 ? open / TARGETS : 0, true));
            (i < TARGETS / 2 ? best : next).add(new TargetId(i));
        }
        List<TenantView> tenants = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            byte[] tag = new byte[TenantTag.BYTES];
            tag[0] = (byte) i;
            tenants.add(new TenantView(TenantTag.of(tag), i));
        }
        List<OpenRequest> requests = new ArrayList<>();
        for (int i = 0; i < open; i++) {
            RequestKey key = RequestKey.of(Keccak256.digest(new byte[] {(byte) i, (byte) (i >> 8)}), i + 1L);
            requests.add(new OpenRequest(key, i % TENANTS, 0, 100, 0, i % 2 == 0 ? 100 : OpenRequest.NO_TURN));
        }
        RouteShape route = new RouteShape(new RouteId(1), 4, List.of(new TierShape(3, best), new TierShape(1, next)));
        Hash32 seed = SnapshotSeed.of(new LaneId(1), 100, Hash32.ZERO);
        return new Snapshot(100, 0, seed, 1, targets, List.of(route), tenants, requests);
    }
}
