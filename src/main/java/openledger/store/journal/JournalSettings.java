package openledger.store.journal;

import java.time.Duration;
import openledger.unit.LaneId;

/**
 * Bounds of a journal.
 *
 * @param lane whose journal it is
 * @param maxPendingBytes beyond this no intent is taken; at least 64 KiB
 * @param maxWait longest wait for durability, 100 ms or more
 * @param flushInterval how often what nobody waits for is written, 1 ms or more
 */
public record JournalSettings(LaneId lane, int maxPendingBytes, Duration maxWait, Duration flushInterval) {
    private static final int SMALLEST = 64 * 1024;

    public JournalSettings {
        if (maxPendingBytes < SMALLEST) {
            throw new IllegalArgumentException("max-pending-bytes is 65536 or more: " + maxPendingBytes);
        }
        if (maxWait.toMillis() < 100) {
            throw new IllegalArgumentException("max-wait is 100 ms or more: " + maxWait);
        }
        if (flushInterval.toMillis() < 1) {
            throw new IllegalArgumentException("flush-interval is 1 ms or more: " + flushInterval);
        }
    }
}
