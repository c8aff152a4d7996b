package openledger.stack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import openledger.demo.LocalStack;

/** Clients that ask again as soon as they are answered, each at the router that it is told to. Thread-safe. */
final class ShiftingLoad implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long AFTER_FAILURE_MILLIS = 100;
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final List<String> routers;
    private final String route;
    private volatile List<Integer> clients = List.of();
    private volatile boolean isOver;

    private ShiftingLoad(List<String> routers, String route) {
        this.routers = routers;
        this.route = route;
    }

    /**
     * Begins.
     *
     * @param routers their addresses
     * @param clients how many are at each; the sum stays what it is
     */
    static ShiftingLoad start(List<String> routers, String route, List<Integer> clients) {
        ShiftingLoad load = new ShiftingLoad(routers, route);
        load.shift(clients);
        int all = clients.stream().mapToInt(Integer::intValue).sum();
        for (int client = 0; client < all; client++) {
            load.running.incrementAndGet();
            load.send(client);
        }
        return load;
    }

    /** From their next request on so many are at each router. */
    void shift(List<Integer> to) {
        clients = List.copyOf(to);
    }

    private String router(int client) {
        List<Integer> now = clients;
        int before = client;
        for (int i = 0; i < now.size(); i++) {
            before -= now.get(i);
            if (before < 0) {
                return routers.get(i);
            }
        }
        return routers.getLast();
    }

    private void send(int client) {
        if (isOver) {
            running.decrementAndGet();
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(router(client) + "/v1/chat/completions"))
                .timeout(LONGEST)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .header("openledger-mode", "confirmed")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"
                                .formatted(route)))
                .build();
        var _ = http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            int status = failure == null ? answer.statusCode() : 0;
            statuses.computeIfAbsent(status, first -> new AtomicLong()).incrementAndGet();
            if (status == OK) {
                send(client);
            } else {
                CompletableFuture.delayedExecutor(AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(() -> send(client));
            }
        });
    }

    /** How many ended with each status; 0 stands for no answer. */
    Map<Integer, AtomicLong> statuses() {
        return new TreeMap<>(statuses);
    }

    /** Sends no more, and waits for what is on its way. */
    @Override
    public void close() {
        isOver = true;
        long until = System.nanoTime() + LONGEST.toNanos();
        try {
            while (running.get() > 0 && System.nanoTime() < until) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
