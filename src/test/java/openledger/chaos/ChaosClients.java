package openledger.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import openledger.demo.LocalStack;

/** The clients of {@link Chaos}: they ask, one request after another, whatever becomes of the router, and keep count. */
final class ChaosClients {
    static final int COUNT = 16;

    private static final int ANSWERED = 200;
    private static final int MOST_TOLD = 3;

    private final HttpClient http;
    private final String router;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private volatile String lastBroken = "none";
    private final AtomicBoolean stop = new AtomicBoolean();

    ChaosClients(HttpClient http, String router) {
        this.http = http;
        this.router = router;
    }

    /** Requests whose answer began to arrive, by our name. */
    Set<String> seen() {
        return seen;
    }

    /** Whole answers. */
    long answered() {
        return answered.get();
    }

    /** Errors the router answered with. */
    long refused() {
        return refused.get();
    }

    /** Connections refused or lost, at any point. */
    long lost() {
        return lost.get();
    }

    /** Answers that broke off after their head. */
    long broken() {
        return broken.get();
    }

    void stop() throws InterruptedException {
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    void start() {
        for (int i = 0; i < COUNT; i++) {
            boolean stream = i % 2 == 0;
            threads.add(Thread.ofVirtual().start(() -> ask(stream)));
        }
    }

    private void ask(boolean stream) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"assistant\",\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"))
                .build();
        while (!stop.get()) {
            try {
                HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                // The head alone is an answer the client has seen, whatever becomes of the rest.
                response.headers().firstValue("openledger-request").ifPresent(seen::add);
                readToTheEnd(response);
                (response.statusCode() == 200 ? answered : refused).incrementAndGet();
                Thread.sleep(response.statusCode() == 200 ? 2 : 50);
            } catch (IOException cut) {
                lost.incrementAndGet();
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void readToTheEnd(HttpResponse<InputStream> response) throws IOException {
        try {
            String text = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            if (text.contains("stream_broken")) {
                noteBroken(response, text);
            }
        } catch (IOException cut) {
            noteBroken(response, cut.toString());
            throw cut;
        }
    }

    /** A refusal that is cut, since the router goes at last, is a refusal all the same. */
    private void noteBroken(HttpResponse<InputStream> response, String how) {
        if (response.statusCode() != ANSWERED) {
            return;
        }
        if (broken.incrementAndGet() <= MOST_TOLD && !stop.get()) {
            lastBroken = response.statusCode() + " " + response.headers().map() + " " + how;
        }
    }

    /** One of the first broken answers, for whoever has to find out why. */
    String oneBroken() {
        return lastBroken;
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
