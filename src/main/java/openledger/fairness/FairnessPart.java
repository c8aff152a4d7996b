package openledger.fairness;

import java.nio.ByteBuffer;

/**
 * What was counted in one stretch of time that is over, by one router or by several together. Sums are the same in whatever order they are
 * made: what fair deals make of it is rounded to {@value Tally#FINE}ths of a request. 35 kB. Immutable.
 */
public final class FairnessPart {
    /** Most bytes of one; nearly all of them are 0. */
    public static final int MOST_BYTES = Tally.MOST_BYTES;

    private final Tally tally;

    FairnessPart(Tally tally) {
        this.tally = tally;
    }

    /** Both together: of two routers in the same stretch, or of one that was started again in it. */
    public FairnessPart plus(FairnessPart other) {
        Tally sum = new Tally();
        sum.merge(tally);
        sum.merge(other.tally);
        return new FairnessPart(sum);
    }

    Tally tally() {
        return tally;
    }

    /** Writes it; {@link #MOST_BYTES} at most. */
    public void write(ByteBuffer to) {
        tally.write(to);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IllegalArgumentException if it is anything that no router counts: a number that is negative or too large, more denied than
     *     admitted, a text that ends too early
     */
    public static FairnessPart read(ByteBuffer from) {
        return new FairnessPart(Tally.read(from));
    }
}
