package openledger.cluster.slot;

import java.util.Set;
import openledger.cluster.TargetKey;
import openledger.routing.SlotBounds;

/** Port: which part of a target's slots is this router's. Thread-safe. */
public interface SlotShares {
    /** All of what this router has learnt by itself: nobody is asked. */
    SlotShares ALONE = (target, bounds) -> new AimdLimit(bounds);

    /**
     * The slots of a target, if they are shared the very same for every use of it.
     *
     * @param bounds of all routers together, the latest ones count
     */
    SlotLimit of(TargetKey target, SlotBounds bounds);

    /** The targets of the policy in force: of others nothing is kept that is not used. */
    default void follow(Set<TargetKey> targets) {}
}
