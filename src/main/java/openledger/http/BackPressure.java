package openledger.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import openledger.inference.UpstreamAnswer;

/** Writes at the pace of the client: a full queue pauses the provider until it has drained. */
final class BackPressure {
    private final UpstreamAnswer answer;
    private final HttpServerResponse response;

    BackPressure(UpstreamAnswer answer, HttpServerResponse response) {
        this.answer = answer;
        this.response = response;
        response.drainHandler(drained -> answer.resume());
    }

    void write(Buffer bytes) {
        if (!response.closed()) {
            response.write(bytes);
            if (response.writeQueueFull()) {
                answer.pause();
            }
        }
    }
}
