package openledger.provider.translation;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What becomes of a request that is to be said in another dialect. */
public sealed interface Translation {
    /** Whether a stream ends with a chunk that tells its usage. */
    enum UsageChunk {
        SENT,
        LEFT_OUT
    }

    /**
     * The request in the other dialect. It is made once for all attempts: providers have other names for the model, and nothing else differs.
     *
     * @param members all of it but the model, each with a comma before it
     * @param usage what the answer's translation needs to know of it
     * @param dropped dotted names of the members that were left out though they might have had an effect, e.g. {@code seed}; in the
     *     order in which they stood, each once, and all of them ours: a client cannot make the list longer
     */
    record Translated(Buffer members, UsageChunk usage, List<String> dropped) implements Translation {
        private static final byte[] MODEL = "{\"model\":".getBytes(StandardCharsets.US_ASCII);

        /**
         * The body for a provider, a view of the members.
         *
         * @param modelJson the provider's model as a JSON string, quotes included
         */
        public @SuppressWarnings("deprecation") // Vert.x has no other way to a view of several buffers
        Buffer body(byte[] modelJson) {
            return Buffer.buffer(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(
                    Unpooled.wrappedBuffer(MODEL), Unpooled.wrappedBuffer(modelJson), members.getByteBuf())));
        }
    }

    /**
     * The other dialect cannot say it; no call is worth making.
     *
     * @param member dotted name of what stands in the way, e.g. {@code messages[2].content[0].input_audio}; empty if it
     *     is the body as a whole
     * @param message for the client; holds none of the request's values
     */
    record Untranslatable(String member, String message) implements Translation {}
}
