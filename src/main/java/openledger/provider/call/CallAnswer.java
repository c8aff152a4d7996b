package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.SaidUsage;
import org.jspecify.annotations.Nullable;

/** The answer of a call, from its head on: everything that is known without reading further. Confined to the event loop of the call. */
abstract sealed class CallAnswer implements UpstreamAnswer permits UpstreamCall {
    final CallConnection connection;
    private final AnswerForm form;
    private @Nullable ResponseDecoder held;
    private UpstreamRejection complaint = UpstreamRejection.NONE;

    CallAnswer(CallConnection connection, AnswerForm form) {
        this.connection = connection;
        this.form = form;
    }

    /** The head has come: what follows is read as this. */
    final void readAs(ResponseDecoder answer) {
        held = answer;
    }

    /**
     * As what it is read.
     *
     * @throws IllegalStateException if its head has not come
     */
    final ResponseDecoder answer() {
        if (held == null) {
            throw new IllegalStateException("no answer yet");
        }
        return held;
    }

    /** Which model it says it is of; empty if it does not, or has not yet. */
    final String model() {
        return held == null ? "" : held.model();
    }

    /** Nothing more is read. */
    final void stopReading() {
        if (held != null) {
            held.close();
        }
    }

    /** It breaks off, and this is what the provider says. */
    final void complain(UpstreamRejection why) {
        complaint = why;
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
        return complaint;
    }

    @Override
    public final Buffer lastEvent() {
        return answer().lastEvent();
    }

    @Override
    public final Optional<TokenUsage> usage(Buffer lastPiece) {
        return SaidUsage.in(answer().lastWords()).or(() -> SaidUsage.in(lastPiece));
    }
}
