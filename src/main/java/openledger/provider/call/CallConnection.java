package openledger.provider.call;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import openledger.inference.SingleTimer;
import openledger.inference.Timekeeper;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a call, from its request on: given back after the end of the answer, closed before it. Confined to the event loop of
 * the call.
 */
final class CallConnection {
    /** How long what follows a status we retry, or {@code [DONE]}, may take before the connection is given up. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final SingleTimer lingering;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable Trigger lostBy;
    private boolean whole;

    CallConnection(Timekeeper time) {
        this.lingering = new SingleTimer(time);
    }

    void requested(HttpClientRequest made) {
        request = made;
    }

    void answered(HttpClientResponse head) {
        response = head;
    }

    /** The answer has come to its end: the connection is another call's from now on, and no longer ours to reset. */
    void ended() {
        whole = true;
        lingering.stop();
    }

    boolean isWhole() {
        return whole;
    }

    void pause() {
        if (!whole) {
            head().pause();
        }
    }

    /**
     * Goes on reading.
     *
     * @param lost is told that the connection has been {@linkplain #lost lost}, after what had come before
     */
    void resume(Consumer<Trigger> lost) {
        if (!whole) {
            head().resume();
            Trigger why = lostBy;
            if (why != null) {
                // Vert.x passes on what it has kept in a turn of its own, which is before this one.
                Objects.requireNonNull(Vertx.currentContext(), "on its event loop")
                        .runOnContext(read -> lost.accept(why));
            }
        }
    }

    /** It has broken while nobody read: what came before it still waits. */
    void lost(Trigger why) {
        lostBy = why;
    }

    /** What is left of the answer is read and dropped, so that the connection can be used again; but not for long. */
    void linger() {
        if (!whole) {
            head().resume();
            lingering.start(LINGER, this::reset);
        }
    }

    void reset() {
        if (request != null && !whole) {
            request.reset();
        }
    }

    HttpClientResponse head() {
        if (response == null) {
            throw new IllegalStateException("no head yet");
        }
        return response;
    }
}
