package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
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
final class RequestDelivery implements Delivery {
    /** The end of a connection that was closed before the request came is seen as soon as the request is there. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final ProviderEndpoint endpoint;
    private final UpstreamRequest asked;
    private final String model;
    private final Buffer body;
    private final int attempt;
    private final Timekeeper time;
    private final Listener listener;
    private @Nullable HttpClientRequest request;
    private long sentNanos;
    private boolean isSentAgain;
    private boolean isOver;

    RequestDelivery(
            ProviderEndpoint endpoint,
            UpstreamRequest asked,
            String model,
            Buffer body,
            int attempt,
            Timekeeper time,
            Listener listener) {
        this.endpoint = endpoint;
        this.asked = asked;
        this.model = model;
        this.body = body;
        this.attempt = attempt;
        this.time = time;
        this.listener = listener;
    }

    @Override
    public void start() {
        connect(endpoint.client());
    }

    @Override
    public void stop() {
        isOver = true;
    }

    @Override
    public boolean isSentAgain() {
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
        sentNanos = time.nanoTime();
        boolean isReused =
                ConnectionWatch.of(to.connection()).map(ConnectionWatch::begin).orElse(false);
        listener.sent(to);
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
