package openledger.lab.stake;

import openledger.lab.report.Measured;

/** Guesses of what things cost, in US dollars; see {@code docs/explanation/0026-stakes-and-barrier.md}. */
final class Prices {
    /** A mean gain at a load of one half. */
    static final double GAIN = 0.002;

    /** A transaction with a proof. */
    static final double PROOF = 0.02;

    private Prices() {}

    /** An amount of gains. */
    static Measured dollars(Measured gains) {
        return gains.times(GAIN);
    }

    /** Whether a reporter gets more than a proof costs. */
    static boolean payForProof(Terms terms) {
        return terms.reward() * GAIN >= PROOF;
    }
}
