package openledger.stack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import openledger.demo.LocalStack;

/**
 * Requests with keys, each sent several times through the balancer: while a call is under way, after the end, after their client left in
 * the middle; some with another body under the same key. The provider fails the first calls of some and all of others. Whoever counts the
 * calls of a key at the provider knows whether it has had one budget. Thread-safe.
 */
final class ClusterResends implements AutoCloseable {
    private static final int MOST_RESENDS = 8;
    /** Longer than nobody answers for the keys of a router that was killed. */
    private static final long LONGEST_DELAY_MILLIS = 20_000;

    private static final long SOON_MILLIS = 500;
    private static final int OTHER_BODIES = 10;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(60);
    private static final List<String> KINDS = List.of("", "fail1-", "fail3-", "fail-");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI address;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("cluster-resends").factory());
    private final Random random = new Random(21);
    private final char name;
    private final List<String> markers = new ArrayList<>();
    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    private ClusterResends(String balancer, char name) {
        this.name = name;
        this.address = URI.create(balancer + "/v1/chat/completions");
    }

    /** Sends so many keys, so many of them a second, with 4 resends each in the mean; all are scheduled when this returns; {@code name}
     * is part of each key. */
    static ClusterResends start(String balancer, char name, int keys, int perSecond) {
        ClusterResends resends = new ClusterResends(balancer, name);
        for (int i = 0; i < keys; i++) {
            resends.schedule(i, 1_000L * i / perSecond);
        }
        return resends;
    }

    private void schedule(int number, long firstMillis) {
        String marker = "marker-" + KINDS.get(number % KINDS.size()) + "key" + name + number;
        markers.add(marker);
        int resends = random.nextInt(MOST_RESENDS + 1);
        for (int i = 0; i <= resends; i++) {
            boolean leaves = random.nextInt(4) == 0;
            long delay = i == 0 ? 0 : random.nextLong(i % 2 == 0 ? SOON_MILLIS : LONGEST_DELAY_MILLIS);
            at(firstMillis + delay, () -> send(marker, marker, leaves ? IMPATIENT : LONGEST));
        }
        if (number % OTHER_BODIES == 0) {
            at(firstMillis + 1_000, () -> send(marker, "marker-other" + name + number, LONGEST));
        }
    }

    private void at(long millis, Runnable what) {
        sent.incrementAndGet();
        var _ = clock.schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    private void send(String key, String marker, Duration patience) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(patience)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"" + marker + "\"}]}"))
                .build();
        var _ = http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            int status = failure == null ? answer.statusCode() : 0;
            statuses.computeIfAbsent(status, first -> new AtomicLong()).incrementAndGet();
            ended.incrementAndGet();
        });
    }

    /**
     * What the provider has seen of it.
     *
     * @param sends how often anything was sent
     * @param mostCalls calls of the key that was called most often
     * @param overBudget keys with more calls than the budget
     * @param wentOn keys that were called by two routers: the second went on with what the first had left
     * @param otherBodies keys for which two bodies were called
     * @param statuses answers by status; 0 for none
     */
    record Verdict(
            int keys,
            long sends,
            int mostCalls,
            int overBudget,
            int wentOn,
            long otherBodies,
            Map<Integer, Long> statuses) {}

    Verdict verdict(CountingProvider provider, int budget) {
        int most = 0;
        int over = 0;
        int wentOn = 0;
        long others = 0;
        for (int i = 0; i < markers.size(); i++) {
            int calls = provider.calls(markers.get(i)).size();
            most = Math.max(most, calls);
            long routers = provider.calls(markers.get(i)).stream()
                    .map(CountingProvider.Call::router)
                    .distinct()
                    .count();
            wentOn += routers > 1 ? 1 : 0;
            over += calls > budget ? 1 : 0;
            others += calls > 0 && !provider.calls("marker-other" + name + i).isEmpty() ? 1 : 0;
        }
        Map<Integer, Long> counted = new TreeMap<>();
        statuses.forEach((status, count) -> counted.put(status, count.get()));
        return new Verdict(markers.size(), sent.get(), most, over, wentOn, others, counted);
    }

    /** All has been answered, or failed. */
    boolean isOver() {
        return ended.get() == sent.get();
    }

    /** Sends no more. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
