package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.SaidUsage;
import org.jspecify.annotations.Nullable;

/** The answer of a call, from the head on: what can be asked of it without reading on. Confined to the event loop of the call. */
abstract sealed class CallAnswer implements UpstreamAnswer permits UpstreamCall {
    private @Nullable ResponseDecoder held;

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

    @Override
    public final Buffer lastEvent() {
        return answer().lastEvent();
    }

    @Override
    public final Optional<TokenUsage> usage(Buffer lastPiece) {
        return SaidUsage.in(answer().lastWords()).or(() -> SaidUsage.in(lastPiece));
    }
}
