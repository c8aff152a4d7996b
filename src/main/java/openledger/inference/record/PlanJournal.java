package openledger.inference.record;

import java.util.List;
import openledger.routing.allocation.Snapshot;

/**
 * Port: the durable record of snapshots and plans, in one order with the rest of the {@link Journal}. Never refuses and never
 * blocks: the intents that lead here were accepted. Safe for several threads.
 */
public interface PlanJournal {
    /** Number of the lane's last recorded snapshot, 0 if there is none; known once the journal is open. */
    long lastSnapshot();

    /**
     * Records a snapshot and all plans made from it as one: no crash leaves the snapshot without one of its plans. If there are
     * plans the next commit is urgent, since the chain waits for them.
     *
     * @param snapshot those who call this see to it that numbers have no gap
     * @param plans in public order
     * @return a position, for {@link Journal#durable}, at which all of it is durable; 0 without a plan
     */
    long append(Snapshot snapshot, List<PlannedRequest> plans);
}
