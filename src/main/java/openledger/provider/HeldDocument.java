package openledger.provider;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One JSON document that goes to the client as it comes. Small ones are held whole; larger ones until enough is there to
 * know that it is an answer. A member {@code openledger} of the provider's is cut from a small one and ends a large one.
 */
final class HeldDocument implements AnswerDocument {
    private static final byte[] ERROR_MEMBER = "\"error\"".getBytes(StandardCharsets.US_ASCII);

    /** Where a dialect says that a document is an error. */
    enum ErrorMark {
        /** The first member is {@code error}: chat completions, embeddings. */
        FIRST_MEMBER,
        /** Any member says so, and in a success {@code error} may be null: Messages, Responses. */
        ANY_MEMBER
    }

    private final ErrorMark mark;
    private @Nullable Buffer held;
    private final OwnMember own = new OwnMember();
    private boolean copied;
    private boolean complete;

    HeldDocument() {
        this(ErrorMark.FIRST_MEMBER);
    }

    HeldDocument(ErrorMark mark) {
        this.mark = mark;
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
        return isLikeAnAnswer(held) && !own.found() ? Verdict.CONTENT : Verdict.ERROR;
    }

    @Override
    public Verdict finish() {
        if (held == null || !isLikeAnAnswer(held) || last(held) != '}') {
            return Verdict.ERROR;
        }
        if (own.found()) {
            try {
                held = Buffer.buffer(OwnMember.cut(held.getBytes()));
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

    /** The framing of HTTP says so: a cut connection is an error, not an end. */
    @Override
    public boolean isWholeAtEnd() {
        return true;
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

    private boolean isLikeAnAnswer(Buffer text) {
        return beginsLikeAnAnswer(text) && (mark == ErrorMark.FIRST_MEMBER || !ErrorMembers.in(text.getBytes()));
    }

    private static boolean beginsLikeAnAnswer(Buffer text) {
        int brace = skipSpace(text, 0);
        if (brace == text.length() || text.getByte(brace) != '{') {
            return false;
        }
        int name = skipSpace(text, brace + 1);
        for (int i = 0; i < ERROR_MEMBER.length; i++) {
            if (name + i >= text.length() || text.getByte(name + i) != ERROR_MEMBER[i]) {
                return true;
            }
        }
        return false;
    }

    private static int last(Buffer text) {
        int i = text.length() - 1;
        while (i >= 0 && isSpace(text.getByte(i))) {
            i--;
        }
        return i < 0 ? -1 : text.getByte(i);
    }

    private static int skipSpace(Buffer text, int from) {
        int i = from;
        while (i < text.length() && isSpace(text.getByte(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
