package openledger.provider.openai;

import io.vertx.core.buffer.Buffer;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.error.Failures;
import openledger.provider.translation.Translation.UsageChunk;

/**
 * A stream of chat completion chunks. Held until its first content; what ends it, its {@code [DONE]} and any error are withheld
 * throughout.
 */
public final class ChatStream implements ResponseDecoder {
    /** Roles, comments and empty deltas beyond this are let through as if they were content. */
    private static final int MOST_WITHOUT_CONTENT = 256 * 1024;

    private final ChatEvents events;
    private Buffer held = Buffer.buffer();

    /**
     * A stream that is about to come.
     *
     * @param usage whether the client asked for the chunk that tells the usage; it is taken out of the stream if it did not
     */
    public ChatStream(UsageChunk usage) {
        this.events = new ChatEvents(usage);
    }

    @Override
    public Verdict hold(Buffer piece) {
        held.appendBuffer(events.accept(piece));
        return verdict();
    }

    @Override
    public Verdict finish() {
        held.appendBuffer(events.finish());
        return verdict();
    }

    private Verdict verdict() {
        if (events.contentSeen()) {
            return Verdict.CONTENT;
        }
        if (events.errorSeen()) {
            return Verdict.ERROR;
        }
        return held.length() > MOST_WITHOUT_CONTENT ? Verdict.CONTENT : Verdict.NOT_YET;
    }

    @Override
    public Buffer released() {
        return held;
    }

    @Override
    public Buffer pass(Buffer piece) {
        return events.accept(piece);
    }

    @Override
    public Buffer last() {
        return events.finish();
    }

    @Override
    public Buffer lastEvent() {
        return events.end();
    }

    @Override
    public Buffer lastWords() {
        return events.usage().length() > 0 ? events.usage() : events.end();
    }

    @Override
    public String model() {
        return Failures.printable(events.model());
    }

    @Override
    public int kept() {
        return events.kept();
    }

    @Override
    public Buffer complaint() {
        return events.error();
    }

    @Override
    public boolean hasError() {
        return events.errorSeen();
    }

    @Override
    public boolean saysItIsOver() {
        return events.doneSeen();
    }

    @Override
    public boolean isWholeAtEnd() {
        return events.isWhole();
    }
}
