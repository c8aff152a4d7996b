package openledger.lab.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import openledger.lab.engine.Arrival;
import openledger.lab.engine.Arrivals;

/**
 * The load of each tenant. Arrivals are Poisson; the sizes of tenants follow Zipf's law; one in twenty requests is sent twice at the same
 * moment.
 *
 * @param name in tables
 * @param tenants at least 1
 * @param perSecond requests of all tenants together, without the flood
 * @param zipf exponent of the sizes, 0 for equal ones
 * @param flood what the largest tenant sends beside that
 */
public record Workload(String name, int tenants, double perSecond, double zipf, Flood flood) {
    /** The largest tenant, and the one that floods. */
    public static final int LARGEST = 0;

    /** A small mix, as in the budget experiment. */
    public static final Workload SMALL = new Workload("small", 20, 60, 0.8, Flood.NONE);
    /** The same, and its largest tenant sends ten times as much. */
    public static final Workload FLOODED = new Workload("flooded", 20, 60, 0.8, new Flood(9, 5_000, 200));
    /** Many of unequal size, for twice what there is. */
    public static final Workload MANY = new Workload("many", 64, 80, 1.0, Flood.NONE);

    private static final int LENGTH_STEP = 7;
    private static final double TWINS = 0.05;

    /**
     * Bursts of one tenant.
     *
     * @param factor what they come to on average, as a multiple of what it sends anyway; 0 for none
     * @param gapMillis mean time between two
     * @param lengthMillis over which one is spread
     */
    public record Flood(double factor, double gapMillis, double lengthMillis) {
        public static final Flood NONE = new Flood(0, 1, 1);
    }

    /** The first ones that come, each alone and without the flood; as plain numbers. */
    Arrivals first(long seed, int count) {
        return first(seed, count, 0);
    }

    /**
     * The same, from tenants whose answers are of different lengths.
     *
     * @param spread how much shorter than the mean the shortest are, 0 to below 1; the longest are as much longer
     */
    public Arrivals first(long seed, int count, double spread) {
        Arrivals arrivals = new Arrivals(new double[count], new int[count], new long[count], new double[count]);
        double[] upTo = sizesUpTo();
        SplittableRandom random = new SplittableRandom(seed);
        double at = 0;
        for (int i = 0; i < count; i++) {
            at += gap(random, 1_000 / perSecond);
            int tenant = at(upTo, random.nextDouble() * upTo[tenants - 1]);
            arrivals.millis()[i] = at;
            arrivals.tenants()[i] = tenant;
            arrivals.luck()[i] = random.nextLong();
            // Size and length have nothing to do with each other: neighbours in size are far apart in length.
            double length = (tenant * LENGTH_STEP % tenants + 0.5) / tenants;
            arrivals.stretch()[i] = 1 + spread * (2 * length - 1);
        }
        return arrivals;
    }

    /** What comes within a time, in order. The flood does not change what else comes. */
    public List<Arrival> arrivals(long seed, double millis) {
        double[] upTo = sizesUpTo();
        List<Arrival> arrivals = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        int twins = 0;
        for (double at = gap(random, 1_000 / perSecond); at < millis; at += gap(random, 1_000 / perSecond)) {
            int tenant = at(upTo, random.nextDouble() * upTo[tenants - 1]);
            boolean twice = random.nextDouble() < TWINS;
            int twin = twice ? twins++ : Arrival.ALONE;
            arrivals.add(new Arrival(0, at, tenant, random.nextLong(), twin));
            long other = random.nextLong();
            if (twice) {
                arrivals.add(new Arrival(0, at, tenant, other, twin));
            }
        }
        bursts(seed, millis, upTo[0] / upTo[tenants - 1], arrivals);
        arrivals.sort(Comparator.comparingDouble(Arrival::millis));
        List<Arrival> numbered = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            numbered.add(arrival.numbered(numbered.size()));
        }
        return numbered;
    }

    private void bursts(long seed, double millis, double share, List<Arrival> arrivals) {
        if (flood.factor == 0) {
            return;
        }
        SplittableRandom random = new SplittableRandom(~seed);
        long size = Math.round(flood.factor * share * perSecond * flood.gapMillis / 1_000);
        for (double at = gap(random, flood.gapMillis); at < millis; at += gap(random, flood.gapMillis)) {
            for (int i = 0; i < size; i++) {
                double when = at + random.nextDouble() * flood.lengthMillis;
                arrivals.add(new Arrival(0, when, LARGEST, random.nextLong(), Arrival.ALONE));
            }
        }
    }

    private double[] sizesUpTo() {
        double[] upTo = new double[tenants];
        double sum = 0;
        for (int i = 0; i < tenants; i++) {
            sum += StrictMath.pow(i + 1, -zipf);
            upTo[i] = sum;
        }
        return upTo;
    }

    private static int at(double[] upTo, double value) {
        int found = Arrays.binarySearch(upTo, value);
        return found < 0 ? -found - 1 : found;
    }

    private static double gap(SplittableRandom random, double mean) {
        return -mean * StrictMath.log(1 - random.nextDouble());
    }
}
