package openledger.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.demo.LocalStack;

/** Sends pairs of identical requests at moments that a seed draws, and fetches the decisions that were made of them. */
final class ModeRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;
    private static final long SEED = 42;

    private final String members;
    private final double pairsPerSecond;
    private final int seconds;
    private final AtomicInteger unanswered = new AtomicInteger();

    /**
     * A run that has not begun.
     *
     * @param members of each body, with a comma behind them: how it is to be settled
     */
    ModeRun(String members, double pairsPerSecond, int seconds) {
        this.members = members;
        this.pairsPerSecond = pairsPerSecond;
        this.seconds = seconds;
    }

    /** Requests without any answer. */
    int unanswered() {
        return unanswered.get();
    }

    /** Sends all of it; the decisions, newest first. */
    List<JsonNode> run() throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            int pairs = send(http);
            return decisions(http, 2 * pairs - unanswered.get());
        }
    }

    private int send(HttpClient http) throws InterruptedException {
        Random random = new Random(SEED);
        int pair = 0;
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            double due = 0;
            while (due < seconds) {
                long wait = start + (long) (due * 1e9) - System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
                String id = "pair-" + pair;
                senders.execute(() -> ask(http, id));
                senders.execute(() -> ask(http, id));
                pair++;
                due += -Math.log(1 - random.nextDouble()) / pairsPerSecond;
            }
        }
        return pair;
    }

    private void ask(HttpClient http, String pair) {
        HttpRequest request = to("/v1/chat/completions")
                .header("content-type", "application/json")
                .header("x-request-id", pair)
                .POST(HttpRequest.BodyPublishers.ofString("{" + members
                        + "\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"))
                .build();
        try {
            HttpResponse<Void> answer = http.send(request, HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() / 100 == 4) {
                throw new IllegalStateException("a request was refused with " + answer.statusCode());
            }
        } catch (IOException lost) {
            unanswered.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** They are derived from the journal a moment after the answers. */
    private static List<JsonNode> decisions(HttpClient http, int expected) throws IOException, InterruptedException {
        List<JsonNode> all = List.of();
        for (int look = 0; look < 60 && all.size() < expected; look++) {
            TimeUnit.SECONDS.sleep(1);
            all = page(http);
        }
        if (all.size() < expected) {
            throw new IOException("of " + expected + " requests only " + all.size() + " have a decision");
        }
        return all;
    }

    private static List<JsonNode> page(HttpClient http) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            HttpResponse<String> answer =
                    http.send(to("/v1/decisions?limit=" + PAGE + cursor).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode page = JSON.readTree(answer.body());
            page.path("data").forEach(decision -> {
                if (!"OPEN".equals(decision.path("status").asText())) {
                    all.add(decision);
                }
            });
            cursor = page.has("next_cursor")
                    ? "&cursor=" + page.path("next_cursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        return all;
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(ConfirmedStack.ROUTER + path))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + LocalStack.KEY);
    }
}
