package openledger.cluster.slot;

import io.smallrye.mutiny.Uni;
import java.util.List;
import openledger.cluster.TargetKey;

/**
 * Port: what all routers of a cluster take their parts of targets' slots from. It learns how many there are from what all of them say of
 * answers and refusals, and never grants what is not confirmed to be free. One question at a time; its answer fails if there is none in
 * time, and then nobody knows whether it was heard. Confined to one event loop.
 */
public interface SlotEngine {
    /** What is granted, in the order of the wishes. */
    Uni<List<Grant>> ask(Question question);

    /**
     * What a router says of its targets, each of them there once and in the order of their names.
     *
     * @param number grows with each question of a router; one that comes after its successor is not heard
     */
    record Question(long number, List<Wish> wishes) {}

    /**
     * Of a target.
     *
     * @param min fewest slots of all routers together
     * @param initial what they begin with
     * @param max most of them
     * @param kept what the router has and does not give back: it begins no call beyond that before the answer
     * @param need what it could use now
     * @param used calls that it had in flight since the last question, at most
     * @param answered calls that were answered since
     * @param refused calls that were refused for want of room since
     */
    record Wish(
            TargetKey target, int min, int initial, int max, int kept, int need, int used, int answered, int refused) {}

    /**
     * Of a target.
     *
     * @param granted what the router may have now, for {@link TargetSlots#TERM} since it has asked; {@code kept} at least
     * @param share what it is to come down or up to, once others have given back what is theirs no more
     */
    record Grant(int granted, int share) {}
}
