package openledger.fairness;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The last minutes of one route, mode and gate at several routers, made of the parts that each of them has counted. Parts of the same
 * stretch of time are one stretch, whoever has counted them: a burst that reaches all routers shares its fate at all of them. Confined to
 * one thread.
 */
public final class MergedWindow {
    private final NavigableMap<Long, FairnessPart> parts = new TreeMap<>();

    /**
     * One more part.
     *
     * @param number of its stretch of time; rising with time
     */
    public void add(long number, FairnessPart part) {
        parts.merge(number, part, FairnessPart::plus);
    }

    /** Forgets all parts before that one. */
    public void forgetBefore(long number) {
        parts.headMap(number, false).clear();
    }

    /** True if there is no part. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** What the parts say. The floors are drawn with {@code chance}: the same generator and the same parts give the same. */
    public FairnessFigures figures(RandomGenerator chance) {
        WindowSum sum = new WindowSum();
        for (Map.Entry<Long, FairnessPart> part : parts.entrySet()) {
            sum.add(part.getValue().tally());
        }
        return sum.figures(chance);
    }
}
