package openledger.settlement.cut;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which requests of a lane have their outcome in its log: all up to some number, but for those between that are still open. As large as
 * there are stretches of open ones. Immutable.
 */
public final class EndedRequests {
    /** None has. */
    public static final EndedRequests NONE = new EndedRequests(0, new TreeMap<>());

    private final long highest;
    /** Open ones up to the highest: the first of a stretch, and its last. */
    private final NavigableMap<Long, Long> open;

    private EndedRequests(long highest, NavigableMap<Long, Long> open) {
        this.highest = highest;
        this.open = open;
    }

    /** Every request up to and including this counter has ended; 0 if not even the first has. */
    public long completeThrough() {
        return open.isEmpty() ? highest : open.firstKey() - 1;
    }

    /**
     * With more that have ended.
     *
     * @param counters of outcomes, in any order
     * @throws IllegalStateException if one of them had ended before
     */
    public EndedRequests with(List<Long> counters) {
        TreeMap<Long, Long> left = new TreeMap<>(open);
        long most = highest;
        for (long counter : counters) {
            if (counter > most) {
                if (counter > most + 1) {
                    left.put(most + 1, counter - 1);
                }
                most = counter;
            } else {
                end(left, counter);
            }
        }
        return new EndedRequests(most, left);
    }

    private static void end(NavigableMap<Long, Long> open, long counter) {
        Map.Entry<Long, Long> stretch = open.floorEntry(counter);
        if (stretch == null || stretch.getValue() < counter) {
            throw new IllegalStateException("request " + counter + " has ended twice");
        }
        open.remove(stretch.getKey());
        if (stretch.getKey() < counter) {
            open.put(stretch.getKey(), counter - 1);
        }
        if (counter < stretch.getValue()) {
            open.put(counter + 1, stretch.getValue());
        }
    }

    /** {@code u64 highest ‖ (u64 first ‖ u64 last) …}, big-endian. */
    public byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES * (1 + 2 * open.size())).putLong(highest);
        open.forEach((first, last) -> out.putLong(first).putLong(last));
        return out.array();
    }

    /** Reads {@link #bytes} back. */
    public static EndedRequests read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long highest = in.getLong();
        NavigableMap<Long, Long> open = new TreeMap<>();
        while (in.hasRemaining()) {
            open.put(in.getLong(), in.getLong());
        }
        return new EndedRequests(highest, open);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EndedRequests same && same.highest == highest && same.open.equals(open);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(highest) + 31 * open.hashCode();
    }

    @Override
    public String toString() {
        return "all up to " + highest + " but " + open;
    }
}
