package openledger.inference.upstream;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import openledger.inference.record.TokenUsage;
import openledger.routing.Trigger;

/**
 * An answer whose first content has arrived. Its bytes flow once {@link #drainTo} is called, in order, on the event loop
 * of the request; confined to that loop.
 */
public interface UpstreamAnswer {
    /** The provider's content type, e.g. {@code application/json}. */
    String contentType();

    /** Length of the body in bytes, or -1 if it is not known yet. */
    long contentLength();

    /**
     * The events that a whole stream ends with, such as the chunk that says why, and {@code data: [DONE]}. They are not among the
     * pieces, so that something may be added to them; known once the sink was told of the end.
     */
    Buffer lastEvent();

    /** What the provider said when the answer broke off, as far as the client may know it; known once the sink was told of the break. */
    default UpstreamRejection complaint() {
        return UpstreamRejection.NONE;
    }

    /**
     * What the answer took, if it says so; known once the sink was told of the end.
     *
     * @param lastPiece the last of its pieces, where a document says it
     */
    default Optional<TokenUsage> usage(Buffer lastPiece) {
        return Optional.empty();
    }

    /** Starts the flow into {@code sink}; called at most once. */
    void drainTo(Sink sink);

    /** Back-pressure: no {@code chunk} until {@link #resume}. */
    void pause();

    void resume();

    /** Ends the call at once and gives its slot back; nothing more reaches the sink. Harmless after the end. */
    void cancel();

    /** Where the bytes of an answer go. Exactly one of {@link #end} and {@link #broken} is called, once, last. */
    interface Sink {
        /** Some bytes; the sink may keep the buffer. */
        void chunk(Buffer bytes);

        /** The answer is whole but for {@link UpstreamAnswer#lastEvent}. */
        void end();

        /** The answer will never be whole. */
        void broken(Trigger why);
    }
}
