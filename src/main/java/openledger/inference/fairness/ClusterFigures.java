package openledger.inference.fairness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import openledger.fairness.FairnessPart;
import openledger.fairness.FairnessWindow;
import openledger.fairness.MergedWindow;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.inference.fairness.FairnessParts.Hold;
import openledger.inference.fairness.FairnessParts.Kept;
import openledger.inference.fairness.FairnessParts.Known;
import openledger.inference.fairness.FairnessParts.Place;
import openledger.inference.fairness.FairnessParts.Standing;
import openledger.inference.fairness.FairnessSeries.CohortCount;
import openledger.inference.fairness.FairnessView.Scope;
import openledger.inference.fairness.PartsEncoding.Counted;

/**
 * The figures of a cluster, made of the parts of its routers: the same at every router that has read the same parts. Each part is counted
 * once, whenever it comes; one that cannot be read, or that has other cohorts, is not counted, and its router is said to be lacking.
 * Confined to one thread.
 */
final class ClusterFigures {
    /** Length of a part. */
    static final long PART_MILLIS = FairnessBoard.PART.toMillis();
    /** How many make a window. */
    static final int PARTS = (int) FairnessBoard.WINDOW.dividedBy(FairnessBoard.PART);
    /** After its end, until a part should be there. */
    static final long DUE_MILLIS = 4_000;

    private static final int MOST_SERIES = 4_096;

    private final Map<FairnessSeries.Key, MergedWindow> windows = new HashMap<>();
    private final Map<Place, Taken> taken = new HashMap<>();
    private final Map<Hold, Totals> totals = new HashMap<>();

    /** What is known of a part that was read; {@code first} is 0 if it could not be. */
    private record Taken(boolean isCounted, long first) {
        static final Taken UNREADABLE = new Taken(false, 0);
    }

    /** The last word of a router on its series. */
    private record Totals(long part, List<FairnessSeries> series) {}

    /** The last part that should be there at that time of the database, Unix ms. */
    static long due(long epochMillis) {
        return Math.floorDiv(epochMillis - DUE_MILLIS, PART_MILLIS) - 1;
    }

    /** Those parts of the window that have not been read. */
    List<Place> wanted(Standing standing) {
        long due = due(standing.epochMillis());
        return standing.known().stream()
                .map(Known::place)
                .filter(place -> place.part() <= due && place.part() > due - PARTS)
                .filter(place -> !taken.containsKey(place))
                .toList();
    }

    /**
     * Counts what was read; a row that was taken before changes nothing.
     *
     * @param cohorts which secret our own cohorts are of
     * @return why the row is not counted; empty if it is
     */
    Optional<String> take(Kept row, long cohorts) {
        if (taken.containsKey(row.place())) {
            return Optional.empty();
        }
        Counted counted;
        try {
            counted = PartsEncoding.read(row.counts());
        } catch (IllegalArgumentException hostile) {
            taken.put(row.place(), Taken.UNREADABLE);
            return Optional.of(String.valueOf(hostile.getMessage()));
        }
        if (counted.cohorts() != cohorts) {
            taken.put(row.place(), Taken.UNREADABLE);
            return Optional.of("its cohorts are not ours");
        }
        long part = row.place().part();
        for (SeriesPart series : counted.series()) {
            series.part().ifPresent(of -> count(series.totals().key(), part, of));
        }
        taken.put(row.place(), new Taken(counted.leftOut() == 0, counted.first()));
        Totals before = totals.get(row.place().hold());
        if (before == null || before.part < part) {
            totals.put(
                    row.place().hold(),
                    new Totals(
                            part,
                            counted.series().stream().map(SeriesPart::totals).toList()));
        }
        return counted.leftOut() == 0 ? Optional.empty() : Optional.of("it has left out series");
    }

    private void count(FairnessSeries.Key key, long part, FairnessPart counts) {
        MergedWindow known = windows.get(key);
        if (known == null && windows.size() < MOST_SERIES) {
            known = new MergedWindow();
            windows.put(key, known);
        }
        if (known != null) {
            known.add(part, counts);
        }
    }

    /** The figures of the window that ends with the last part that is due. */
    FairnessView view(Standing standing) {
        long due = due(standing.epochMillis());
        forgetBefore(due - PARTS + 1);
        Set<Long> serving = new HashSet<>();
        standing.serving().forEach(hold -> serving.add(hold.lane()));
        Set<Long> lacking = lacking(standing, due);
        Set<Long> all = new HashSet<>(serving);
        all.addAll(lacking);
        int complete =
                (int) serving.stream().filter(lane -> !lacking.contains(lane)).count();
        return new FairnessView(Scope.CLUSTER, complete, all.size(), series(due));
    }

    private void forgetBefore(long part) {
        taken.keySet().removeIf(place -> place.part() < part);
        totals.keySet()
                .removeIf(hold ->
                        taken.keySet().stream().noneMatch(place -> place.hold().equals(hold)));
        windows.values().forEach(window -> window.forgetBefore(part));
    }

    /** Lanes of which something that was counted within the window is not here, or may not be. */
    private Set<Long> lacking(Standing standing, long due) {
        Map<Hold, Long> ends = new HashMap<>();
        Set<Hold> holds = new HashSet<>(standing.serving());
        for (Known known : standing.known()) {
            if (known.place().part() > due - PARTS) {
                holds.add(known.place().hold());
                if (known.isLast()) {
                    ends.put(known.place().hold(), known.place().part());
                }
            }
        }
        Set<Long> lacking = new HashSet<>();
        for (Hold hold : holds) {
            boolean serves = standing.serving().contains(hold);
            long end = ends.getOrDefault(hold, serves ? due : Long.MAX_VALUE);
            // Who neither serves nor has said its last word has died, with what it had counted last.
            if (end == Long.MAX_VALUE || !isWhole(hold, Math.min(end, due), due, standing)) {
                lacking.add(hold.lane());
            }
        }
        return lacking;
    }

    /** Every part of a hold that is due is counted, from its first one on. */
    private boolean isWhole(Hold hold, long end, long due, Standing standing) {
        long first = Long.MIN_VALUE;
        for (Map.Entry<Place, Taken> each : taken.entrySet()) {
            if (each.getKey().hold().equals(hold)) {
                if (!each.getValue().isCounted) {
                    return false;
                }
                first = Math.max(first, each.getValue().first);
            }
        }
        if (first == Long.MIN_VALUE) {
            // Nothing of it was to be read yet: it has only just come.
            return standing.known().stream()
                    .anyMatch(known ->
                            known.place().hold().equals(hold) && known.place().part() > due);
        }
        for (long part = Math.max(first, due - PARTS + 1); part <= end; part++) {
            if (!taken.containsKey(new Place(hold, part))) {
                return false;
            }
        }
        return true;
    }

    private List<FairnessSeries> series(long seed) {
        Map<FairnessSeries.Key, List<FairnessSeries>> byKey = new HashMap<>();
        totals.values()
                .forEach(of ->
                        of.series.forEach(series -> byKey.computeIfAbsent(series.key(), first -> new ArrayList<>())
                                .add(series)));
        windows.keySet().removeIf(key -> !byKey.containsKey(key));
        List<FairnessSeries> all = new ArrayList<>();
        byKey.forEach((key, each) -> all.add(sum(key, each, seed)));
        all.sort(Comparator.comparing((FairnessSeries of) -> of.key().route())
                .thenComparing(of -> of.key().mode()));
        return all;
    }

    private FairnessSeries sum(FairnessSeries.Key key, List<FairnessSeries> of, long seed) {
        MergedWindow window = windows.getOrDefault(key, new MergedWindow());
        List<CohortCount> cohorts = new ArrayList<>();
        for (int cohort = 0; cohort < FairnessWindow.COHORTS; cohort++) {
            CohortCount sum = new CohortCount(0, 0, 0, 0);
            for (FairnessSeries each : of) {
                sum = sum.plus(each.cohorts().get(cohort));
            }
            cohorts.add(sum);
        }
        return new FairnessSeries(
                key,
                Optional.of(window.figures(new SplittableRandom(seed))),
                slos(of.stream().map(FairnessSeries::sinceStart).toList()),
                slos(of.stream().map(FairnessSeries::lastHour).toList()),
                cohorts);
    }

    private static Map<Slo, Proportion> slos(List<Map<Slo, Proportion>> of) {
        Map<Slo, Proportion> sum = new EnumMap<>(Slo.class);
        of.forEach(each -> each.forEach((slo, share) ->
                sum.merge(slo, share, (a, b) -> new Proportion(a.good() + b.good(), a.total() + b.total()))));
        return sum;
    }
}
