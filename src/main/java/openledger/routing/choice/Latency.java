package openledger.routing.choice;

/**
 * An estimate of the time until the first content of a target's answers, and how much it is still worth. An answer counts half as much
 * after ten seconds (the decay time of Finagle's peak EWMA), and no more than {@value #MOST_ANSWERS} count, so time forgets, and not
 * answers: a target that is not called for long is unknown again. Peaks are not taken for the latency, as Finagle does: lengths of answers
 * differ by chance, and the target with more answers would have the higher peaks.
 *
 * <p>Immutable; pure.
 *
 * @param nanos weighted mean of the answers' times, ns; 0 if there was none
 * @param answers sum of their weights at {@code asOf}, 0 to {@value #MOST_ANSWERS}
 * @param asOf when the last one began, on the clock that all times here are of, ns
 */
public record Latency(double nanos, double answers, long asOf) {
    /** More answers than this do not make surer. */
    public static final int MOST_ANSWERS = 32;
    /** Of a target nobody has asked. */
    public static final Latency UNKNOWN = new Latency(0, 0, 0);

    private static final double HALF_LIFE_NANOS = 10e9;
    /**
     * While calls are in flight what is known fades so many times as slowly, so that a target that was slow is tried with about one call at
     * a time, until that is answered. Not for ever, since a stream may be in flight for minutes.
     */
    private static final double WHILE_BUSY = 4;

    /** The same after one more answer, which took {@code tookNanos}; {@code now} may be a little before that of an earlier one. */
    public Latency answered(long now, long tookNanos) {
        double kept = Math.min(MOST_ANSWERS - 1.0, answers * faded(now, HALF_LIFE_NANOS));
        return new Latency((kept * nanos + tookNanos) / (kept + 1), kept + 1, Math.max(asOf, now));
    }

    /**
     * How many answers the mean still rests on, 0 (nothing is known) to {@value #MOST_ANSWERS}.
     *
     * @param now the time, ns
     * @param inFlight calls at the target
     */
    public double evidence(long now, int inFlight) {
        return answers == 0 ? 0 : answers * faded(now, inFlight == 0 ? HALF_LIFE_NANOS : HALF_LIFE_NANOS * WHILE_BUSY);
    }

    private double faded(long now, double halfLife) {
        return StrictMath.pow(0.5, Math.max(0, now - asOf) / halfLife);
    }
}
