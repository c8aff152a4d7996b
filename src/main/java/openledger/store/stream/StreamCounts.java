package openledger.store.stream;

import java.util.concurrent.atomic.LongAdder;

/** What was streamed by this router, and what was not. Thread-safe. */
public final class StreamCounts {
    private final LongAdder decisions = new LongAdder();
    private final LongAdder lostChunks = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void streamed(int more, long lost) {
        decisions.add(more);
        lostChunks.add(lost);
    }

    void failed() {
        failures.increment();
    }

    /** Decisions. */
    public long decisions() {
        return decisions.sum();
    }

    /** Chunks of the journal that were dropped before they were streamed. */
    public long lostChunks() {
        return lostChunks.sum();
    }

    /** Runs that came to nothing. */
    public long failures() {
        return failures.sum();
    }
}
