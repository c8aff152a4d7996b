package openledger.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import openledger.demo.LocalStack;

/**
 * Requests of some tenants in every mode, at moments that a seed draws, with a little of everything that a dashboard has a panel for:
 * streams, resends, a key that nobody has, and waits that are too short. Each is sent whether or not the answers keep up.
 */
public final class MixedLoad {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long SEED = 17;
    private static final double RATE = 66;
    private static final int STREAMED_EVERY = 3;
    private static final int RESENT_EVERY = 40;
    private static final int UNKNOWN_KEY_EVERY = 200;
    private static final int HASTY_EVERY = 60;

    private final Random random = new Random(SEED);
    private final Map<Integer, Integer> answers = new TreeMap<>();
    private int lost;

    /** Sends for so long; returns when all have been answered. */
    public void run(Duration length) throws InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            double due = 0;
            for (int number = 0; due < length.toSeconds(); number++) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, start + (long) (due * 1e9) - System.nanoTime()));
                HttpRequest request = request(number);
                senders.execute(() -> ask(http, request));
                if (number % RESENT_EVERY == 0) {
                    senders.execute(() -> ask(http, request));
                }
                due += -Math.log(1 - random.nextDouble()) / RATE;
            }
        }
    }

    /** HTTP status and how often; 0 is no answer. */
    public synchronized Map<Integer, Integer> answers() {
        Map<Integer, Integer> all = new TreeMap<>(answers);
        if (lost > 0) {
            all.put(0, lost);
        }
        return all;
    }

    private HttpRequest request(int number) {
        double lot = random.nextDouble();
        if (lot < 0.5) {
            return request(number, "assistant", "fast", tenant(0.45, "", "-1", "-4"));
        }
        if (lot < 0.8) {
            return request(number, "assistant", "response", tenant(0.5, "-2", "-3", "-4"));
        }
        return lot < 0.92
                ? request(number, "assistant", "dispatch", tenant(0.5, "-2", "-3", "-4"))
                : request(number, "draft", "fast", tenant(0.5, "", "-4", "-4"));
    }

    /** Two that send much, so that there is something to compare, and one that sends what is left. */
    private String tenant(double share, String first, String second, String third) {
        double lot = random.nextDouble();
        return lot < share ? first : lot < 2 * share ? second : third;
    }

    private static HttpRequest request(int number, String route, String way, String tenant) {
        String mode = way.equals("fast")
                ? "\"mode\":\"fast\""
                : "\"mode\":\"confirmed\",\"gate\":\"" + way + "\"" + (number % HASTY_EVERY == 1 ? HASTY : "");
        String key = number % UNKNOWN_KEY_EVERY == UNKNOWN_KEY_EVERY - 1
                ? "sk-openledger-nobody-has-this-one"
                : LocalStack.KEY + tenant;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ConfirmedStack.ROUTER + "/v1/chat/completions"))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"openledger\":{" + mode + "},\"stream\":"
                        + (number % STREAMED_EVERY == 0) + ",\"model\":\"" + route
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"));
        return number % RESENT_EVERY == 0
                ? request.header("idempotency-key", "mixed-load-" + number).build()
                : request.build();
    }

    private static final String HASTY = ",\"max_wait_ms\":40,\"on_unconfirmed\":\"release\"";

    private void ask(HttpClient http, HttpRequest request) {
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            synchronized (this) {
                answers.merge(status, 1, Integer::sum);
            }
        } catch (IOException none) {
            synchronized (this) {
                lost++;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
