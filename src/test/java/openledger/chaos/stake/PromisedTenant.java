package openledger.chaos.stake;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import openledger.commitment.SignedPromise;
import openledger.commitment.verify.PromiseHeader;
import openledger.demo.LocalStack;
import openledger.unit.Address;

/**
 * A tenant that has a promise signed for each of its requests, of plans as well as of outcomes, and hands it on, on a thread of its own until
 * it is stopped. What it has counted may be asked from any other.
 */
final class PromisedTenant {
    private static final long PAUSE_MILLIS = 1_500;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final URI router;
    private final Address signer;
    private final Consumer<SignedPromise> to;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger promises = new AtomicInteger();
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final Thread thread;

    /**
     * Begins at once.
     *
     * @param signer of the lane
     * @param to takes what was promised
     */
    PromisedTenant(String router, Address signer, Consumer<SignedPromise> to) {
        this.router = URI.create(router + "/v1/chat/completions");
        this.signer = signer;
        this.to = to;
        this.thread = Thread.ofVirtual().start(this::work);
    }

    /** Requests that the router has taken, by its name. */
    Set<String> seen() {
        return seen;
    }

    int promises() {
        return promises.get();
    }

    private void work() {
        for (int number = 0; !isStopping.get(); number++) {
            try {
                try {
                    ask(
                            number % 2 == 0
                                    ? "\"model\":\"quick\""
                                    : "\"model\":\"planned\",\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"response\"}");
                } catch (IOException down) {
                    // It is killed now and then.
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void ask(String members) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(router)
                .timeout(LIMIT)
                .header("authorization", "Bearer " + LocalStack.KEY)
                .header("content-type", "application/json")
                .header("openledger-receipt", "signed")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{" + members + ",\"messages\":[{\"role\":\"user\",\"content\":\"Promise!\"}]}"))
                .build();
        HttpResponse<Void> response = http.send(request, HttpResponse.BodyHandlers.discarding());
        response.headers().firstValue("openledger-request").ifPresent(seen::add);
        response.headers()
                .firstValue(PromiseHeader.NAME)
                .filter(promise -> !promise.equals("none"))
                .ifPresent(promise -> {
                    promises.incrementAndGet();
                    to.accept(PromiseHeader.parse(promise).signedBy(signer));
                });
    }

    /** Returns when the request on its way is answered. */
    void stop() throws InterruptedException {
        isStopping.set(true);
        thread.join();
        http.close();
    }
}
