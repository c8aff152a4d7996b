package openledger.stack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import openledger.demo.LocalStack;

/** Requests at a steady rate, each with a word of its own in its body, whatever becomes of those before. Thread-safe. */
final class ClusterLoad implements AutoCloseable {
    private static final int OK = 200;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int LONGEST_TOLD = 160;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI address;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("cluster-load").factory());
    private final ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    private ClusterLoad(String balancer) {
        this.address = URI.create(balancer + "/v1/chat/completions");
    }

    /** Begins, so many a second. */
    static ClusterLoad start(String balancer, int perSecond) {
        ClusterLoad load = new ClusterLoad(balancer);
        var _ = load.clock.scheduleAtFixedRate(load::send, 0, 1_000_000L / perSecond, TimeUnit.MICROSECONDS);
        return load;
    }

    private void send() {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(LONGEST)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"marker-%d-%d\"}]}"
                                .formatted(System.identityHashCode(this), sent.incrementAndGet())))
                .build();
        var _ = http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((answer, failure) -> {
            if (failure == null && answer.statusCode() == OK) {
                answer.headers().firstValue("openledger-request").ifPresent(ids::add);
            } else {
                failures.add(failure == null ? answer.statusCode() + " " + answer.body() : failure.toString());
            }
            ended.incrementAndGet();
        });
    }

    /** Names of the requests that were answered. */
    List<String> ids() {
        return new ArrayList<>(ids);
    }

    long sent() {
        return sent.get();
    }

    int failed() {
        return failures.size();
    }

    /** What went wrong, and how often. */
    List<String> told() {
        Map<String, Long> kinds = new TreeMap<>();
        failures.forEach(failure ->
                kinds.merge(failure.substring(0, Math.min(LONGEST_TOLD, failure.length())), 1L, Long::sum));
        return kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " × " + kind.getKey())
                .toList();
    }

    /** Sends no more, and waits for what is on its way. */
    @Override
    public void close() {
        clock.shutdown();
        long until = System.nanoTime() + LONGEST.toNanos();
        try {
            while (ended.get() < sent.get() && System.nanoTime() < until) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
