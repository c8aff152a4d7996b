package openledger.fairness;

import java.nio.ByteBuffer;

/**
 * What each cohort got in one stretch of time, less what it would get if outcomes were dealt anew, as if cohorts meant nothing, within each
 * stratum: among requests that came at nearly the same time while the best tier was about as busy. Two numbers for each outcome and
 * cohort, however many strata there were. Confined to one thread.
 */
public final class FairDeal {
    private final int cohorts;
    private final float[] surplus;
    private final float[] variance;

    /**
     * Nothing was dealt.
     *
     * @param outcomes how many different things are counted
     * @param cohorts how many there are
     */
    public FairDeal(int outcomes, int cohorts) {
        this(cohorts, new float[outcomes * cohorts], new float[outcomes * cohorts]);
    }

    private FairDeal(int cohorts, float[] surplus, float[] variance) {
        this.cohorts = cohorts;
        this.surplus = surplus;
        this.variance = variance;
    }

    /** A stratum of which one outcome is counted: requests by cohort, and those of them with the outcome. */
    public void add(int[] admitted, int[] counted) {
        int all = 0;
        int marked = 0;
        for (int cohort = 0; cohort < admitted.length; cohort++) {
            all += admitted[cohort];
            marked += counted[cohort];
        }
        for (int cohort = 0; cohort < admitted.length; cohort++) {
            add(0, cohort, counted[cohort], admitted[cohort], admitted[cohort], all, marked);
        }
    }

    /**
     * Some requests of a cohort in a stratum.
     *
     * @param outcome which
     * @param counted those of these requests that have the outcome
     * @param requests how many they are
     * @param own all that the cohort has in the stratum
     * @param all that the stratum has
     * @param marked of all, those with the outcome
     */
    void add(int outcome, int cohort, int counted, int requests, int own, int all, int marked) {
        // Where all have it, or none has, or nobody else is there, there is nothing to deal.
        if (requests == 0 || marked == 0 || marked == all || own == all) {
            return;
        }
        int at = outcome * cohorts + cohort;
        double share = (double) marked / all;
        surplus[at] += (float) (counted - requests * share);
        // That of the hypergeometric law; of a part of the cohort's requests, their part of it.
        variance[at] += (float) (requests * (double) (all - own) / (all - 1) * share * (1 - share));
    }

    /** The same with outcomes put together: outcome i counts as {@code groupOf[i]}. */
    FairDeal merged(int[] groupOf, int groups) {
        FairDeal merged = new FairDeal(groups, cohorts);
        for (int i = 0; i < surplus.length; i++) {
            int at = groupOf[i / cohorts] * cohorts + i % cohorts;
            merged.surplus[at] += surplus[i];
            merged.variance[at] += variance[i];
        }
        return merged;
    }

    /** What was dealt elsewhere as well. */
    void merge(FairDeal other) {
        for (int i = 0; i < surplus.length; i++) {
            surplus[i] += other.surplus[i];
            variance[i] += other.variance[i];
        }
    }

    /** In steps of a {@code fine}th. */
    void write(ByteBuffer to, int fine) {
        for (int i = 0; i < surplus.length; i++) {
            PartBytes.writeSigned(to, Math.round(surplus[i] * (double) fine));
            PartBytes.write(to, Math.round(variance[i] * (double) fine));
        }
    }

    /** @throws IllegalArgumentException if something is beyond {@code most} */
    void read(ByteBuffer from, int fine, int most) {
        for (int i = 0; i < surplus.length; i++) {
            surplus[i] = (float) PartBytes.readSigned(from, (long) most * fine) / fine;
            variance[i] = (float) PartBytes.read(from, (long) most * fine) / fine;
        }
    }

    FairDeal copy() {
        return new FairDeal(cohorts, surplus.clone(), variance.clone());
    }

    int cohorts() {
        return cohorts;
    }

    /** By outcome, then by cohort; not to be changed. */
    float[] surplus() {
        return surplus;
    }

    /** Of {@link #surplus()}, in a fair deal; not to be changed. */
    float[] variance() {
        return variance;
    }
}
