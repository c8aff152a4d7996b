package openledger.stack.retry;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import openledger.stack.ClusterRouter;
import openledger.stack.ClusterStack;
import openledger.stack.CountingProvider.Call;
import openledger.stack.retry.RetriedRequest.Try;

/**
 * T3: requests without a key whose clients leave while the provider works, and whose SDKs send them again, each time to another router. The
 * judge is the provider, which counts calls: if there were more than the last answer says of its own request, some retry was not joined but a
 * request of its own. Confined to one thread.
 */
public final class ClusterRetries {
    private static final int REQUESTS = 2_000;
    private static final int WARM = 500;
    private static final int A_SECOND = 18;
    private static final long SLOW_MILLIS = 400;
    private static final int LONGEST_SECONDS = 60;
    private static final int MOST_TOLD = 20;
    private static final int MOST_DEPARTURES = 3;
    /** The provider serves most, fails the first three calls of some, and all of others. */
    private static final List<String> KINDS = List.of("", "", "fail3-", "fail-");

    private static final List<String> METRICS = List.of(
            "openledger_cluster_orphans_total", "openledger_forwarded_retries_total", "openledger_resends_total");
    private static final double NANOS_A_MILLI = 1e6;

    private final ClusterStack stack;
    private final Random random = new Random(3);

    /** Of a stack whose routers are ready. */
    public ClusterRetries(ClusterStack stack) {
        this.stack = stack;
    }

    /**
     * What was seen.
     *
     * @param sends tries of all requests
     * @param retried requests that had called the provider before their client left, and were sent again
     * @param joined those of them whose tries were all one request
     * @param notBegun requests that had called nobody whenever their client left
     * @param mostCalls of the request that was called most often
     * @param overBudget requests with more calls than the budget
     * @param told in words: requests that were several, and the routers' counters
     */
    public record Verdict(
            int requests,
            int sends,
            int retried,
            int joined,
            int notBegun,
            int mostCalls,
            int overBudget,
            List<String> told) {
        public Verdict {
            told = List.copyOf(told);
        }
    }

    /** All of it; the first few hundred, while routers compile, do not count. */
    public Verdict run(int budget) throws IOException, InterruptedException {
        stack.provider().serviceMillis(SLOW_MILLIS);
        try {
            send("warm", WARM);
            Map<String, Double> before = counters();
            List<RetriedRequest> sent = send("t", REQUESTS);
            return verdict(sent, budget, before);
        } finally {
            stack.provider().serviceMillis(ClusterStack.SERVICE_MILLIS);
        }
    }

    private List<RetriedRequest> send(String name, int count) throws InterruptedException {
        List<RetriedRequest> requests = new ArrayList<>();
        CountDownLatch over = new CountDownLatch(count);
        URI balancer = URI.create(stack.balancer().address());
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            RetriedRequest request = new RetriedRequest(
                    balancer,
                    "marker-" + KINDS.get(random.nextInt(KINDS.size())) + "retry-" + name + i,
                    random.nextInt(stack.routers().size()),
                    1 + random.nextInt(MOST_DEPARTURES),
                    new Random(random.nextLong()));
            requests.add(request);
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / A_SECOND;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            Thread.ofVirtual().start(() -> {
                try {
                    request.run();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                } finally {
                    over.countDown();
                }
            });
        }
        if (!over.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(over.getCount() + " requests are not answered");
        }
        return requests;
    }

    private Verdict verdict(List<RetriedRequest> sent, int budget, Map<String, Double> before)
            throws IOException, InterruptedException {
        int sends = 0;
        int retried = 0;
        int joined = 0;
        int notBegun = 0;
        int most = 0;
        int over = 0;
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<Double> untilCalled = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (RetriedRequest request : sent) {
            List<Try> tries = request.tries();
            List<Call> calls = stack.provider().calls(request.marker());
            statuses.merge(tries.getLast().status(), 1, Integer::sum);
            sends += tries.size();
            calls.stream()
                    .mapToDouble(call -> (call.nanos() - tries.getFirst().sent()) / NANOS_A_MILLI)
                    .min()
                    .ifPresent(untilCalled::add);
            most = Math.max(most, calls.size());
            over += calls.size() > budget ? 1 : 0;
            boolean isRetried = begun(tries, calls) < tries.size() - 1;
            boolean isOne = calls.size() <= tries.getLast().attempts();
            notBegun += isRetried ? 0 : 1;
            retried += isRetried ? 1 : 0;
            joined += isRetried && isOne ? 1 : 0;
            if (((isRetried && !isOne) || calls.size() > budget) && told.size() < MOST_TOLD) {
                told.add("  not joined: " + describe(request, calls));
            }
        }
        told.add("  last answers by status: " + statuses);
        untilCalled.sort(null);
        told.add(String.format(
                Locale.ROOT,
                "  from the first try to its first call: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms",
                at(untilCalled, 0.5),
                at(untilCalled, 0.9),
                at(untilCalled, 0.99)));
        counters().forEach((name, value) -> {
            double more = value - before.getOrDefault(name, 0.0);
            if (more > 0) {
                told.add(String.format(Locale.ROOT, "  %s +%.0f", name, more));
            }
        });
        return new Verdict(sent.size(), sends, retried, joined, notBegun, most, over, told);
    }

    /** How late the machine was: what takes longer than a client stays, no router can have seen in time. */
    private static double at(List<Double> sorted, double quantile) {
        return sorted.isEmpty() ? 0 : sorted.get((int) (quantile * (sorted.size() - 1)));
    }

    /** Which try was the first that called anybody while its client was there; the last one if none was. */
    private static int begun(List<Try> tries, List<Call> calls) {
        for (int i = 0; i < tries.size() - 1; i++) {
            long from = tries.get(i).sent();
            long to = tries.get(i).ended();
            if (calls.stream().anyMatch(call -> call.nanos() - from >= 0 && call.nanos() - to < 0)) {
                return i;
            }
        }
        return tries.size() - 1;
    }

    private String describe(RetriedRequest request, List<Call> calls) {
        long start = request.tries().getFirst().sent();
        String tries = request.tries().stream()
                .map(one -> String.format(
                        Locale.ROOT,
                        "at %d %.0f-%.0f ms: %d %s attempts=%d",
                        1 + one.turn() % stack.routers().size(),
                        (one.sent() - start) / NANOS_A_MILLI,
                        (one.ended() - start) / NANOS_A_MILLI,
                        one.status(),
                        one.request(),
                        one.attempts()))
                .collect(Collectors.joining("; "));
        String called = calls.stream()
                .map(call -> String.format(
                        Locale.ROOT,
                        "%s at %.0f",
                        call.router().substring(call.router().lastIndexOf('-') + 1),
                        (call.nanos() - start) / NANOS_A_MILLI))
                .collect(Collectors.joining(", "));
        return request.marker() + ", tries [" + tries + "], calls of router [" + called + "]";
    }

    /** Of each router, by its name and theirs. */
    private Map<String, Double> counters() throws IOException, InterruptedException {
        Map<String, Double> all = new TreeMap<>();
        for (ClusterRouter router : stack.routers()) {
            router.metrics()
                    .lines()
                    .filter(line -> METRICS.stream().anyMatch(line::startsWith))
                    .forEach(line -> {
                        int value = line.lastIndexOf(' ');
                        all.put(
                                router.name() + " " + line.substring(0, value),
                                Double.parseDouble(line.substring(value + 1)));
                    });
        }
        return all;
    }
}
