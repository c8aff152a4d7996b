package openledger.lab.engine;

import java.util.SplittableRandom;
import openledger.lab.world.LogNormal;
import openledger.lab.world.Market;

/**
 * Everything random about a request, as a function of its seed: so two runs of the same arrivals have the same draws, and nothing is
 * stored.
 */
final class RandomDraws {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long SERVICE = 0x51L << 56;
    private static final long LOWER_SERVICE = 0x52L << 56;
    private static final long PATIENCE = 0x53L << 56;
    private static final int REFUSAL = 0;
    private static final int JITTER = 1 << 16;
    private static final int BREAK = 2 << 16;
    private static final int RESEND = 3 << 16;
    private static final double UNIT = 0x1p-53;

    private final long seed;
    private final double service;

    /** Of one request, for who would rather ask an object. */
    RandomDraws(Arrival arrival, Market market) {
        this.seed = arrival.luck();
        this.service = service(seed, market.service());
    }

    /** How long a best-tier call of it takes, ms. */
    double service() {
        return service;
    }

    /** Uniform in [0, 1): whether the attempt of that number is refused. */
    double refusal(int attempt) {
        return refusal(seed, attempt);
    }

    /** How long a best-tier call of it takes, ms. */
    static double service(long seed, LogNormal of) {
        return of.at(new SplittableRandom(seed ^ SERVICE).nextGaussian());
    }

    /** How long a call of the tier below takes, ms. */
    static double lowerService(long seed, LogNormal of) {
        return of.at(new SplittableRandom(seed ^ LOWER_SERVICE).nextGaussian());
    }

    /** How long its client waits after it has sent it for that time, from 0, ms. */
    static double patience(long seed, int sent, LogNormal of) {
        return of.at(new SplittableRandom(seed + GOLDEN * sent ^ PATIENCE).nextGaussian());
    }

    /** Uniform in [0, 1): whether the attempt of that number is refused. */
    static double refusal(long seed, int attempt) {
        return uniform(seed, REFUSAL + attempt);
    }

    /** Uniform in [0, 1): the wait after the attempt of that number. */
    static double jitter(long seed, int attempt) {
        return uniform(seed, JITTER + attempt);
    }

    /** Uniform in [0, 1): whether and where the answer to the attempt of that number breaks off. */
    static double breaking(long seed, int attempt) {
        return uniform(seed, BREAK + attempt);
    }

    /** Uniform in [0, 1): whether its client sends it again after that time, from 0. */
    static double resend(long seed, int sent) {
        return uniform(seed, RESEND + sent);
    }

    /** The steps of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static double uniform(long seed, int place) {
        long z = seed + GOLDEN * (place + 1L);
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return ((z ^ (z >>> 31)) >>> 11) * UNIT;
    }
}
