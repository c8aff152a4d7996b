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

/** Clients of a router that is killed: they ask, one request after another, whatever becomes of the router, and keep count. */
public final class ChaosClients {
    static final int COUNT = 16;

    private static final int ANSWERED = 200;
    private static final int READ_BEFORE_LEAVING = 8;
    private static final int MOST_TOLD = 3;

    private final HttpClient http;
    private final String router;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private volatile String lastBroken = "none";
    private final AtomicBoolean stop = new AtomicBoolean();

    /** {@link #COUNT} clients of the router at that address, who ask its route assistant. */
    public ChaosClients(HttpClient http, String router) {
        this.http = http;
        this.router = router;
    }

    /** Requests whose answer began to arrive, by our name. */
    public Set<String> seen() {
        return seen;
    }

    /** Whole answers. */
    public long answered() {
        return answered.get();
    }

    /** Errors the router answered with. */
    public long refused() {
        return refused.get();
    }

    /** Connections refused or lost, at any point. */
    public long lost() {
        return lost.get();
    }

    /** Answers that broke off after their head. */
    long broken() {
        return broken.get();
    }

    /** Answers whose client left. */
    long left() {
        return left.get();
    }

    public void stop() throws InterruptedException {
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    public void start() {
        start(ChaosRequest.assistant(COUNT));
    }

    /** Begins with a client more for each of these requests. */
    public void start(List<ChaosRequest> requests) {
        requests.forEach(each -> threads.add(Thread.ofVirtual().start(() -> ask(each))));
    }

    private void ask(ChaosRequest asked) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(asked.body()))
                .build();
        while (!stop.get()) {
            try {
                HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                // The head alone is an answer the client has seen, whatever becomes of the rest.
                response.headers().firstValue("openledger-request").ifPresent(seen::add);
                if (asked.client() == ChaosRequest.Client.LEAVES) {
                    leave(response);
                } else {
                    read(response, asked);
                }
            } catch (IOException cut) {
                lost.incrementAndGet();
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void read(HttpResponse<InputStream> response, ChaosRequest asked) throws IOException, InterruptedException {
        try {
            String text = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            if (text.contains("stream_broken")) {
                noteBroken(response, asked, text);
            }
        } catch (IOException cut) {
            noteBroken(response, asked, cut.toString());
            throw cut;
        }
        boolean isGood = response.statusCode() == ANSWERED;
        (isGood ? answered : refused).incrementAndGet();
        Thread.sleep(isGood ? 2 : 50);
    }

    private void leave(HttpResponse<InputStream> response) throws IOException, InterruptedException {
        try (InputStream body = response.body()) {
            body.readNBytes(READ_BEFORE_LEAVING);
        }
        left.incrementAndGet();
        Thread.sleep(2);
    }

    /** A refusal that is cut, since the router goes at last, is a refusal all the same. */
    private void noteBroken(HttpResponse<InputStream> response, ChaosRequest asked, String how) {
        if (response.statusCode() != ANSWERED || asked.client() != ChaosRequest.Client.STAYS) {
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
