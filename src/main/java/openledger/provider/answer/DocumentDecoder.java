package openledger.provider.answer;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import openledger.provider.answer.AnswerCheck.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One JSON document that goes to the client as it comes. Small ones are held whole; larger ones until enough is there to
 * know that it is an answer. A member {@code openledger} of the provider's is cut from a small one and ends a large one.
 */
public class DocumentDecoder implements AnswerDocument {
    private final AnswerCheck check;
    private @Nullable Buffer held;
    private final OwnMember own = new OwnMember();
    private boolean copied;
    private boolean complete;

    public DocumentDecoder(Kind kind) {
        this.check = new AnswerCheck(kind);
    }

    @Override
    public Verdict hold(Buffer piece) {
        own.accept(piece);
        if (held == null) {
            held = piece;
        } else if (copied) {
            held.appendBuffer(piece);
        } else {
            copied = true;
            held = Buffer.buffer(held.length() + piece.length())
                    .appendBuffer(held)
                    .appendBuffer(piece);
        }
        if (held.length() <= MOST_HELD) {
            return Verdict.NOT_YET;
        }
        return check.beginsLikeAnswer(held.getBytes()) && !own.found() ? Verdict.CONTENT : Verdict.ERROR;
    }

    @Override
    public Verdict finish() {
        if (held == null) {
            return Verdict.ERROR;
        }
        byte[] document = held.getBytes();
        if (!check.isAnswer(document)) {
            return Verdict.ERROR;
        }
        if (own.found()) {
            try {
                held = Buffer.buffer(OwnMember.cut(document));
            } catch (IOException e) {
                return Verdict.ERROR;
            }
        }
        complete = true;
        return Verdict.CONTENT;
    }

    @Override
    public Buffer released() {
        return held == null ? Buffer.buffer() : held;
    }

    @Override
    public Buffer pass(Buffer piece) {
        own.accept(piece);
        return own.found() ? Buffer.buffer() : piece;
    }

    /** Our own member, when most of the document has gone out already: it cannot be cut any more. */
    @Override
    public boolean hasError() {
        return own.found() && !complete;
    }

    /** A connection that is closed without a length before it ends where the document is not at its end. */
    @Override
    public boolean isWholeAtEnd() {
        return complete || own.isAtEnd();
    }

    @Override
    public String model() {
        return check.model();
    }

    @Override
    public Buffer complaint() {
        return released();
    }

    /** It keeps {@link #MOST_HELD} and one piece. */
    @Override
    public int kept() {
        return 0;
    }

    @Override
    public long length() {
        return complete && held != null ? held.length() : -1;
    }
}
