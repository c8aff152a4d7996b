package openledger.inference;

import java.util.List;
import openledger.routing.Snapshot;

/**
 * Port: the durable record of snapshots and plans, in one order with the rest of the {@link Journal}. Never refuses and never
 * blocks: the intents that lead here were accepted. Safe for several threads.
 */
public interface PlanJournal {
    /** Number of the lane's last recorded snapshot, 0 if there is none; known once the journal is open. */
    long lastSnapshot();

    /** Records a snapshot; those who call this see to it that numbers have no gap. */
    void append(Snapshot snapshot);

    /**
     * Records a plan, after its snapshot. A snapshot and its plans become durable with the next commit, which is urgent: the
     * chain waits for them.
     *
     * @return its position, for {@link Journal#durable}
     */
    long append(PlannedRequest plan);

    /**
     * Records a snapshot and all plans made from it as one, where a crash must not leave the snapshot without one of its plans.
     *
     * @param plans in public order; none makes nothing urgent
     * @return position of the last plan, for {@link Journal#durable}; 0 without one
     */
    default long append(Snapshot snapshot, List<PlannedRequest> plans) {
        append(snapshot);
        long last = 0;
        for (PlannedRequest plan : plans) {
            last = append(plan);
        }
        return last;
    }
}
