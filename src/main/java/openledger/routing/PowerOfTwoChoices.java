package openledger.routing;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Choice of a target in fast mode: two are drawn by weight among those with a free slot, the one with the lower load
 * wins (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001). Targets already tried in this
 * round are taken only if no other has a free slot.
 */
public final class PowerOfTwoChoices {
    private PowerOfTwoChoices() {}

    /**
     * The index of the chosen target, or -1 if none has a free slot.
     *
     * @param targets at most 64
     * @param loads the load of each, same order
     * @param tried bit i set: target i was tried in this round
     */
    public static int choose(List<Target> targets, List<TargetLoad> loads, long tried, RandomGenerator random) {
        long free = 0;
        for (int i = 0; i < loads.size(); i++) {
            if (loads.get(i).hasFreeSlot()) {
                free |= 1L << i;
            }
        }
        long fresh = free & ~tried;
        long eligible = fresh != 0 ? fresh : free;
        return switch (Long.bitCount(eligible)) {
            case 0 -> -1;
            case 1 -> Long.numberOfTrailingZeros(eligible);
            default -> lighter(targets, loads, eligible, random);
        };
    }

    private static int lighter(List<Target> targets, List<TargetLoad> loads, long eligible, RandomGenerator random) {
        int first = draw(targets, eligible, random);
        int second = draw(targets, eligible & ~(1L << first), random);
        return score(loads.get(first)) <= score(loads.get(second)) ? first : second;
    }

    private static int draw(List<Target> targets, long among, RandomGenerator random) {
        int sum = 0;
        for (long rest = among; rest != 0; rest &= rest - 1) {
            sum += targets.get(Long.numberOfTrailingZeros(rest)).weight();
        }
        int left = random.nextInt(sum);
        int last = -1;
        for (long rest = among; rest != 0; rest &= rest - 1) {
            last = Long.numberOfTrailingZeros(rest);
            left -= targets.get(last).weight();
            if (left < 0) {
                return last;
            }
        }
        return last;
    }

    /** Expected wait: how full it is, times how slow. Unknown latency counts as 1 ms, so that newcomers get tried. */
    private static double score(TargetLoad load) {
        double milliseconds = Math.max(1.0, load.latencyNanos() / 1e6);
        return (load.inFlight() + 1.0) / load.limit() * milliseconds;
    }
}
