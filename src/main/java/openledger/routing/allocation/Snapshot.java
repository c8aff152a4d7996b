package openledger.routing.allocation;

import java.util.List;
import openledger.routing.RouteShape;
import openledger.unit.Hash32;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * The view that an epoch ends with, frozen: all that the allocator sees, so that anybody can recompute its result. A snapshot is taken at
 * the end of each epoch in which a confirmed request is open; while none is, no epoch passes. Immutable.
 *
 * @param number from 1, without a gap in its lane
 * @param closedMillis when the epoch ended, Unix ms
 * @param seed keccak-256 of lane, number and block hash: what draws the lots
 * @param seedBlock number of the newest block seen SEQUENCED, whose hash is in the seed
 * @param targets of the routes, each once
 * @param routes of the open requests, each once
 * @param tenants of the open requests, each once
 * @param open requests that wait, those that arrived in this epoch with {@link OpenRequest#NO_TURN}
 */
public record Snapshot(
        long number,
        long closedMillis,
        Hash32 seed,
        long seedBlock,
        List<TargetView> targets,
        List<RouteShape> routes,
        List<TenantView> tenants,
        List<OpenRequest> open) {
    public Snapshot {
        targets = List.copyOf(targets);
        routes = List.copyOf(routes);
        tenants = List.copyOf(tenants);
        open = List.copyOf(open);
    }

    /**
     * A target as it was.
     *
     * @param free slots that could be given away
     * @param healthy false while its circuit was open or its provider's {@code Retry-After} ran; it has no free slot then
     */
    public record TargetView(TargetId id, int free, boolean healthy) {
        /**
         * A target of which open requests could use {@code wanted} slots now: no more are shown, unless nobody can use one; see {@link
         * OpenSet.View#show}.
         */
        public static TargetView of(TargetId id, int free, int wanted, boolean healthy) {
            return new TargetView(id, wanted == 0 ? free : Math.min(free, wanted), healthy);
        }
    }

    /**
     * A tenant as it was.
     *
     * @param tag what stands for it in public
     * @param deficit best-tier slots it was granted lately; see {@link TenantDeficits}
     */
    public record TenantView(TenantTag tag, long deficit) {}
}
