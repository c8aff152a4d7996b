package openledger.cluster.share;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Port: what all routers of a cluster take their leases from. One question at a time; its answer fails if there is none in time, and then
 * nobody knows whether it was heard. The arithmetic is that of the generic cell rate algorithm: a bucket is the moment at which it would be
 * full again. The engine's time goes back by half a second at most, and stands
 * still while nobody asks. Confined to one event loop.
 */
public interface ShareEngine {
    /** What is granted, in the order of the wishes. */
    Uni<Answer> ask(Question question);

    /**
     * What a router wants, of all keys at once, in the order of names. Of places each name is there once.
     *
     * @param epoch of the answer before, 0 if there was none: debts are of no other
     */
    record Question(long epoch, List<RateWish> rates, List<SlotWish> slots) {}

    /**
     * What a router wants of a rate.
     *
     * @param share nanoseconds in which one comes
     * @param whole nanoseconds in which an empty bucket is full
     * @param first what the most modest of those who wait wants: less is not granted; 0 if nobody waits
     * @param need what all who wait want together
     * @param ahead what is wanted on top of that, if {@code low} is left then
     * @param debt what was taken already, and is to be counted in any case
     * @param back what was granted and not used
     * @param since when the first of that was granted, by the engine's clock: if the bucket was full since, it has come back by itself
     */
    record RateWish(
            ShareName name,
            long share,
            long whole,
            long first,
            long need,
            long ahead,
            long low,
            long debt,
            long back,
            long since) {}

    /**
     * What a router wants of places.
     *
     * @param most of all routers together
     * @param kept what it has and does not give back
     * @param want what it wants to have, {@code kept} included
     * @param ahead what it wants on top of that, if {@code low} is left then
     */
    record SlotWish(ShareName name, int most, int kept, int want, int ahead, int low) {}

    /**
     * What is granted.
     *
     * @param epoch when all buckets were empty for the last time, by the engine's clock; positive
     */
    record Answer(long epoch, List<RateGrant> rates, List<SlotGrant> slots) {}

    /**
     * Of a rate.
     *
     * @param granted which has left the bucket
     * @param missing nanoseconds until the bucket is full
     * @param at when, by the engine's clock
     */
    record RateGrant(long granted, long missing, long at) {}

    /** Of places: what the router may have now, for {@link KeyShares#SLOT_TERM} since it has asked. */
    record SlotGrant(int granted) {}
}
