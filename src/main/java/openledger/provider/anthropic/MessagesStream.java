package openledger.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.error.Failures;
import openledger.provider.sse.EventLines;
import openledger.provider.sse.EventLines.Step;
import openledger.provider.sse.TypedEvents;
import openledger.provider.translation.StrictJson;
import openledger.provider.translation.Translation.UsageChunk;

/**
 * A stream of the Messages API that becomes one of chat completions, event by event. Held until its first content; the
 * {@code [DONE]} is left to whoever ends the stream.
 */
public final class MessagesStream implements ResponseDecoder {
    private final EventLines lines = new EventLines(new TypedEvents(this::event));
    private final ChunkTranslation chunks;
    private Buffer out = Buffer.buffer();
    /** The chunks that end the completion, so far: our facts go into the last of them. */
    private Buffer ending = Buffer.buffer();

    private boolean contentSeen;
    private boolean errorSeen;
    private boolean endSeen;

    /**
     * An answer that is about to come.
     *
     * @param created what the chunks say about when it was made
     * @param usage whether the client asked for the chunk that tells the usage
     */
    public MessagesStream(Instant created, UsageChunk usage) {
        this.chunks = new ChunkTranslation(created, usage);
    }

    private Step event(String type, byte[] data) {
        try {
            switch (type) {
                case "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop" -> translate(type, StrictJson.read(data));
                case "error" -> errorSeen = true;
                // Pings, and what the API may learn to say one day: it asks to be read like that.
                default -> {}
            }
        } catch (StrictJson.Malformed | ChunkTranslation.OutOfOrder e) {
            errorSeen = true;
        }
        return errorSeen || endSeen ? Step.STOP : Step.PASS;
    }

    private void translate(String type, JsonNode data) throws ChunkTranslation.OutOfOrder {
        Buffer made = chunks.translate(type, data);
        if ("message_delta".equals(type) || "message_stop".equals(type)) {
            ending.appendBuffer(made);
        } else if (made.length() > 0) {
            out.appendBuffer(ending).appendBuffer(made);
            ending = Buffer.buffer();
        }
        endSeen = "message_stop".equals(type);
        contentSeen |= endSeen || (made.length() > 0 && !"message_start".equals(type));
    }

    @Override
    public Verdict hold(Buffer piece) {
        read(piece);
        return verdict();
    }

    @Override
    public Verdict finish() {
        lines.finishEvent();
        return verdict();
    }

    private Verdict verdict() {
        if (contentSeen) {
            return Verdict.CONTENT;
        }
        return errorSeen ? Verdict.ERROR : Verdict.NOT_YET;
    }

    private void read(Buffer piece) {
        lines.accept(piece);
        errorSeen |= lines.overflown();
    }

    @Override
    public Buffer released() {
        return taken();
    }

    @Override
    public Buffer pass(Buffer piece) {
        read(piece);
        return taken();
    }

    @Override
    public Buffer last() {
        lines.finishEvent();
        return taken();
    }

    private Buffer taken() {
        Buffer made = out;
        out = Buffer.buffer();
        return made;
    }

    @Override
    public Buffer lastEvent() {
        return ending.copy().appendString(DONE);
    }

    @Override
    public Buffer lastWords() {
        return chunks.usage();
    }

    @Override
    public String model() {
        return Failures.printable(chunks.model());
    }

    @Override
    public int kept() {
        return lines.kept();
    }

    @Override
    public Buffer complaint() {
        return errorSeen ? lines.withheld() : Buffer.buffer();
    }

    @Override
    public boolean hasError() {
        return errorSeen;
    }

    @Override
    public boolean saysItIsOver() {
        return endSeen;
    }

    @Override
    public boolean isWholeAtEnd() {
        return endSeen;
    }

    @Override
    public long length() {
        return -1;
    }
}
