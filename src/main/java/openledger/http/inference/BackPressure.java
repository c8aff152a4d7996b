package openledger.http.inference;

import io.netty.channel.ChannelFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import openledger.inference.Timekeeper;
import openledger.inference.upstream.UpstreamAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Writes at the pace of the client: a full queue pauses the provider until it has drained, and a client that reads nothing for too long is
 * disconnected, so that it gives back the provider's slot and its own place. Large pieces are written in parts, because whatever waits for
 * the connection is copied into memory outside the heap. Confined to the event loop.
 */
final class BackPressure {
    private static final int PART = 64 * 1024;

    private final Flow answer;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ReaderPatience patience;
    private final Deque<Buffer> waiting = new ArrayDeque<>(2);
    private @Nullable Buffer last;
    private Timekeeper.@Nullable Timer stalled;

    /** What comes, as far as it can be held up. */
    interface Flow {
        void pause();

        void resume();
    }

    BackPressure(UpstreamAnswer answer, HttpServerRequest request, ReaderPatience patience) {
        this(
                new Flow() {
                    @Override
                    public void pause() {
                        answer.pause();
                    }

                    @Override
                    public void resume() {
                        answer.resume();
                    }
                },
                request,
                patience);
    }

    BackPressure(Flow answer, HttpServerRequest request, ReaderPatience patience) {
        this.answer = answer;
        this.request = request;
        this.response = request.response();
        this.patience = patience;
        response.drainHandler(drained -> drained());
    }

    void write(Buffer bytes) {
        if (response.closed()) {
            return;
        }
        if (waiting.isEmpty() && bytes.length() <= PART) {
            response.write(bytes);
        } else {
            split(bytes);
            writeWaiting();
        }
        if (!waiting.isEmpty() || response.writeQueueFull()) {
            answer.pause();
            await();
        }
    }

    /** Ends the answer with these bytes, once all that was written before is on its way. */
    void end(Buffer bytes) {
        if (response.closed()) {
            return;
        }
        if (waiting.isEmpty() && bytes.length() <= PART) {
            finish(bytes);
        } else {
            split(bytes);
            last = Buffer.buffer();
            writeWaiting();
            finishOrAwait();
        }
    }

    private void split(Buffer bytes) {
        for (int from = 0; from < bytes.length(); from += PART) {
            waiting.add(bytes.slice(from, Math.min(from + PART, bytes.length())));
        }
    }

    private void writeWaiting() {
        while (!waiting.isEmpty() && !response.writeQueueFull()) {
            response.write(waiting.remove());
        }
    }

    private void drained() {
        stopWaiting();
        writeWaiting();
        if (last != null) {
            finishOrAwait();
        } else if (waiting.isEmpty() && !response.writeQueueFull()) {
            answer.resume();
        } else {
            await();
        }
    }

    private void finishOrAwait() {
        Buffer end = last;
        if (waiting.isEmpty() && end != null) {
            last = null;
            finish(end);
        } else {
            await();
        }
    }

    private void finish(Buffer bytes) {
        boolean isFull = response.writeQueueFull();
        var written = response.end(bytes);
        if (isFull && !written.isComplete()) {
            await();
            written.onComplete(over -> stopWaiting());
        }
    }

    private void await() {
        if (stalled == null) {
            stalled = patience.time().after(patience.longest(), this::giveUp);
        }
    }

    private void stopWaiting() {
        if (stalled != null) {
            stalled.cancel();
            stalled = null;
        }
    }

    /** The answer will never be whole: its end is a closed connection, once what was written is on its way. */
    void breakOff() {
        waiting.clear();
        if (!response.closed()) {
            response.reset();
            await();
        }
    }

    /** Closing says that the answer is not whole; a client that reads nothing could not be told in any other way. */
    private void giveUp() {
        stalled = null;
        waiting.clear();
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else if (request.connection() instanceof ConnectionBase connection) {
            // Vert.x closes a connection once all was written, which would be never; so the channel itself is closed.
            ChannelFuture _ = connection.channelHandlerContext().close();
        }
    }
}
