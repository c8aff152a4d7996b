package openledger.provider.sse;

import io.vertx.core.buffer.Buffer;
import openledger.provider.answer.NoAnswer;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.sse.EventLines.Step;
import openledger.provider.translation.StrictJson;

/**
 * A stream of another dialect that becomes one of chat completions, event by event. Held until its first content; the {@code [DONE]} is
 * left to the code that ends the stream.
 */
public abstract class TranslatedStream implements ResponseDecoder {
    private final EventLines lines = new EventLines(new TypedEvents(this::read));
    private Buffer out = Buffer.buffer();
    /** The chunks that end the completion, so far: our facts go into the last of them. */
    private Buffer ending = Buffer.buffer();

    private boolean contentSeen;
    private boolean errorSeen;
    private boolean endSeen;

    /**
     * Reads an event, and says by the methods below what it comes to.
     *
     * @param type in its data's member {@code type}, else in the field {@code event}; {@code error} if it is one; else empty
     * @throws NoAnswer if it makes no answer with those before it
     */
    protected abstract void event(String type, byte[] data) throws StrictJson.Malformed, NoAnswer;

    /** A chunk that says nothing yet. */
    protected final void begin(Buffer chunk) {
        out.appendBuffer(chunk);
    }

    /** Chunks of the answer itself; often none. */
    protected final void say(Buffer chunks) {
        if (chunks.length() > 0) {
            out.appendBuffer(ending).appendBuffer(chunks);
            ending = Buffer.buffer();
            contentSeen = true;
        }
    }

    /** Chunks that say why it ended, and what it took. */
    protected final void sayAtEnd(Buffer chunks) {
        ending.appendBuffer(chunks);
        contentSeen |= chunks.length() > 0;
    }

    /** Nothing follows. */
    protected final void end() {
        endSeen = true;
        contentSeen = true;
    }

    private Step read(String type, byte[] data) {
        try {
            if ("error".equals(type)) {
                errorSeen = true;
            } else {
                event(type, data);
            }
        } catch (StrictJson.Malformed | NoAnswer e) {
            errorSeen = true;
        }
        return errorSeen || endSeen ? Step.STOP : Step.PASS;
    }

    @Override
    public final Verdict hold(Buffer piece) {
        accept(piece);
        return verdict();
    }

    @Override
    public final Verdict finish() {
        lines.finishEvent();
        return verdict();
    }

    private Verdict verdict() {
        if (contentSeen) {
            return Verdict.CONTENT;
        }
        return errorSeen ? Verdict.ERROR : Verdict.NOT_YET;
    }

    private void accept(Buffer piece) {
        lines.accept(piece);
        errorSeen |= lines.overflown();
    }

    @Override
    public final Buffer released() {
        return taken();
    }

    @Override
    public final Buffer pass(Buffer piece) {
        accept(piece);
        return taken();
    }

    @Override
    public final Buffer last() {
        lines.finishEvent();
        return taken();
    }

    private Buffer taken() {
        Buffer made = out;
        out = Buffer.buffer();
        return made;
    }

    /** Chunks behind all others, where only the end of the stream says that there are none. */
    protected Buffer closing() {
        return Buffer.buffer();
    }

    @Override
    public final Buffer lastEvent() {
        return ending.copy().appendBuffer(closing()).appendString(DONE);
    }

    @Override
    public final int kept() {
        return lines.kept();
    }

    @Override
    public final Buffer complaint() {
        return errorSeen ? lines.withheld() : Buffer.buffer();
    }

    @Override
    public final boolean hasError() {
        return errorSeen;
    }

    @Override
    public final boolean saysItIsOver() {
        return endSeen;
    }

    @Override
    public boolean isWholeAtEnd() {
        return endSeen;
    }
}
