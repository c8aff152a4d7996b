package openledger.shipped;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.support.CheckFailed;

/** The native router, as a client sees it. */
record NativeRouter(URI address, HttpClient http) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger CHECKS = new AtomicInteger();
    private static final Duration BETWEEN = Duration.ofMillis(100);

    static NativeRouter at(int port) {
        return new NativeRouter(
                URI.create("http://127.0.0.1:" + port),
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    /** A chat request of two tokens or so, to be sent with {@link #send}. */
    HttpRequest.Builder chat(String key, boolean stream) {
        return HttpRequest.newBuilder(address.resolve("/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"assistant\",\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}"));
    }

    /** The answer to a GET; an empty key stands for none. */
    HttpResponse<String> get(String path, String key) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        return send(key.isEmpty() ? request : request.header("authorization", "Bearer " + key));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Waits for what comes true in a while. */
    static void await(Condition condition) throws IOException, InterruptedException, CheckFailed {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new CheckFailed("not within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(BETWEEN);
        }
    }

    static void require(boolean holds, HttpResponse<String> answer) throws CheckFailed {
        require(holds, "status " + answer.statusCode() + ", " + answer.body());
    }

    static void require(boolean holds, String otherwise) throws CheckFailed {
        if (!holds) {
            throw new CheckFailed(otherwise);
        }
    }

    /** How many checks have passed so far. */
    static int checks() {
        return CHECKS.get();
    }

    static void say(String name, Step step) throws InterruptedException, CheckFailed {
        System.out.println("  " + name);
        try {
            step.take();
            CHECKS.incrementAndGet();
        } catch (IOException e) {
            throw new CheckFailed(String.valueOf(e.getMessage()));
        }
    }

    /** One check. */
    interface Step {
        void take() throws IOException, InterruptedException, CheckFailed;
    }

    /** Something that comes true in a while. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }
}
