package openledger.provider.answer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import openledger.inference.upstream.AnswerForm;
import openledger.provider.sse.EventLines;
import org.jspecify.annotations.Nullable;

/**
 * An answer that may differ from its head: it is decoded, and its beginning decides what it is, not its content type. A document where
 * events were requested is held, because it may be an error, and is never served.
 */
public final class DecodedAnswer implements ResponseDecoder {
    /** What a line of an event stream begins with (WHATWG HTML, section 9.2). */
    private static final List<byte[]> LINES = List.of(
            EventLines.ascii("data"),
            EventLines.ascii("event"),
            EventLines.ascii("id"),
            EventLines.ascii("retry"),
            EventLines.ascii(":"));
    /** All of them, and more. */
    private static final int LONGEST_BEGINNING = 8;

    private final @Nullable ContentDecoding decoding;
    private final ResponseDecoder answer;
    private final AnswerForm form;
    private final boolean announced;
    private boolean begun;
    private boolean failed;
    /** What came in place of what was asked for. */
    private @Nullable Buffer other;
    /** Too little to tell what it is. */
    private Buffer beginning = Buffer.buffer();

    private DecodedAnswer(
            @Nullable ContentDecoding decoding, ResponseDecoder answer, AnswerForm form, boolean announced) {
        this.decoding = decoding;
        this.answer = answer;
        this.form = form;
        this.announced = announced;
    }

    /** An answer as {@code usual} reads it, if it comes as it usually does; else by way of one of these. */
    public static ResponseDecoder of(HttpClientResponse head, ResponseDecoder usual, AnswerForm form) {
        return of(head.getHeader("content-type"), head.getHeader("content-encoding"), usual, form);
    }

    static ResponseDecoder of(
            @Nullable String type, @Nullable String encoding, ResponseDecoder usual, AnswerForm form) {
        ContentDecoding decoding =
                encoding != null && ContentDecoding.isNeeded(encoding) ? new ContentDecoding(encoding) : null;
        boolean announced = ResponseDecoder.announces(type, form);
        return decoding == null && announced && form == AnswerForm.PLAIN
                ? usual
                : new DecodedAnswer(decoding, usual, form, announced);
    }

    @Override
    public Verdict hold(Buffer piece) {
        Buffer plain = decoded(piece);
        if (failed) {
            return Verdict.ERROR;
        }
        if (begun) {
            return other == null ? answer.hold(plain) : keep(other, plain);
        }
        beginning.appendBuffer(plain);
        int first = firstOf(beginning);
        boolean enough = beginning.length() - first >= LONGEST_BEGINNING;
        return first < beginning.length() && (enough || isSure(beginning.getByte(first)))
                ? begin(first)
                : beginning.length() > MOST_HELD ? Verdict.ERROR : Verdict.NOT_YET;
    }

    private Verdict begin(int first) {
        begun = true;
        Buffer all = beginning;
        beginning = Buffer.buffer();
        if (isWhatWasAskedFor(all, first)) {
            return answer.hold(all);
        }
        Buffer kept = Buffer.buffer();
        other = kept;
        byte mark = first < all.length() ? all.getByte(first) : 0;
        // A page, or anything else that is no JSON, says nothing that anybody would read.
        return mark == '{' || mark == '[' ? keep(kept, all) : Verdict.ERROR;
    }

    private static Verdict keep(Buffer kept, Buffer piece) {
        kept.appendBuffer(piece);
        return kept.length() > MOST_HELD ? Verdict.ERROR : Verdict.NOT_YET;
    }

    /** One byte is enough to tell these. */
    private static boolean isSure(byte first) {
        return first == '{' || first == '[' || first == '<' || first == ':';
    }

    private boolean isWhatWasAskedFor(Buffer all, int first) {
        byte mark = first < all.length() ? all.getByte(first) : 0;
        if (form == AnswerForm.PLAIN) {
            return mark == '{';
        }
        boolean document = mark == '{' || mark == '[' || mark == '<';
        return !document && (announced || beginsLikeEvents(all, first));
    }

    private static boolean beginsLikeEvents(Buffer all, int first) {
        byte[] bytes = all.getBytes(first, Math.min(all.length(), first + LONGEST_BEGINNING));
        return LINES.stream().anyMatch(line -> EventLines.startsWith(bytes, 0, bytes.length, line));
    }

    /** Where something stands that is neither blank nor a byte order mark. */
    private static int firstOf(Buffer text) {
        int i = text.length() >= 3 && "\ufeff".equals(text.getString(0, 3, StandardCharsets.UTF_8.name())) ? 3 : 0;
        while (i < text.length() && isBlank(text.getByte(i))) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private Buffer decoded(Buffer piece) {
        if (decoding == null) {
            return piece;
        }
        try {
            return decoding.decode(piece);
        } catch (ContentDecoding.Undecodable e) {
            failed = true;
            return Buffer.buffer();
        }
    }

    @Override
    public Verdict finish() {
        if (isCut()) {
            return Verdict.NOT_YET;
        }
        Verdict before = begun ? Verdict.NOT_YET : begin(firstOf(beginning));
        return before == Verdict.ERROR || other != null ? Verdict.ERROR : answer.finish();
    }

    private boolean isCut() {
        return decoding != null && !decoding.isWhole();
    }

    @Override
    public Buffer released() {
        return answer.released();
    }

    @Override
    public Buffer pass(Buffer piece) {
        Buffer plain = decoded(piece);
        return plain.length() == 0 ? plain : answer.pass(plain);
    }

    @Override
    public Buffer last() {
        return answer.last();
    }

    @Override
    public Buffer lastEvent() {
        return answer.lastEvent();
    }

    @Override
    public Buffer lastWords() {
        return answer.lastWords();
    }

    @Override
    public String model() {
        return answer.model();
    }

    @Override
    public boolean hasError() {
        return failed || answer.hasError();
    }

    @Override
    public boolean saysItIsOver() {
        return answer.saysItIsOver();
    }

    @Override
    public boolean isWholeAtEnd() {
        return (!isCut() || answer.saysItIsOver()) && answer.isWholeAtEnd();
    }

    @Override
    public int kept() {
        return answer.kept();
    }

    @Override
    public long length() {
        return answer.length();
    }

    @Override
    public Buffer complaint() {
        return other != null ? other : answer.complaint();
    }

    @Override
    public void close() {
        if (decoding != null) {
            decoding.close();
        }
    }
}
