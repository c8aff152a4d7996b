package openledger.provider;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import openledger.inference.Timekeeper;

/**
 * Sends a large body piece by piece, at the pace of who reads it: whatever waits for the connection is copied into memory outside
 * the heap. Confined to the event loop of its call.
 */
final class BodyWriter {
    private static final int PIECE = 64 * 1024;
    /** A provider that answers before it has read the body may read on for so long. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final HttpClientRequest to;
    private final Buffer body;
    private int sent;

    private BodyWriter(HttpClientRequest to, Buffer body) {
        this.to = to;
        this.body = body;
    }

    /** Sends the body and ends the request. */
    static void send(HttpClientRequest to, Buffer body, Timekeeper time) {
        if (body.length() <= PIECE) {
            to.end(body);
            return;
        }
        to.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        BodyWriter writer = new BodyWriter(to, body);
        to.drainHandler(drained -> writer.write());
        to.response().onComplete(head -> time.after(LINGER, writer::giveUp));
        writer.write();
    }

    /** Whoever has answered and does not read will not read: the connection would be neither used nor closed. */
    private void giveUp() {
        if (sent < body.length()) {
            to.reset();
        }
    }

    private void write() {
        while (sent < body.length() && !to.writeQueueFull()) {
            int end = Math.min(sent + PIECE, body.length());
            Buffer piece = body.slice(sent, end);
            sent = end;
            if (end == body.length()) {
                to.end(piece);
            } else {
                to.write(piece);
            }
        }
    }
}
