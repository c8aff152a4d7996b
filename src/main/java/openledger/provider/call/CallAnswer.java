package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.SaidUsage;
import openledger.provider.call.CallState.Closed;

/** The answer of a call, from its head on: everything that is known without reading further. Confined to the event loop of the call. */
abstract sealed class CallAnswer implements UpstreamAnswer permits UpstreamCall {
    final CallConnection connection;
    private final AnswerForm form;
    CallState state = new CallState.Prepared();

    CallAnswer(CallConnection connection, AnswerForm form) {
        this.connection = connection;
        this.form = form;
    }

    /**
     * As what it is read.
     *
     * @throws IllegalStateException if its head has not come
     */
    private ResponseDecoder answer() {
        ResponseDecoder answer = state.decoder();
        if (answer == null) {
            throw new IllegalStateException("no answer yet");
        }
        return answer;
    }

    /** Which model it says it is of; empty if it does not, or has not yet. */
    final String model() {
        ResponseDecoder answer = state.decoder();
        return answer == null ? "" : answer.model();
    }

    @Override
    public final String contentType() {
        return ResponseDecoder.contentType(connection.head(), form);
    }

    @Override
    public final long contentLength() {
        return connection.isWhole() ? answer().length() : -1;
    }

    @Override
    public final UpstreamRejection complaint() {
        return state instanceof Closed(var _, var complaint) ? complaint : UpstreamRejection.NONE;
    }

    @Override
    public final Buffer lastEvent() {
        return answer().lastEvent();
    }

    @Override
    public final Optional<TokenUsage> usage(Buffer lastPiece) {
        return SaidUsage.in(answer().lastWords()).or(() -> SaidUsage.in(lastPiece));
    }

    /** Fails loudly where the state has no such event. */
    final void require(boolean isLegal, String event) {
        if (!isLegal) {
            throw illegal(event);
        }
    }

    final IllegalStateException illegal(String event) {
        return new IllegalStateException(event + " while " + state.getClass().getSimpleName());
    }
}
