package openledger.inference.record;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.routing.DecisionStatus;
import openledger.unit.RequestId;

/** Port: reading decisions back. Safe for several threads. */
public interface Decisions {
    /** The record of one request, whatever its age within the retention; empty if this tenant has none of that name. */
    Uni<Optional<Found>> find(RequestId id, String tenant);

    /** Finished requests of one tenant, newest first. Fails with {@link TooLong} if they cannot be found in a few seconds. */
    Uni<Page> list(Filter filter);

    /** What was asked for takes too long to find. */
    final class TooLong extends RuntimeException {
        public TooLong(Throwable cause) {
            super("the decisions are not found in time", cause);
        }
    }

    /** What is known of a request. */
    sealed interface Found {
        /** It is in flight, or was when we stopped. */
        record Open(RequestId id, Intent intent) implements Found {}

        /** It has ended. */
        record Finished(Decision decision) implements Found {}
    }

    /**
     * Which decisions.
     *
     * @param tenant whose
     * @param route name of the route
     * @param status how they ended
     * @param trigger why their last failing attempt did not serve
     * @param fromMillis arrival not before, Unix ms
     * @param toMillis arrival before, Unix ms
     * @param after cursor of the page before; empty for the first
     * @param limit 1 to 1_000
     */
    record Filter(
            String tenant,
            Optional<String> route,
            Optional<DecisionStatus> status,
            Optional<openledger.routing.Trigger> trigger,
            long fromMillis,
            long toMillis,
            Optional<Cursor> after,
            int limit) {}

    /** A place in the order (arrival, id), newest first. */
    record Cursor(long arrivalMillis, RequestId id) {}

    /** Some decisions and where the next ones begin, if there are more. */
    record Page(List<Decision> decisions, Optional<Cursor> next) {}
}
