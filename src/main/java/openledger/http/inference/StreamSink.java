package openledger.http.inference;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.inference.RequestFacts;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.Trigger;

/**
 * Sends a stream of server-sent events as they come, then the provider's last event with our facts. A stream that breaks
 * off ends with an error event and never with that one. Confined to the event loop.
 */
final class StreamSink implements UpstreamAnswer.Sink {
    private final ApiFlavor idiom;
    private final RequestFacts facts;
    private final UpstreamAnswer answer;
    private final HttpServerResponse response;
    private final BackPressure backPressure;

    StreamSink(
            ApiFlavor idiom,
            RequestFacts facts,
            UpstreamAnswer answer,
            HttpServerRequest request,
            ReaderPatience patience) {
        this.idiom = idiom;
        this.facts = facts;
        this.answer = answer;
        this.response = request.response();
        this.backPressure = new BackPressure(answer, request, patience);
        response.setChunked(true);
    }

    @Override
    public void chunk(Buffer bytes) {
        backPressure.write(bytes);
    }

    @Override
    public void end() {
        if (!response.closed()) {
            backPressure.end(idiom.end(facts, answer.lastEvent()));
        }
    }

    /** The provider's own words, if it had any. */
    private String said() {
        UpstreamRejection complaint = answer.complaint();
        String code = complaint.code().isEmpty() ? complaint.type() : complaint.code();
        String name = code.isEmpty() ? "" : " (" + code + ")";
        return complaint.message().isEmpty() ? "" : " The provider says" + name + ": " + complaint.message();
    }

    @Override
    public void broken(Trigger why) {
        if (!response.closed()) {
            String detail = "The answer broke off (" + why + "); what has arrived is not complete." + said();
            backPressure.end(idiom.broken(Problem.of(ProblemType.STREAM_BROKEN, detail, facts)));
        }
    }
}
