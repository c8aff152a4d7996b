package openledger.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Numbers of requests, kept as stretches: as large as there are gaps between them. Confined to one thread. */
public final class CounterSet {
    /** The first of a stretch, and its last. */
    private final NavigableMap<Long, Long> stretches = new TreeMap<>();

    /** Numbers from one to another, both included. */
    public record Stretch(long first, long last) {
        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + ".." + last;
        }
    }

    /** Adds a number; false if it is in it already. */
    public boolean add(long counter) {
        if (has(counter)) {
            return false;
        }
        Map.Entry<Long, Long> before = stretches.lowerEntry(counter);
        long first = before != null && before.getValue() == counter - 1 ? before.getKey() : counter;
        Long last = stretches.remove(counter + 1);
        stretches.put(first, last == null ? counter : last);
        return true;
    }

    /** Whether a number is in it. */
    public boolean has(long counter) {
        Map.Entry<Long, Long> stretch = stretches.floorEntry(counter);
        return stretch != null && stretch.getValue() >= counter;
    }

    /** The first of those between that are not in it, and how many stretches of them there are in all. */
    public Missing missing(long after, long through, int most) {
        List<Stretch> first = new ArrayList<>();
        long count = 0;
        long from = after + 1;
        for (Map.Entry<Long, Long> known : stretches.tailMap(floor(from), true).entrySet()) {
            if (known.getKey() > through) {
                break;
            }
            if (known.getKey() > from) {
                count++;
                add(first, most, from, known.getKey() - 1);
            }
            from = Math.max(from, known.getValue() + 1);
        }
        if (from <= through) {
            count++;
            add(first, most, from, through);
        }
        return new Missing(first, count);
    }

    private long floor(long counter) {
        Long stretch = stretches.floorKey(counter);
        return stretch == null ? counter : stretch;
    }

    private static void add(List<Stretch> to, int most, long first, long last) {
        if (to.size() < most) {
            to.add(new Stretch(first, last));
        }
    }

    /**
     * Numbers that are not in it.
     *
     * @param first some stretches of them, lowest first
     * @param stretches of them in all
     */
    public record Missing(List<Stretch> first, long stretches) {
        public Missing {
            first = List.copyOf(first);
        }
    }

    /** Forgets all up to and including a number. */
    public void drop(long through) {
        Map.Entry<Long, Long> last = stretches.floorEntry(through);
        if (last != null && last.getValue() > through) {
            stretches.put(through + 1, last.getValue());
        }
        stretches.headMap(through, true).clear();
    }

    /** How many stretches it is made of. */
    public int size() {
        return stretches.size();
    }

    /** Forgets all of it. */
    public void clear() {
        stretches.clear();
    }
}
