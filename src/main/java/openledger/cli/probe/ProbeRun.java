package openledger.cli.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import openledger.cli.probe.ProbeClient.Got;
import openledger.cli.probe.ProbeTarget.Twin;
import openledger.fairness.twin.TwinVerdict.Pair;

/**
 * Sends pairs of twins: both at once, in an order drawn by lot, not faster than a rate, not more at once than a bound, not longer than a
 * time. It ends early if nothing at all is answered. Of one use; {@link #stop} may be called from any thread.
 */
final class ProbeRun {
    /** Pairs without any answer after which an endpoint is taken for one that cannot be probed. */
    private static final int HOPELESS = 10;

    private static final int NUMBERS = 1_000_000;

    private final ProbeClient client;
    private final Limits limits;
    private final boolean isInTurn;
    private final RandomGenerator chance;
    private final AtomicBoolean isStopped = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final List<Pair> pairs = new ArrayList<>();
    private int number;

    /**
     * Bounds of a run.
     *
     * @param pairs that are sent at most
     * @param perSecond pairs begun in a second at most, over 0
     * @param atOnce pairs in flight at most
     * @param longest that pairs are begun
     */
    record Limits(int pairs, double perSecond, int atOnce, Duration longest) {}

    /**
     * A run.
     *
     * @param isInTurn whether the second twin is sent when the first has ended
     * @param chance that the endpoint cannot foresee
     */
    ProbeRun(ProbeClient client, Limits limits, boolean isInTurn, RandomGenerator chance) {
        this.client = client;
        this.limits = limits;
        this.isInTurn = isInTurn;
        this.chance = chance;
        this.number = chance.nextInt(NUMBERS);
    }

    /** No pair is begun any more; those in flight are waited for. */
    void stop() {
        isStopped.set(true);
    }

    /** Pairs of which both twins have ended. */
    List<Pair> pairs() {
        synchronized (pairs) {
            return List.copyOf(pairs);
        }
    }

    /** How many requests of what kind were refused. */
    Map<String, Integer> refusals() {
        synchronized (refusals) {
            return new TreeMap<>(refusals);
        }
    }

    /** True if nothing at all was answered. */
    boolean isHopeless() {
        return ended.get() >= Math.min(HOPELESS, limits.pairs) && answered.get() == 0;
    }

    /**
     * Sends the pairs and waits for their ends.
     *
     * @param progress gets the number of pairs that have ended
     */
    void run(IntConsumer progress) throws InterruptedException {
        long began = System.nanoTime();
        long step = (long) (TimeUnit.SECONDS.toNanos(1) / limits.perSecond);
        Semaphore free = new Semaphore(limits.atOnce);
        // Closed last to first: the last pairs still send their twins while no pair is taken any more.
        try (ExecutorService twins = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < limits.pairs && !isStopped.get(); i++) {
                free.acquire();
                sleepUntil(began + i * step);
                if (isHopeless() || System.nanoTime() - began > limits.longest.toNanos()) {
                    break;
                }
                boolean secondFirst = !isInTurn && chance.nextBoolean();
                int one = next();
                int other = next();
                threads.execute(() -> {
                    try {
                        pair(twins, secondFirst, one, other).ifPresent(pair -> {
                            synchronized (pairs) {
                                pairs.add(pair);
                            }
                        });
                        progress.accept(ended.incrementAndGet());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        free.release();
                    }
                });
            }
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private int next() {
        number = (number + 1) % NUMBERS;
        return number;
    }

    private Optional<Pair> pair(ExecutorService twins, boolean secondFirst, int one, int other)
            throws InterruptedException {
        Twin early = secondFirst ? Twin.SECOND : Twin.FIRST;
        Twin late = secondFirst ? Twin.FIRST : Twin.SECOND;
        try {
            Got earlier;
            Got later;
            if (isInTurn) {
                earlier = client.send(early, one);
                later = client.send(late, other);
            } else {
                Future<Got> first = twins.submit(() -> client.send(early, one));
                Future<Got> second = twins.submit(() -> client.send(late, other));
                earlier = first.get();
                later = second.get();
            }
            note(earlier);
            note(later);
            return Optional.of(
                    secondFirst
                            ? new Pair(later.answer(), earlier.answer())
                            : new Pair(earlier.answer(), later.answer()));
        } catch (ExecutionException e) {
            // A bug of ours is no treatment by the endpoint.
            return Optional.empty();
        }
    }

    private void note(Got got) {
        if (got.why().isEmpty()) {
            answered.incrementAndGet();
        } else {
            synchronized (refusals) {
                refusals.merge(got.why(), 1, Integer::sum);
            }
        }
    }
}
