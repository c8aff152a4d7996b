package openledger.bench;

/**
 * How long a benchmark takes.
 *
 * @param rounds of a closed loop, in turns
 * @param roundSeconds of each
 * @param warmUpSeconds before anything is measured; on two cores the compiler is not done sooner
 * @param openWarmUpSeconds of an open loop
 * @param openSeconds of an open loop, measured
 * @param streamSeconds of streams, measured
 * @param streams open at once
 */
public record BenchPace(
        int rounds,
        int roundSeconds,
        int warmUpSeconds,
        int openWarmUpSeconds,
        int openSeconds,
        int streamSeconds,
        int streams) {
    private static final BenchPace FULL = new BenchPace(5, 4, 40, 33, 60, 30, 1_000);
    private static final BenchPace QUICK = new BenchPace(1, 1, 2, 2, 4, 4, 50);

    /** Full, or with {@code QUICK=1} in the environment so short that it only shows whether all of it works. */
    public static BenchPace fromEnvironment() {
        return isQuick() ? QUICK : FULL;
    }

    public static boolean isQuick() {
        return "1".equals(System.getenv("QUICK"));
    }
}
