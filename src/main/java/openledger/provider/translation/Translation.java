package openledger.provider.translation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import openledger.inference.upstream.ProviderGateway.Objection;

/** The result of translating a request to another dialect. */
public sealed interface Translation {
    /** Whether a stream ends with a chunk that tells its usage. */
    enum UsageChunk {
        SENT,
        LEFT_OUT
    }

    /** What stands in its way; empty if nothing does. */
    default Optional<Objection> objection() {
        return switch (this) {
            case Translated said -> Optional.empty();
            case Untranslatable(var member, var message) -> Optional.of(new Objection(member, message));
        };
    }

    /**
     * The request in the other dialect.
     *
     * @throws IllegalArgumentException if it cannot be said
     */
    default Translated orElseThrow() {
        return switch (this) {
            case Translated said -> said;
            case Untranslatable(var member, var message) ->
                throw new IllegalArgumentException("cannot be expressed in this dialect: " + member);
        };
    }

    /**
     * The request in the other dialect. It is made once for all attempts: providers have other names for the model, and nothing else differs.
     *
     * @param whole all of it but the model: an object with one member at least
     * @param usage what the answer's translation needs to know of it
     * @param dropped dotted names of the members that were left out though they might have had an effect, e.g. {@code seed}; in the
     *     order in which they stood, each once, and all of them ours: a client cannot make the list longer
     */
    @SuppressWarnings("deprecation") // Vert.x has no other way to a view of several buffers
    record Translated(Buffer whole, UsageChunk usage, List<String> dropped) implements Translation {
        private static final byte[] MODEL = "{\"model\":".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] COMMA = {','};

        /**
         * The body for a provider that is told the model in it, a view of the whole.
         *
         * @param modelJson the provider's model as a JSON string, quotes included
         */
        public Buffer body(byte[] modelJson) {
            ByteBuf members = whole.getByteBuf();
            return view(Unpooled.wrappedBuffer(
                    Unpooled.wrappedBuffer(MODEL),
                    Unpooled.wrappedBuffer(modelJson),
                    Unpooled.wrappedBuffer(COMMA),
                    members.slice(members.readerIndex() + 1, members.readableBytes() - 1)));
        }

        /** The body for a provider that is told the model elsewhere, a view of the whole. */
        public Buffer body() {
            return view(whole.getByteBuf().slice());
        }

        private static Buffer view(ByteBuf bytes) {
            return Buffer.buffer(Unpooled.unreleasableBuffer(bytes));
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
