package openledger.inference.fairness;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;

/** Port: what routers have counted, where all of them find it. Completes on any thread; thread-safe. */
public interface FairnessParts {
    /** The time of the store, who serves, and which parts of the last minutes are there, all of one moment. */
    Uni<Standing> standing();

    /** Those of the wanted that are there; what is in them may be anything. */
    Uni<List<Kept>> read(Collection<Place> places);

    /** Keeps a part; one that is there already stays as it is. Those whose time is over are dropped. */
    Uni<Void> write(Kept row, boolean isLast);

    /**
     * Who has counted.
     *
     * @param lane of the router
     * @param fence of its hold on that lane: a router that was started again has another
     */
    record Hold(long lane, long fence) {}

    /**
     * Where a part stands.
     *
     * @param part number of its stretch of time, by the store's time
     */
    record Place(Hold hold, long part) {}

    /**
     * A part.
     *
     * @param counts see {@link PartsEncoding}; never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Kept(Place place, byte[] counts) {}

    /**
     * A part that is there.
     *
     * @param isLast its router counts nothing after it
     */
    record Known(Place place, boolean isLast) {}

    /**
     * How things stand.
     *
     * @param epochMillis the store's time, Unix ms
     * @param serving routers that serve now
     * @param policies how many different policies these follow
     * @param known parts of the last minutes
     */
    record Standing(long epochMillis, List<Hold> serving, int policies, List<Known> known) {
        public Standing {
            serving = List.copyOf(serving);
            known = List.copyOf(known);
        }
    }
}
