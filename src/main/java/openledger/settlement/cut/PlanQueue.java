package openledger.settlement.cut;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import openledger.settlement.cut.PlanSource.Entry;
import openledger.unit.RouteId;

/**
 * Snapshots and plans that were read and are in no batch yet. A snapshot goes with the first batch that has a plan of it or of
 * a later one; one without plans, which is known once a later snapshot or the end of the journal was read, with the next.
 * Confined to the sequencer's event loop.
 */
final class PlanQueue {
    /** Beyond that no more is read until a batch has taken some, if there is anything to be cut it for. */
    private static final long MOST_SNAPSHOT_BYTES = 8 << 20;

    private final List<Entry> entries = new ArrayList<>();
    private int plans;
    private long snapshotBytes;
    private JournalOffset begin;
    private JournalOffset read;
    private boolean caughtUp;

    /** An empty queue, to be filled from there. */
    PlanQueue(JournalOffset begin) {
        this.begin = begin;
        this.read = begin;
    }

    /** Behind all that was read, and behind all that is known not to be a plan. */
    JournalOffset place() {
        return read;
    }

    /** Whether to read more. */
    boolean hasRoom(int most) {
        return plans < most && (plans == 0 || snapshotBytes < MOST_SNAPSHOT_BYTES);
    }

    /** How many plans wait. */
    int plans() {
        return plans;
    }

    /** Whether a plan waits of a request whose counter is one of those. */
    boolean hasPlanOf(LongPredicate counter) {
        return entries.stream()
                .anyMatch(entry -> entry instanceof Entry.OfPlan(var plan, var behind)
                        && counter.test(plan.id().counter()));
    }

    /** When the oldest plan was pinned. */
    Optional<Instant> oldest() {
        for (Entry entry : entries) {
            if (entry instanceof Entry.OfPlan(var plan, var behind)) {
                return Optional.of(Instant.ofEpochMilli(plan.pinnedMillis()));
            }
        }
        return Optional.empty();
    }

    void add(List<Entry> more) {
        for (Entry entry : more) {
            switch (entry) {
                case Entry.OfPlan plan -> plans++;
                case Entry.OfSnapshot(var number, var bytes, var behind) -> snapshotBytes += bytes.length;
            }
            entries.add(entry);
        }
        read = more.getLast().behind();
        caughtUp = false;
    }

    /** There was nothing more, though the journal was durable up to {@code seen}: so there is none before that. */
    void none(JournalOffset seen) {
        read = JournalOffset.later(read, seen);
        if (entries.isEmpty()) {
            begin = read;
        }
        caughtUp = true;
    }

    /** What a batch takes that has room for so many plans; it stays here until it is {@link #drop dropped}. */
    List<Entry> next(int most) {
        int taken = 0;
        int leaves = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Entry.OfPlan) {
                if (leaves == most) {
                    break;
                }
                leaves++;
                taken = i + 1;
            } else if (isWithoutPlans(i)) {
                taken = i + 1;
            }
        }
        return List.copyOf(entries.subList(0, taken));
    }

    private boolean isWithoutPlans(int snapshot) {
        return snapshot + 1 == entries.size() ? caughtUp : entries.get(snapshot + 1) instanceof Entry.OfSnapshot;
    }

    /** Where the next batch begins to read if this one takes the first so many. */
    JournalOffset behind(int taken) {
        return taken == entries.size()
                ? read
                : taken == 0 ? begin : entries.get(taken - 1).behind();
    }

    /** Those are in a batch. */
    void drop(int taken) {
        begin = behind(taken);
        for (Entry entry : entries.subList(0, taken)) {
            switch (entry) {
                case Entry.OfPlan plan -> plans--;
                case Entry.OfSnapshot(var number, var bytes, var behind) -> snapshotBytes -= bytes.length;
            }
        }
        entries.subList(0, taken).clear();
    }

    /** Route versions of plans. */
    static Set<RouteId> routes(List<Entry> entries) {
        Set<RouteId> routes = new HashSet<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.OfPlan(var plan, var behind)) {
                routes.add(plan.intent().route());
            }
        }
        return routes;
    }
}
