package openledger.cli.guard;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long requests were in the guard itself, as a histogram of Prometheus. Thread-safe. */
final class AddedLatency {
    private static final double[] SECONDS = {
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 1
    };
    private static final double NANOS_A_SECOND = 1e9;

    private final AtomicLongArray buckets = new AtomicLongArray(SECONDS.length + 1);
    private final LongAdder nanos = new LongAdder();

    void add(long took) {
        int bucket = 0;
        while (bucket < SECONDS.length && took > SECONDS[bucket] * NANOS_A_SECOND) {
            bucket++;
        }
        buckets.incrementAndGet(bucket);
        nanos.add(took);
    }

    /** The lines of a scrape. */
    void write(StringBuilder to, String name) {
        long count = 0;
        for (int i = 0; i < SECONDS.length; i++) {
            count += buckets.get(i);
            to.append(String.format(Locale.ROOT, "%s_bucket{le=\"%s\"} %d\n", name, text(SECONDS[i]), count));
        }
        count += buckets.get(SECONDS.length);
        to.append(String.format(Locale.ROOT, "%s_bucket{le=\"+Inf\"} %d\n", name, count));
        to.append(String.format(Locale.ROOT, "%s_sum %.9f\n", name, nanos.sum() / NANOS_A_SECOND));
        to.append(String.format(Locale.ROOT, "%s_count %d\n", name, count));
    }

    private static String text(double seconds) {
        return java.math.BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
    }
}
