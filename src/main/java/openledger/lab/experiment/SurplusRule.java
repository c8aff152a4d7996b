package openledger.lab.experiment;

import java.util.ArrayList;
import java.util.List;
import openledger.routing.allocation.Allocation;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;

/** What becomes of a tenant's requests beyond its share while slots are scarce: what the allocator is shown of a snapshot. */
public interface SurplusRule {
    /** In tables. */
    String word();

    /** What the allocator is shown. Requests that have been seen before have the turn they were given then. */
    Shown show(Snapshot snapshot);

    /**
     * A snapshot made ready.
     *
     * @param snapshot which the allocator sees
     * @param withheld which it does not see yet, with their turns
     */
    record Shown(Snapshot snapshot, List<OpenRequest> withheld) {
        public Shown(Snapshot snapshot) {
            this(snapshot, List.of());
        }

        /** What the allocator made of the snapshot, with those it did not see among the held. */
        public Allocation withheldFrom(Allocation given) {
            List<OpenRequest> held = new ArrayList<>(given.held());
            held.addAll(withheld);
            return new Allocation(given.pinned(), held, given.exhausted());
        }
    }
}
