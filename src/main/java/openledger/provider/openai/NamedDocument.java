package openledger.provider.openai;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.AnswerDocument;
import openledger.provider.answer.DocumentDecoder;

/** A document of the Responses API, which later requests may refer to. */
final class NamedDocument implements AnswerDocument {
    private final DocumentDecoder document = new DocumentDecoder(Kind.TYPED);
    private final AnswerNames names;

    /** @param made told the names */
    NamedDocument(Consumer<String> made) {
        this.names = new AnswerNames(made);
    }

    @Override
    public Verdict hold(Buffer piece) {
        names.accept(piece);
        return document.hold(piece);
    }

    @Override
    public Verdict finish() {
        return document.finish();
    }

    @Override
    public Buffer released() {
        return document.released();
    }

    @Override
    public Buffer pass(Buffer piece) {
        names.accept(piece);
        return document.pass(piece);
    }

    @Override
    public String model() {
        return document.model();
    }

    @Override
    public boolean hasError() {
        return document.hasError();
    }

    @Override
    public boolean isWholeAtEnd() {
        return document.isWholeAtEnd();
    }

    @Override
    public Buffer complaint() {
        return document.complaint();
    }

    @Override
    public int kept() {
        return document.kept();
    }

    @Override
    public long length() {
        return document.length();
    }
}
