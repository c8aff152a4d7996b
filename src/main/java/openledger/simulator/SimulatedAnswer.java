package openledger.simulator;

import io.vertx.core.buffer.Buffer;

/** A simulated provider's answer to one request, in one dialect, whole or in pieces. */
interface SimulatedAnswer {
    /** The client asked for a stream, and the dialect has streams. */
    default boolean isStream() {
        return false;
    }

    /** The whole, as one document. */
    Buffer document();

    /** A document of at least that many bytes. */
    Buffer huge(int bytes);

    /** An error as it comes inside a success, as a document. */
    Buffer errorDocument();

    /** The events before the first token: no content yet. */
    default Buffer firstEvents() {
        return Buffer.buffer();
    }

    /** The events of a token, from 0. */
    default Buffer token(int index) {
        return Buffer.buffer();
    }

    /** The events after the last token, and the end. */
    default Buffer lastEvents() {
        return Buffer.buffer();
    }

    /** An error as it comes inside a stream. */
    default Buffer errorEvents() {
        return Buffer.buffer();
    }
}
