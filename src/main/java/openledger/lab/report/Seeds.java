package openledger.lab.report;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * From 1 up to a number: each is a run of its own, with worlds, arrivals and luck of its own.
 *
 * @param count at least 2, so that there is an interval
 */
public record Seeds(int count) {
    public Seeds {
        if (count < 2) {
            throw new IllegalArgumentException("an interval needs two seeds at least: " + count);
        }
    }

    /**
     * Runs something for each seed, on all cores; the results are in the order of the seeds.
     *
     * @param words what is being done
     * @param run must depend on its seed alone
     */
    public <T> List<T> each(String words, Progress progress, LongFunction<T> run) {
        AtomicInteger done = new AtomicInteger();
        return LongStream.rangeClosed(1, count)
                .parallel()
                .mapToObj(seed -> {
                    T result = run.apply(seed);
                    progress.done(words, done.incrementAndGet(), count);
                    return result;
                })
                .toList();
    }
}
