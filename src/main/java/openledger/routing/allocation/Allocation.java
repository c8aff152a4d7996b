package openledger.routing.allocation;

import java.util.List;
import openledger.routing.Plan;

/**
 * The result of the allocator for a snapshot. Each open request is in exactly one of the lists, with its turn, in public order.
 *
 * @param pinned got a slot and a plan
 * @param held wait on
 * @param exhausted have spent their whole budget while they were held
 */
public record Allocation(List<Pinned> pinned, List<OpenRequest> held, List<OpenRequest> exhausted) {
    public Allocation {
        pinned = List.copyOf(pinned);
        held = List.copyOf(held);
        exhausted = List.copyOf(exhausted);
    }

    /**
     * A request with its plan.
     *
     * @param tier of the plan's first pinned target, whose slot it takes
     */
    public record Pinned(OpenRequest request, Plan plan, int tier) {}
}
