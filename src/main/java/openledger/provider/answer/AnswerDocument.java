package openledger.provider.answer;

import io.vertx.core.buffer.Buffer;

/** An answer that is one document: nothing in it marks its end, and nothing follows it. */
public interface AnswerDocument extends ResponseDecoder {
    @Override
    default Buffer last() {
        return Buffer.buffer();
    }

    @Override
    default Buffer lastEvent() {
        return Buffer.buffer();
    }

    @Override
    default boolean hasError() {
        return false;
    }

    @Override
    default boolean saysItIsOver() {
        return false;
    }
}
