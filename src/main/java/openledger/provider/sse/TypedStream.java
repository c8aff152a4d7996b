package openledger.provider.sse;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.SaidModel;
import openledger.provider.sse.EventLines.Step;
import openledger.provider.translation.StrictJson;

/**
 * A stream of typed events that goes to the client as it comes. Held until its first content; the event that ends it, and any error, are
 * withheld throughout.
 */
public abstract class TypedStream implements ResponseDecoder {
    /** Silent events beyond this are let through as if they were content. */
    private static final int MOST_WITHOUT_CONTENT = 256 * 1024;

    private final EventLines lines = new EventLines(new TypedEvents(this::event));
    private final Buffer held = Buffer.buffer();
    private String model = "";
    private boolean contentSeen;
    private boolean errorSeen;
    private boolean endSeen;

    /** What an event says about the answer. */
    public enum Kind {
        /** It has not begun. */
        SILENT,
        /** It has, or may have: the data says. */
        CONTENT,
        /** It is over. */
        END,
        /** It has failed. */
        ERROR
    }

    public abstract Kind kindOf(String type);

    /** Sees the first event, which describes the answer, and the one that ends it. */
    public void described(byte[] data) {}

    /** Sees each event that has, or may have, content. */
    public void seen(String type, byte[] data) {}

    /** Asked of the data of events of kind {@code CONTENT} until one does. */
    public abstract boolean hasContent(String type, JsonNode data);

    private Step event(String type, byte[] data) {
        return switch (kindOf(type)) {
            case SILENT -> silent(data);
            case CONTENT -> content(type, data);
            case END -> end(data);
            case ERROR -> fail();
        };
    }

    /** The first event describes the answer. */
    private Step silent(byte[] data) {
        if (model.isEmpty()) {
            model = SaidModel.in(data);
            described(data);
        }
        return Step.PASS;
    }

    private Step content(String type, byte[] data) {
        seen(type, data);
        return contentSeen ? Step.PASS : begin(type, data);
    }

    private Step begin(String type, byte[] data) {
        try {
            contentSeen = hasContent(type, StrictJson.read(data));
            return Step.PASS;
        } catch (StrictJson.Malformed e) {
            return fail();
        }
    }

    private Step end(byte[] data) {
        try {
            if (!StrictJson.read(data).isObject()) {
                // Our facts would have no place in it.
                return fail();
            }
            contentSeen = true;
            endSeen = true;
            described(data);
            return Step.STOP;
        } catch (StrictJson.Malformed e) {
            return fail();
        }
    }

    private Step fail() {
        errorSeen = true;
        return Step.STOP;
    }

    /** As it came; empty if none has come. */
    @Override
    public Buffer lastEvent() {
        return endSeen ? lines.withheld() : Buffer.buffer();
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public Verdict hold(Buffer piece) {
        held.appendBuffer(read(piece));
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
        if (errorSeen) {
            return Verdict.ERROR;
        }
        return held.length() > MOST_WITHOUT_CONTENT ? Verdict.CONTENT : Verdict.NOT_YET;
    }

    private Buffer read(Buffer piece) {
        Buffer passed = lines.accept(piece);
        errorSeen |= lines.overflown();
        return passed;
    }

    @Override
    public Buffer released() {
        return held;
    }

    @Override
    public Buffer pass(Buffer piece) {
        return read(piece);
    }

    /** Half an event would spoil the one that follows it, and says nothing by itself. */
    @Override
    public Buffer last() {
        lines.finishEvent();
        return Buffer.buffer();
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
}
