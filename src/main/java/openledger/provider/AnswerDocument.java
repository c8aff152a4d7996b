package openledger.provider;

import io.vertx.core.buffer.Buffer;

/** An answer that is one document: it says nothing about its end, and nothing follows it. */
sealed interface AnswerDocument extends HeldAnswer permits HeldDocument, MessagesDocument, NamedDocument {
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
