package openledger.lab;

import java.util.SplittableRandom;

/** Everything about a request that is chance, drawn beforehand: so two runs of the same arrivals differ in nothing else. */
final class Luck {
    private static final int MOST_ATTEMPTS = 16;

    private final double service;
    private final double[] refusals = new double[MOST_ATTEMPTS];
    private final double[] jitters = new double[MOST_ATTEMPTS];

    Luck(Arrival arrival, Market market) {
        SplittableRandom random = new SplittableRandom(arrival.luck());
        this.service = market.service().draw(random);
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            refusals[i] = random.nextDouble();
            jitters[i] = random.nextDouble();
        }
    }

    /** How long a best-tier call of it takes, ms. */
    double service() {
        return service;
    }

    /** Uniform in [0, 1), for the attempt of that number. */
    double refusal(int attempt) {
        return refusals[attempt % MOST_ATTEMPTS];
    }

    /** Uniform in [0, 1), for the wait after the attempt of that number. */
    double jitter(int attempt) {
        return jitters[attempt % MOST_ATTEMPTS];
    }
}
