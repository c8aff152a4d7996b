package openledger.routing.choice;

import java.util.List;
import java.util.random.RandomGenerator;
import openledger.routing.Target;

/**
 * Choice of a target in fast mode, among those with a free slot that were not tried in this round; if none of these is free, among the
 * free ones that were tried. Two different ones are drawn by weight, one after the other (Mitzenmacher, "The Power of Two Choices in
 * Randomized Load Balancing", 2001). The first is called, so that shares are weights, unless the second is better:
 *
 * <ol>
 *   <li><b>The first has hardly any room</b>: nine tenths of its slots are in use, and of the second's a smaller part. While this is so of
 *       either, nothing else counts.
 *   <li><b>The second is clearly better</b>: its expected wait is less than half. The expected wait is latency × (calls in flight /
 *       weight + {@value #CHANCE} / the lesser of the two weights): that many calls more or fewer are chance, not load.
 *   <li><b>The second is less loaded</b>: it has fewer calls in flight for its weight, times latency. A target of weight w counts as w
 *       equal ones that share its calls, one of which is looked at; so fractions are rounded up or down by chance. A heavier
 *       target gives way to a lighter one only as often as makes what it loses equal to what it gains from it the other way round:
 *       (1 − p<sub>first</sub>) / (1 − p<sub>lighter</sub>), where p is a target's part of the weights that are drawn from. Else the one
 *       that is drawn first less often would gain by every difference, and 9 : 1 would be 1 : 1.
 * </ol>
 *
 * <p>So equal targets get calls in proportion to their weights at every rate; what is slower or full gets less. The ratio of two latencies
 * is believed as far as the answers it rests on go: raised to the power e / (e + {@value #DOUBT}), where e is the evidence of the one of
 * which less is known ({@link TargetLoad#latencyEvidence}). Of two targets one of which is unknown, or was not heard of for long, the
 * weights decide; that is how a newcomer, and a target that was slow some time ago, is tried.
 *
 * <p>Pure, but for what it draws.
 */
public final class PowerOfTwoChoices {
    /** Calls in flight at the lighter of two that are chance and not load. */
    private static final double CHANCE = 6;
    /** So many answers make half a belief. */
    private static final double DOUBT = 4;
    /** So many times the other's expected wait is clearly worse. */
    private static final double CLEARLY = 2;
    /** Of so many parts of a target's slots all but one are in use: it has hardly any room. */
    private static final int PARTS = 10;

    private PowerOfTwoChoices() {}

    /**
     * The index of the chosen target, or -1 if none has a free slot.
     *
     * @param targets at most 64
     * @param loads the load of each, same order
     * @param tried bit i set: target i was tried in this round
     */
    public static int choose(List<Target> targets, List<TargetLoad> loads, long tried, RandomGenerator random) {
        long eligible = eligible(loads, tried);
        return switch (Long.bitCount(eligible)) {
            case 0 -> -1;
            case 1 -> Long.numberOfTrailingZeros(eligible);
            default -> better(targets, loads, eligible, random);
        };
    }

    /** Those with a free slot that were not tried in this round; if there are none, those with a free slot: bit i for target i. */
    static long eligible(List<TargetLoad> loads, long tried) {
        long free = free(loads);
        long fresh = free & ~tried;
        return fresh != 0 ? fresh : free;
    }

    /** True if a target that was not tried in this round has a free slot: then the round goes on. */
    public static boolean hasUntried(List<TargetLoad> loads, long tried) {
        return (free(loads) & ~tried) != 0;
    }

    private static long free(List<TargetLoad> loads) {
        long free = 0;
        for (int i = 0; i < loads.size(); i++) {
            if (loads.get(i).hasFreeSlot()) {
                free |= 1L << i;
            }
        }
        return free;
    }

    private static int better(List<Target> targets, List<TargetLoad> loads, long eligible, RandomGenerator random) {
        int weights = weights(targets, eligible);
        int first = draw(targets, eligible, weights, random);
        int firstWeight = targets.get(first).weight();
        int second = draw(targets, eligible & ~(1L << first), weights - firstWeight, random);
        int secondWeight = targets.get(second).weight();
        TargetLoad one = loads.get(first);
        TargetLoad other = loads.get(second);
        if (hasHardlyRoom(one) || hasHardlyRoom(other)) {
            return fullness(other) < fullness(one) && hasHardlyRoom(one) ? second : first;
        }
        double slower = slower(one, other);
        double chance = CHANCE / Math.min(firstWeight, secondWeight);
        double load = (double) one.inFlight() / firstWeight;
        double otherLoad = (double) other.inFlight() / secondWeight;
        double wait = (load + chance) * slower;
        double otherWait = otherLoad + chance;
        if (wait > CLEARLY * otherWait || otherWait > CLEARLY * wait) {
            return wait > otherWait ? second : first;
        }
        boolean isMore = rounded(load * slower, random) > rounded(otherLoad, random);
        return isMore && (firstWeight <= secondWeight || givesWay(weights, firstWeight, secondWeight, random))
                ? second
                : first;
    }

    private static boolean givesWay(int weights, int heavier, int lighter, RandomGenerator random) {
        return random.nextDouble() * (weights - lighter) < weights - heavier;
    }

    private static boolean hasHardlyRoom(TargetLoad load) {
        return (long) load.inFlight() * PARTS >= (long) load.limit() * (PARTS - 1);
    }

    private static double fullness(TargetLoad load) {
        return (double) load.inFlight() / load.limit();
    }

    /** How many times as slow as the other it is, as far as that is to be believed; 1 where nothing is known. */
    private static double slower(TargetLoad load, TargetLoad other) {
        double evidence = Math.min(load.latencyEvidence(), other.latencyEvidence());
        if (evidence <= 0 || load.latencyNanos() <= 0 || other.latencyNanos() <= 0) {
            return 1;
        }
        double ratio = (double) load.latencyNanos() / other.latencyNanos();
        return StrictMath.pow(ratio, evidence / (evidence + DOUBT));
    }

    /** Up or down by chance, so that the mean is the value. */
    private static long rounded(double value, RandomGenerator random) {
        return (long) (value + random.nextDouble());
    }

    private static int weights(List<Target> targets, long among) {
        int sum = 0;
        for (long rest = among; rest != 0; rest &= rest - 1) {
            sum += targets.get(Long.numberOfTrailingZeros(rest)).weight();
        }
        return sum;
    }

    private static int draw(List<Target> targets, long among, int weights, RandomGenerator random) {
        int left = random.nextInt(weights);
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
}
