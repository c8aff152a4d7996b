package openledger.audit.usage;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import openledger.audit.usage.UsageDifference.Kind;

/**
 * The result of a comparison.
 *
 * @param compared calls of the log that the provider's record was searched for, or that were counted
 * @param agreed of these, those whose own entry the provider's record has, with nothing that differs; 0 if only totals were compared
 * @param untold of the log, those of which the provider's record can show nothing: outside the time, or claimed refusals that it would not list
 * @param billedLate calls said to have been given up or broken of which the provider has an answer: no contradiction, and worth a look if many
 * @param counts differences by kind, all of them
 * @param differences the first of them, in no particular order of weight
 */
public record Reconciliation(
        long compared,
        long agreed,
        long untold,
        long billedLate,
        Map<Kind, Long> counts,
        List<UsageDifference> differences) {
    /** Most differences that are kept; the others are counted. */
    public static final int MOST_KEPT = 1_000;

    public Reconciliation {
        counts = Map.copyOf(counts);
        differences = List.copyOf(differences);
    }

    /** How many differences there are, kept or not. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many of that kind there are. */
    public long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** The same with more differences. */
    public Reconciliation with(List<UsageDifference> more) {
        Draft draft = new Draft();
        counts.forEach((kind, count) -> draft.counts.merge(kind, count, Long::sum));
        draft.kept.addAll(differences);
        more.forEach(draft::add);
        return draft.done(compared, agreed, untold, billedLate);
    }

    /** A result in the making. */
    static final class Draft {
        private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        private final List<UsageDifference> kept = new ArrayList<>();

        void add(UsageDifference difference) {
            counts.merge(difference.kind(), 1L, Long::sum);
            if (kept.size() < MOST_KEPT) {
                kept.add(difference);
            }
        }

        Reconciliation done(long compared, long agreed, long untold, long billedLate) {
            return new Reconciliation(compared, agreed, untold, billedLate, counts, kept);
        }
    }
}
