package openledger.chaos.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Whether a soak shows growth: the mean of its last third against the mean of its middle third. The first third is warm-up:
 * windows fill, pools and compiled code grow to their size.
 */
final class SoakVerdict {
    private static final double HEAP_SHARE = 0.05;
    private static final double HEAP_BYTES = 8e6;
    /** Pools breathe; a leak of one in ten seconds is beyond this in a soak of ten minutes. */
    private static final double THREADS = 4;

    private static final double DESCRIPTORS = 20;
    private static final double FAILED_SHARE = 0.01;
    private static final int FEWEST = 3;

    private SoakVerdict() {}

    /** What is wrong, a sentence each; nothing if all is well. */
    static List<String> of(List<SoakSample> samples) {
        if (samples.size() < FEWEST) {
            return List.of("too short: fewer than " + FEWEST + " samples");
        }
        List<String> wrong = new ArrayList<>();
        double heap = mean(middle(samples), SoakSample::heapBytes);
        double heapGrowth = mean(last(samples), SoakSample::heapBytes) - heap;
        if (heapGrowth > HEAP_BYTES && heapGrowth > heap * HEAP_SHARE) {
            wrong.add(String.format(Locale.ROOT, "heap after collection grew by %.1f MB", heapGrowth / 1e6));
        }
        grown(samples, "threads", THREADS, sample -> sample.process().threads(), wrong);
        grown(samples, "descriptors", DESCRIPTORS, sample -> sample.process().descriptors(), wrong);
        long answers = samples.stream().mapToLong(SoakSample::answers).sum();
        long failures = samples.stream().mapToLong(SoakSample::failures).sum();
        if (failures > answers * FAILED_SHARE) {
            wrong.add(failures + " requests failed");
        }
        return wrong;
    }

    private static void grown(
            List<SoakSample> samples, String what, double slack, ToDoubleFunction<SoakSample> of, List<String> wrong) {
        double growth = mean(last(samples), of) - mean(middle(samples), of);
        if (growth > slack) {
            wrong.add(String.format(Locale.ROOT, "%s grew by %.1f", what, growth));
        }
    }

    private static List<SoakSample> middle(List<SoakSample> samples) {
        return samples.subList(samples.size() / 3, 2 * samples.size() / 3);
    }

    private static List<SoakSample> last(List<SoakSample> samples) {
        return samples.subList(2 * samples.size() / 3, samples.size());
    }

    private static double mean(List<SoakSample> samples, ToDoubleFunction<SoakSample> of) {
        return samples.stream().mapToDouble(of).average().orElse(0);
    }
}
