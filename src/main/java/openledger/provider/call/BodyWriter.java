package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import openledger.inference.SingleTimer;
import openledger.inference.Timekeeper;

/**
 * Sends a large body piece by piece, at the pace of the reader: whatever waits for the connection is copied into memory outside the heap.
 * Confined to the event loop of its call.
 */
final class BodyWriter {
    private static final int PIECE = 64 * 1024;
    /** A provider that answers before it has read the body may read on for so long, or until its answer is whole. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final HttpClientRequest to;
    private final Buffer body;
    private final SingleTimer patience;
    private int sent;

    private BodyWriter(HttpClientRequest to, Buffer body, SingleTimer patience) {
        this.to = to;
        this.body = body;
        this.patience = patience;
    }

    /** Sends the body and ends the request. */
    static void send(HttpClientRequest to, Buffer body, Timekeeper time) {
        if (body.length() <= PIECE) {
            to.end(body);
            return;
        }
        to.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        BodyWriter writer = new BodyWriter(to, body, new SingleTimer(time));
        to.drainHandler(drained -> writer.write());
        to.response().onSuccess(writer::answered);
        writer.write();
    }

    /** Whoever answers and does not read will not read: the connection would be neither used nor closed, and the body be kept. */
    private void answered(HttpClientResponse head) {
        if (!isSent()) {
            patience.start(LINGER, this::giveUp);
            head.end().onComplete(end -> giveUp());
        }
    }

    private void giveUp() {
        patience.stop();
        if (!isSent()) {
            to.reset();
        }
    }

    private boolean isSent() {
        return sent == body.length();
    }

    private void write() {
        while (!isSent() && !to.writeQueueFull()) {
            int end = Math.min(sent + PIECE, body.length());
            Buffer piece = body.slice(sent, end);
            sent = end;
            if (end == body.length()) {
                patience.stop();
                to.end(piece);
            } else {
                to.write(piece);
            }
        }
    }
}
