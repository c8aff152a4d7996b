package openledger.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import openledger.inference.RequestFacts;
import openledger.inference.UpstreamAnswer;
import openledger.routing.Trigger;

/**
 * Sends a stream of server-sent events as they come, then our facts and {@code [DONE]}. A stream that breaks off ends
 * with an error event and never with {@code [DONE]}. Confined to the event loop.
 */
final class StreamSink implements UpstreamAnswer.Sink {
    private static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");
    private static final long MILLIS_A_SECOND = 1_000;

    private final RequestFacts facts;
    private final HttpServerResponse response;
    private final BackPressure backPressure;

    StreamSink(RequestFacts facts, UpstreamAnswer answer, HttpServerResponse response) {
        this.facts = facts;
        this.response = response;
        this.backPressure = new BackPressure(answer, response);
        response.setChunked(true);
    }

    @Override
    public void chunk(Buffer bytes) {
        backPressure.write(bytes);
    }

    @Override
    public void end() {
        if (!response.closed()) {
            long created = System.currentTimeMillis() / MILLIS_A_SECOND;
            response.end(FactsJson.lastChunk(facts, created).appendBuffer(DONE));
        }
    }

    @Override
    public void broken(Trigger why) {
        if (!response.closed()) {
            String detail = "The answer broke off (" + why + "); what has arrived is not complete.";
            response.end("data: "
                    + Problem.of(ProblemType.STREAM_BROKEN, detail, facts).toJson() + "\n\n");
        }
    }
}
