package openledger.http.inference;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import openledger.cluster.HopOutcome;
import openledger.cluster.Peers;
import openledger.inference.Timekeeper;
import org.jspecify.annotations.Nullable;

/**
 * Another router's answer on its way to our client, octet for octet, at the client's pace. One that breaks off closes the client's
 * connection, because a clean end would be wrong. Confined to the event loop of the connection.
 */
final class RelayedAnswer implements Peers.Listener {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ReaderPatience patience;
    private final Timekeeper time;
    private final End end;
    private final long sentNanos;
    private Peers.@Nullable Hop hop;
    private @Nullable BackPressure backPressure;
    private Duration untilHead = Duration.ZERO;
    private boolean over;

    /** Who is told how it ended. */
    interface End {
        /** It is whole. */
        void relayed(Duration untilHead);

        /** Before its head had come. */
        void failed(HopOutcome why);

        /** After its head had been relayed, so that the client can only be cut off. */
        void broken(HopOutcome why);
    }

    RelayedAnswer(HttpServerRequest request, ReaderPatience patience, Timekeeper time, End end) {
        this.request = request;
        this.response = request.response();
        this.patience = patience;
        this.time = time;
        this.end = end;
        this.sentNanos = time.nanoTime();
    }

    /** The hop that it comes by, which may have failed already. */
    void from(Peers.Hop by) {
        hop = by;
    }

    /** The client has gone; true if the answer was not whole. */
    boolean leave() {
        boolean cut = !over;
        over = true;
        if (hop != null && cut) {
            hop.close();
        }
        return cut;
    }

    @Override
    public void hint(List<Map.Entry<String, String>> headers) {
        if (request.version() != HttpVersion.HTTP_1_0 && !response.closed() && !response.headWritten()) {
            MultiMap hints = MultiMap.caseInsensitiveMultiMap();
            headers.forEach(header -> hints.add(header.getKey(), header.getValue()));
            response.writeEarlyHints(hints);
        }
    }

    @Override
    public void head(int status, List<Map.Entry<String, String>> headers) {
        if (response.closed()) {
            return;
        }
        untilHead = Duration.ofNanos(time.nanoTime() - sentNanos);
        response.setStatusCode(status);
        headers.forEach(header -> response.headers().remove(header.getKey()));
        headers.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        backPressure = new BackPressure(
                new BackPressure.Flow() {
                    @Override
                    public void pause() {
                        if (hop != null) {
                            hop.pause();
                        }
                    }

                    @Override
                    public void resume() {
                        if (hop != null) {
                            hop.resume();
                        }
                    }
                },
                request,
                patience);
    }

    @Override
    public void chunk(Buffer bytes) {
        if (backPressure != null) {
            backPressure.write(bytes);
        }
    }

    @Override
    public void end(List<Map.Entry<String, String>> trailers) {
        over = true;
        if (backPressure != null && !response.closed()) {
            trailers.forEach(trailer -> response.putTrailer(trailer.getKey(), trailer.getValue()));
            backPressure.end(Buffer.buffer());
        }
        end.relayed(untilHead);
    }

    @Override
    public void failed(HopOutcome why) {
        if (over) {
            return;
        }
        over = true;
        if (backPressure == null) {
            end.failed(why);
        } else {
            backPressure.breakOff();
            end.broken(why);
        }
    }
}
