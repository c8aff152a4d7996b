package openledger.lab.engine;

import java.util.List;

/**
 * Requests that come in, in order, as plain numbers. Immutable by agreement: the arrays, all of one length, are not copied.
 *
 * @param millis when, ms from the beginning
 * @param tenants who, from 0
 * @param luck seeds of everything about them that is chance: the same in every mode and under every rule
 * @param stretch how much longer than others' their answers take, about 1 on average
 */
public @SuppressWarnings("ArrayRecordComponent") // compared with nothing; objects would cost more than the runs
record Arrivals(double[] millis, int[] tenants, long[] luck, double[] stretch) {
    public int count() {
        return millis.length;
    }

    /** The same as objects. */
    public List<Arrival> asList() {
        return java.util.stream.IntStream.range(0, count())
                .mapToObj(i -> new Arrival(i, millis[i], tenants[i], luck[i], Arrival.ALONE))
                .toList();
    }

    /** The same as plain numbers, in the order of their numbers. */
    public static Arrivals of(List<Arrival> list) {
        Arrivals arrivals = new Arrivals(
                new double[list.size()], new int[list.size()], new long[list.size()], new double[list.size()]);
        for (Arrival arrival : list) {
            int at = arrival.number();
            arrivals.millis[at] = arrival.millis();
            arrivals.tenants[at] = arrival.tenant();
            arrivals.luck[at] = arrival.luck();
            arrivals.stretch[at] = 1;
        }
        return arrivals;
    }
}
