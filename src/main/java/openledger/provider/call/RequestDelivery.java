package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import openledger.inference.Timekeeper;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.ProviderEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Brings the request of one call to its provider, and hands over the head of the answer. A provider may close a connection that nobody
 * uses at the very moment at which it is used again (RFC 9112, section 9.3.1). That says nothing about the provider: where a connection
 * that had been used before breaks soon and before any octet of an answer, the request is sent once more, on a new connection, within
 * the same call. Confined to the event loop of its call.
 */
final class RequestDelivery {
    /** The end of a connection that was closed before the request came is seen as soon as the request is there. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final ProviderEndpoint endpoint;
    private final UpstreamRequest asked;
    private final String model;
    private final Buffer body;
    private final int attempt;
    private final Timekeeper time;
    private final CallConnection connection;
    private final Listener listener;
    private @Nullable HttpClientRequest request;
    private long sentNanos;
    private boolean isSentAgain;
    private boolean isOver;

    /** Who hears what comes of it; at most one of {@link #head} and {@link #lost}, unless it is {@linkplain #stop stopped} before. */
    interface Listener {
        /** The connection stands, and the request is on its way. */
        void sent();

        /** The head of the answer has come, of which more may be {@linkplain #lost lost}. */
        void head(HttpClientResponse head);

        /** No connection, or it broke. */
        void lost(Throwable cause);
    }

    RequestDelivery(
            ProviderEndpoint endpoint,
            UpstreamRequest asked,
            String model,
            Buffer body,
            int attempt,
            Timekeeper time,
            CallConnection connection,
            Listener listener) {
        this.endpoint = endpoint;
        this.asked = asked;
        this.model = model;
        this.body = body;
        this.attempt = attempt;
        this.time = time;
        this.connection = connection;
        this.listener = listener;
    }

    void start() {
        connect(endpoint.client());
    }

    /** Nobody listens any more. */
    void stop() {
        isOver = true;
    }

    /** Whether a reused connection broke, so that the request was sent on a new one. */
    boolean isSentAgain() {
        return isSentAgain;
    }

    private void connect(HttpClient client) {
        client.request(endpoint.request(asked.operation(), asked.form(), model)).onComplete(connected -> {
            if (isOver) {
                if (connected.succeeded()) {
                    ProviderEndpoint.drop(connected.result());
                }
            } else if (connected.failed()) {
                listener.lost(connected.cause());
            } else {
                send(connected.result());
            }
        });
    }

    private void send(HttpClientRequest to) {
        request = to;
        connection.requested(to);
        sentNanos = time.nanoTime();
        boolean isReused =
                ConnectionWatch.of(to.connection()).map(ConnectionWatch::begin).orElse(false);
        listener.sent();
        CallHeaders.put(to, asked, attempt);
        to.exceptionHandler(cause -> lost(to, isReused, cause));
        to.response().onComplete(head -> {
            if (head.failed()) {
                lost(to, isReused, head.cause());
            } else if (!isOver) {
                listener.head(head.result());
            }
        });
        BodyWriter.send(to, body, time);
    }

    @SuppressWarnings("ReferenceEquality") // the very request: an earlier one may be lost twice
    private void lost(HttpClientRequest to, boolean isReused, Throwable cause) {
        if (isOver || to != request) {
            return;
        }
        if (isReused && !isSentAgain && isEarly(to)) {
            isSentAgain = true;
            request = null;
            connect(endpoint.clientWithoutPool());
        } else {
            listener.lost(cause);
        }
    }

    private boolean isEarly(HttpClientRequest to) {
        boolean isSilent = ConnectionWatch.of(to.connection())
                .map(watch -> !watch.hasHeard())
                .orElse(true);
        return isSilent && time.nanoTime() - sentNanos <= SOON.toNanos();
    }
}
