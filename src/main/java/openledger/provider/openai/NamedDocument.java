package openledger.provider.openai;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import openledger.provider.answer.AnswerCheck.Kind;
import openledger.provider.answer.DocumentDecoder;

/** A document of the Responses API, which later requests may refer to. */
final class NamedDocument extends DocumentDecoder {
    private final AnswerNames names;

    /** @param made told the names */
    NamedDocument(Consumer<String> made) {
        super(Kind.TYPED);
        this.names = new AnswerNames(made);
    }

    @Override
    public Verdict hold(Buffer piece) {
        names.accept(piece);
        return super.hold(piece);
    }

    @Override
    public Buffer pass(Buffer piece) {
        names.accept(piece);
        return super.pass(piece);
    }
}
