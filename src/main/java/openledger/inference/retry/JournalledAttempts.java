package openledger.inference.retry;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.Journal;
import openledger.unit.RequestId;

/**
 * The attempts of a request in the journal. Of a request that may be found by its key at another router, or after a crash, a call is made
 * only once the mark of the attempt before it is durable: so whoever goes on after us misses one attempt at most. Confined to the event
 * loop of the request.
 */
public final class JournalledAttempts implements AttemptLog.Taken {
    private final Journal journal;
    private final RequestId id;
    private final Order order;
    /** Position that the next call waits for, 0 if it waits for none. */
    private long last;

    /** Whether one attempt waits for the mark of another. */
    public enum Order {
        /** Nobody can come back to the request elsewhere, so no attempt waits. */
        FREE,
        /** Each after the first does. */
        AFTER_THE_FIRST,
        /** The first does as well: for the record of the request itself. */
        FROM_THE_FIRST
    }

    /**
     * Of a request that has made none.
     *
     * @param intent position of its intent in the journal
     */
    public JournalledAttempts(Journal journal, RequestId id, long intent, Order order) {
        this.journal = journal;
        this.id = id;
        this.order = order;
        this.last = order == Order.FROM_THE_FIRST ? intent : 0;
    }

    @Override
    public void attempt(int number, int tier, int target) {
        long position = journal.append(new AttemptMark(id, number, tier, target));
        if (order != Order.FREE) {
            last = position;
        }
    }

    @Override
    public Optional<Uni<Void>> kept() {
        return last == 0 || journal.isDurable(last) ? Optional.empty() : Optional.of(journal.durable(last));
    }
}
