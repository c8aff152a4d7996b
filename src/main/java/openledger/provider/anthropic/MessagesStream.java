package openledger.provider.anthropic;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import openledger.provider.answer.NoAnswer;
import openledger.provider.error.Failures;
import openledger.provider.sse.TranslatedStream;
import openledger.provider.translation.StrictJson;
import openledger.provider.translation.Translation.UsageChunk;

/** A stream of the Messages API that becomes one of chat completions. */
public final class MessagesStream extends TranslatedStream {
    private final ChunkTranslation chunks;

    /**
     * An answer that is about to come.
     *
     * @param created what the chunks say about when it was made
     * @param usage whether the client asked for the chunk that tells the usage
     */
    public MessagesStream(Instant created, UsageChunk usage) {
        this.chunks = new ChunkTranslation(created, usage);
    }

    @Override
    protected void event(String type, byte[] data) throws StrictJson.Malformed, NoAnswer {
        switch (type) {
            case "message_start" -> begin(chunks.translate(type, StrictJson.read(data)));
            case "content_block_start", "content_block_delta", "content_block_stop" ->
                say(chunks.translate(type, StrictJson.read(data)));
            case "message_delta" -> sayAtEnd(chunks.translate(type, StrictJson.read(data)));
            case "message_stop" -> {
                sayAtEnd(chunks.translate(type, StrictJson.read(data)));
                end();
            }
            // Pings, and what the API may learn to say one day: it asks to be read like that.
            default -> {}
        }
    }

    @Override
    public Buffer lastWords() {
        return chunks.usage();
    }

    @Override
    public String model() {
        return Failures.printable(chunks.model());
    }
}
