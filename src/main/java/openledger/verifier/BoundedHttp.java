package openledger.verifier;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * HTTP with the JDK's client: an answer is whole within a time and a length, or the connection is dropped, and no redirect is followed, so
 * that credentials go where they are meant to go. Blocks; an interrupt of the thread gives a call up. Thread-safe.
 */
final class BoundedHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    /**
     * An answer.
     *
     * @param body empty if it was too long, or is of a status that is not read
     */
    record Answer(int status, Optional<byte[]> body) {}

    /**
     * Sends a request.
     *
     * @param longest until the whole answer is there
     * @param most bytes of its body
     * @param isRead statuses whose body is read; the connection of another is dropped
     * @throws IOException if there is no whole answer
     * @throws TimeoutException if it is not there in time
     */
    Answer send(HttpRequest request, Duration longest, int most, IntPredicate isRead)
            throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<Optional<byte[]>>> sent =
                client.sendAsync(request, head -> new BoundedBody(isRead.test(head.statusCode()) ? most : 0));
        try {
            HttpResponse<Optional<byte[]>> answer = sent.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            boolean isWanted = isRead.test(answer.statusCode());
            return new Answer(answer.statusCode(), isWanted ? answer.body() : Optional.empty());
        } catch (ExecutionException failed) {
            throw new IOException("there is no answer", failed.getCause());
        } finally {
            sent.cancel(true);
        }
    }

    /** Whether an address is one that can be asked: absolute, of http or https, without a user. */
    static boolean isUsable(URI address) {
        return address.getHost() != null
                && address.getUserInfo() == null
                && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()));
    }

    /** Scheme, host and port: the path of an address often is a key. */
    static String shown(URI address) {
        int usual = "https".equals(address.getScheme()) ? 443 : 80;
        return address.getScheme() + "://" + address.getHost() + ":"
                + (address.getPort() >= 0 ? address.getPort() : usual);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Collects so many bytes; of a longer body nothing, and its connection is dropped. */
    private static final class BoundedBody implements BodySubscriber<Optional<byte[]>> {
        private final CompletableFuture<Optional<byte[]>> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
        private final int most;
        private Flow.@Nullable Subscription subscription;

        BoundedBody(int most) {
            this.most = most;
        }

        @Override
        public CompletionStage<Optional<byte[]>> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription flow) {
            subscription = flow;
            flow.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> pieces) {
            Flow.Subscription flow = subscription;
            if (flow == null || whole.isDone()) {
                return;
            }
            for (ByteBuffer piece : pieces) {
                if (collected.size() + piece.remaining() > most) {
                    flow.cancel();
                    whole.complete(Optional.empty());
                    return;
                }
                byte[] bytes = new byte[piece.remaining()];
                piece.get(bytes);
                collected.writeBytes(bytes);
            }
            flow.request(1);
        }

        @Override
        public void onError(Throwable why) {
            whole.completeExceptionally(why);
        }

        @Override
        public void onComplete() {
            whole.complete(Optional.of(collected.toByteArray()));
        }
    }
}
