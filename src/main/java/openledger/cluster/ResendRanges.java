package openledger.cluster;

import io.smallrye.mutiny.Uni;

/**
 * Port: who answers for the keys of a range, and which of our requests run in it. Thread-safe; all but {@link #refresh} answer from memory.
 */
public interface ResendRanges {
    /** Those of a router that is alone: everything is its own, and nothing is counted. */
    ResendRanges ALONE = new ResendRanges() {
        @Override
        public RangeMap map() {
            return RangeMap.ALONE;
        }

        @Override
        public boolean enter(int range) {
            return true;
        }

        @Override
        public void leave(int range) {}

        @Override
        public Uni<RangeMap> refresh() {
            return Uni.createFrom().item(RangeMap.ALONE);
        }
    };

    /** The newest map that we know. */
    RangeMap map();

    /** A request begins, or is joined, in the range: false if it is not ours, or is just being given away. */
    boolean enter(int range);

    /** One that has entered has ended, and its end was handed to the journal. */
    void leave(int range);

    /** Reads the map anew. Completes with what was found, or with what was known if the database does not answer within a second. */
    Uni<RangeMap> refresh();

    /** How many routers serve, this one included, as far as is known; 1 or more. */
    default int routers() {
        return 1;
    }

    /** Whether there are other routers at all. */
    default boolean isAlone() {
        return this == ALONE;
    }
}
