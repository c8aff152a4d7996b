package openledger.provider;

import io.vertx.core.buffer.Buffer;

/** What becomes of a request that is to be said in another dialect. */
sealed interface Translation {
    /** Whether a stream ends with a chunk that tells its usage. */
    enum UsageChunk {
        SENT,
        LEFT_OUT
    }

    /**
     * The request in the other dialect.
     *
     * @param body to be sent
     * @param usage what the answer's translation needs to know of it
     */
    record Translated(Buffer body, UsageChunk usage) implements Translation {}

    /**
     * The other dialect cannot say it; no call is worth making.
     *
     * @param member dotted name of what stands in the way, e.g. {@code messages[2].content[0].input_audio}; empty if it
     *     is the body as a whole
     * @param message for the client; holds none of the request's values
     */
    record Untranslatable(String member, String message) implements Translation {}
}
