package openledger.provider.call;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

/** Brings the request of one call to its provider. Confined to the event loop of its call. */
interface Delivery {
    void start();

    /** Nobody listens any more. */
    void stop();

    /** True if it was sent once more, because a connection that had been used before broke. */
    boolean isSentAgain();

    /** Who hears what comes of it; at most one of {@link #head} and {@link #lost}, unless it is {@linkplain #stop stopped} before. */
    interface Listener {
        /** The connection stands, and the request is on its way. */
        void sent(HttpClientRequest request);

        /** The head of the answer has come, of which more may be {@linkplain #lost lost}. */
        void head(HttpClientResponse head);

        /** No connection, or it broke. */
        void lost(Throwable cause);
    }
}
