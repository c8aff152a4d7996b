package openledger.cluster.orphan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import openledger.unit.LaneId;

/**
 * What other routers have said of requests whose clients have left, each for as long as it may be joined. Bounded, and a router gets
 * another place only while it has fewer than are free, so none displaces what the others say. Times are monotonic nanoseconds.
 * Thread-safe.
 */
public final class AnnouncedOrphans {
    private final int most;
    private final Map<OrphanName, List<Announced>> byName = new HashMap<>();
    private final Map<LaneId, Integer> byLane = new HashMap<>();
    private final TreeSet<Announced> byEnd =
            new TreeSet<>(Comparator.comparingLong(Announced::until).thenComparingLong(Announced::number));
    private long number;
    private volatile boolean isEmpty = true;

    /** Nothing was said. At most so many are kept, 2 or more. */
    public AnnouncedOrphans(int most) {
        this.most = most;
    }

    /**
     * One that may be joined.
     *
     * @param lane whose router has it
     * @param fence of that router's hold
     * @param until monotonic nanoseconds
     * @param number tells it from one of the same name that was told before or after
     */
    public record Announced(OrphanName name, LaneId lane, long fence, long until, long number) {
        private boolean isOf(LaneId other) {
            return lane.equals(other);
        }
    }

    /** A router has that one, until then. False if there is no place for it. */
    public synchronized boolean add(OrphanName name, LaneId lane, long fence, long until, long now) {
        forgetOld(now);
        find(name).stream().filter(known -> known.isOf(lane)).findAny().ifPresent(this::remove);
        if (byLane.getOrDefault(lane, 0) >= most - byEnd.size()) {
            return false;
        }
        Announced one = new Announced(name, lane, fence, until, number++);
        byName.computeIfAbsent(name, first -> new ArrayList<>(1)).add(one);
        byEnd.add(one);
        byLane.merge(lane, 1, Integer::sum);
        isEmpty = false;
        return true;
    }

    /** One of that name, the last that was told of. */
    public Optional<Announced> find(OrphanName name, long now) {
        if (isEmpty) {
            return Optional.empty();
        }
        synchronized (this) {
            forgetOld(now);
            List<Announced> known = find(name);
            return known.isEmpty() ? Optional.empty() : Optional.of(known.getLast());
        }
    }

    /** It cannot be joined any more; what was said of one of its name since is kept. */
    public synchronized void remove(Announced one) {
        if (!byEnd.remove(one)) {
            return;
        }
        byName.computeIfPresent(one.name, (name, known) -> {
            known.remove(one);
            return known.isEmpty() ? null : known;
        });
        byLane.computeIfPresent(one.lane, (lane, count) -> count == 1 ? null : count - 1);
        isEmpty = byEnd.isEmpty();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return isEmpty;
    }

    /** How many are kept. */
    public synchronized int size() {
        return byEnd.size();
    }

    private List<Announced> find(OrphanName name) {
        return byName.getOrDefault(name, List.of());
    }

    private void forgetOld(long now) {
        while (!byEnd.isEmpty() && byEnd.getFirst().until - now <= 0) {
            remove(byEnd.getFirst());
        }
    }
}
