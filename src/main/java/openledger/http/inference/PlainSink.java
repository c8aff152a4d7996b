package openledger.http.inference;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer that is one document: in one piece if it came whole, else chunk by chunk with back-pressure. An answer that breaks off
 * closes the connection, because a clean end would be wrong. Confined to the event loop.
 */
final class PlainSink implements UpstreamAnswer.Sink {
    private final UpstreamAnswer answer;
    private final HttpServerResponse response;
    private final BackPressure backPressure;
    private @Nullable Buffer whole;

    PlainSink(UpstreamAnswer answer, HttpServerRequest request, ReaderPatience patience) {
        this.answer = answer;
        this.response = request.response();
        this.backPressure = new BackPressure(answer, request, patience);
    }

    @Override
    public void chunk(Buffer bytes) {
        if (whole == null && !response.headWritten() && bytes.length() == answer.contentLength()) {
            whole = bytes;
            return;
        }
        if (!response.headWritten()) {
            response.setChunked(true);
        }
        backPressure.write(bytes);
    }

    @Override
    public void end() {
        if (response.closed()) {
            return;
        }
        if (whole != null) {
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(whole.length()));
            backPressure.end(whole);
        } else {
            backPressure.end(Buffer.buffer());
        }
    }

    @Override
    public void broken(Trigger why) {
        backPressure.breakOff();
    }
}
