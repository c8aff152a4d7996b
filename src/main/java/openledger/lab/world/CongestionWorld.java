package openledger.lab.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A market that is hot at times for everybody, and providers with blips of their own: which share of its slots a
 * provider has left for us at a time, and how likely it refuses a call. Two worlds of one seed are the same world. Time
 * is an argument, milliseconds from the world's beginning; spells are drawn as far as somebody looks. Safe for several
 * threads.
 */
public final class CongestionWorld {
    private static final long MARKET = 7_919;

    private final CongestionParameters parameters;
    private final Spells market;
    private final List<Spells> blips = new ArrayList<>();

    /** A world with {@code providers} of them. */
    public CongestionWorld(CongestionParameters parameters, int providers, long seed) {
        this.parameters = parameters;
        this.market = new Spells(seed * MARKET + 1, parameters.normalMillis(), parameters.hotMillis());
        for (int i = 0; i < providers; i++) {
            blips.add(new Spells(seed * MARKET + 2 + i, parameters.blipGapMillis(), parameters.blipMillis()));
        }
    }

    /** True while the whole market is hot. */
    public boolean isHot(double millis) {
        return market.isOn(millis);
    }

    /** Share of its slots a provider has left for us, over 0 to 1. */
    public double share(int provider, double millis) {
        double share = isHot(millis) ? parameters.hotShare() : 1;
        return blips.get(provider).isOn(millis) ? Math.min(share, parameters.blipShare()) : share;
    }

    /**
     * Probability that a call is refused.
     *
     * @param utilisation calls in flight over the slots left, 0 or more
     */
    public double refusal(double utilisation) {
        if (utilisation >= 1) {
            return 1;
        }
        double floor = parameters.refusalFloor();
        double steep = 1 + StrictMath.exp(-parameters.refusalSlope() * (utilisation - parameters.refusalMiddle()));
        return floor + (1 - floor) / steep;
    }

    /** Somebody who looks at it again and again, ever later. Confined to one thread. */
    public Course course() {
        return new Course();
    }

    /** Remembers until when a share holds, so that a look is mostly a comparison. */
    public final class Course {
        private final double[] shares = new double[blips.size()];
        private final double[] until = new double[blips.size()];

        /** {@link CongestionWorld#share} at a moment that is not before those of earlier looks at the provider. */
        public double share(int provider, double millis) {
            if (millis >= until[provider]) {
                shares[provider] = CongestionWorld.this.share(provider, millis);
                until[provider] =
                        Math.min(market.endAfter(millis), blips.get(provider).endAfter(millis));
            }
            return shares[provider];
        }
    }

    /** Alternating spells, exponential in length, that begin in their stationary state. */
    private static final class Spells {
        private final Random random;
        private final double offMillis;
        private final double onMillis;
        /** Ends of spells in order; even places end a spell that is off. */
        private double[] ends = new double[64];

        private int known = 1;

        Spells(long seed, double offMillis, double onMillis) {
            this.random = new Random(seed);
            this.offMillis = offMillis;
            this.onMillis = onMillis;
            boolean startsOff = random.nextDouble() < offMillis / (offMillis + onMillis);
            ends[0] = startsOff ? exponential(offMillis) : 0;
        }

        synchronized boolean isOn(double millis) {
            return place(millis) % 2 == 1;
        }

        synchronized double endAfter(double millis) {
            return ends[place(millis)];
        }

        private int place(double millis) {
            while (ends[known - 1] <= millis) {
                if (known == ends.length) {
                    ends = Arrays.copyOf(ends, known * 2);
                }
                ends[known] = ends[known - 1] + exponential(known % 2 == 0 ? offMillis : onMillis);
                known++;
            }
            int found = Arrays.binarySearch(ends, 0, known, millis);
            return found < 0 ? -found - 1 : found + 1;
        }

        private double exponential(double mean) {
            return -mean * StrictMath.log(1 - random.nextDouble());
        }
    }
}
