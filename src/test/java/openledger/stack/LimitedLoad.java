package openledger.stack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Requests of one key at a steady rate, some of them to each of several routers. Thread-safe. */
final class LimitedLoad implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int MOST_TOKENS = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("limited-load").factory());
    private final Random random = new Random(8);
    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final Queue<Long> served = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final List<String> routers;
    private final List<Integer> percent;
    private final String key;
    private final String route;
    private final LongFunction<String> word;
    private final int mostTokens;

    private LimitedLoad(
            List<String> routers,
            List<Integer> percent,
            String key,
            String route,
            LongFunction<String> word,
            int mostTokens) {
        this.mostTokens = mostTokens;
        this.routers = routers;
        this.percent = percent;
        this.key = key;
        this.route = route;
        this.word = word;
    }

    /**
     * Begins.
     *
     * @param routers their addresses
     * @param percent how many of a hundred requests go to each
     * @param word with which the word of each request begins
     */
    static LimitedLoad start(
            List<String> routers, List<Integer> percent, String key, String route, String word, int perSecond) {
        return start(routers, percent, key, route, number -> word + number, MOST_TOKENS, perSecond);
    }

    /**
     * The same.
     *
     * @param word of each request, by its number from 1
     * @param mostTokens that the answer may have
     */
    static LimitedLoad start(
            List<String> routers,
            List<Integer> percent,
            String key,
            String route,
            LongFunction<String> word,
            int mostTokens,
            int perSecond) {
        LimitedLoad load = new LimitedLoad(routers, percent, key, route, word, mostTokens);
        var _ = load.clock.scheduleAtFixedRate(load::send, 0, 1_000_000L / perSecond, TimeUnit.MICROSECONDS);
        return load;
    }

    private String router() {
        int drawn = random.nextInt(100);
        int which = 0;
        while (which < percent.size() - 1 && drawn >= percent.get(which)) {
            drawn -= percent.get(which);
            which++;
        }
        return routers.get(which);
    }

    private void send() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router() + "/v1/chat/completions"))
                .timeout(LONGEST)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"%s\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                                .formatted(route, mostTokens, word.apply(sent.incrementAndGet()))))
                .build();
        long began = System.nanoTime();
        var _ = http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (failure == null && answer.statusCode() == OK) {
                served.add(System.nanoTime() - began);
            }
            statuses.computeIfAbsent(failure == null ? answer.statusCode() : 0, first -> new AtomicLong())
                    .incrementAndGet();
            ended.incrementAndGet();
        });
    }

    /** How long those that were served took at most, in milliseconds, but for one of a hundred; 0 if none was. */
    double slowestMillis() {
        List<Long> all = served.stream().sorted().toList();
        return all.isEmpty() ? 0 : all.get((int) (all.size() * 0.99)) / 1e6;
    }

    /** How many ended with each status; 0 stands for no answer. */
    Map<Integer, AtomicLong> statuses() {
        return new TreeMap<>(statuses);
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
        http.close();
    }
}
