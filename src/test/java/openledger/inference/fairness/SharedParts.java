package openledger.inference.fairness;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import openledger.inference.TurnedClock;

/** What the table of parts is to routers, in memory, with a time of its own and faults. */
final class SharedParts implements FairnessParts {
    /** By which the store's clock is ahead of the clock of the test. */
    static final long AHEAD_MILLIS = 1_700_000_003_000L;

    final Map<Place, byte[]> rows = new HashMap<>();
    final Map<Place, Boolean> last = new HashMap<>();
    final Map<Long, Hold> serving = new TreeMap<>();
    int policies = 1;
    /** Nothing is answered. */
    boolean isDown;
    /** What is written is kept, and its writer is not told. */
    boolean losesAnswers;

    private final TurnedClock clock;

    SharedParts(TurnedClock clock) {
        this.clock = clock;
    }

    long now() {
        return clock.epochMillis() + AHEAD_MILLIS;
    }

    @Override
    public Uni<Standing> standing() {
        return isDown
                ? down()
                : Uni.createFrom()
                        .item(new Standing(
                                now(),
                                new ArrayList<>(serving.values()),
                                policies,
                                rows.keySet().stream()
                                        .map(place -> new Known(place, Boolean.TRUE.equals(last.get(place))))
                                        .toList()));
    }

    @Override
    public Uni<List<Kept>> read(Collection<Place> places) {
        List<Kept> found = new ArrayList<>();
        for (Place place : places) {
            byte[] counts = rows.get(place);
            if (counts != null) {
                found.add(new Kept(place, counts));
            }
        }
        return isDown ? down() : Uni.createFrom().item(found);
    }

    @Override
    public Uni<Void> write(Kept row, boolean isLast) {
        if (isDown) {
            return down();
        }
        rows.putIfAbsent(row.place(), row.counts());
        last.putIfAbsent(row.place(), isLast);
        return losesAnswers ? down() : Uni.createFrom().voidItem();
    }

    private static <T> Uni<T> down() {
        return Uni.createFrom().failure(new IllegalStateException("out of reach"));
    }
}
