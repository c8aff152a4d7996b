package openledger.provider.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import openledger.provider.error.Failures;
import openledger.provider.translation.StrictJson;

/** A document of another dialect that becomes a chat completion. It is held whole, because it is translated as a whole. */
public abstract class TranslatedDocument implements AnswerDocument {
    private static final int LARGEST = 16 << 20;

    /** The bytes, their copy, the tree that is made of them and its translation. */
    private static final int COPIES = 4;

    private Buffer held = Buffer.buffer();
    private boolean complete;
    private String model = "";

    /**
     * The completion that a document comes to.
     *
     * @throws NoAnswer if it is no answer
     */
    protected abstract ObjectNode completion(JsonNode document) throws NoAnswer;

    @Override
    public final Verdict hold(Buffer piece) {
        if (held.length() + (long) piece.length() > LARGEST) {
            held = Buffer.buffer();
            return Verdict.ERROR;
        }
        held.appendBuffer(piece);
        return Verdict.NOT_YET;
    }

    @Override
    public final int kept() {
        return COPIES * held.length();
    }

    @Override
    public final Verdict finish() {
        try {
            ObjectNode completion = completion(StrictJson.read(held.getBytes()));
            model = Failures.printable(completion.path("model").asText(""));
            held = StrictJson.write(completion);
            complete = true;
            return Verdict.CONTENT;
        } catch (StrictJson.Malformed | NoAnswer e) {
            return Verdict.ERROR;
        }
    }

    @Override
    public final Buffer released() {
        return held;
    }

    @Override
    public final Buffer pass(Buffer piece) {
        return Buffer.buffer();
    }

    @Override
    public final String model() {
        return model;
    }

    @Override
    public final Buffer complaint() {
        return held;
    }

    @Override
    public final boolean isWholeAtEnd() {
        return complete;
    }

    @Override
    public final long length() {
        return complete ? held.length() : -1;
    }
}
