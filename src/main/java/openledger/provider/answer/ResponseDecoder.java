package openledger.provider.answer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import openledger.inference.upstream.AnswerForm;
import org.jspecify.annotations.Nullable;

/** An answer as it arrives: held until it is known to be one, so that whatever goes wrong before can be retried. */
public interface ResponseDecoder {
    /** Most bytes of a document, and of an error, that are held. */
    int MOST_HELD = 64 * 1024;

    /** The event that ends a stream of chat completions. */
    String DONE = "data: [DONE]\n\n";

    /** What an answer turns out to be, so far. */
    enum Verdict {
        NOT_YET,
        CONTENT,
        ERROR
    }

    /** Takes bytes before the verdict. */
    Verdict hold(Buffer piece);

    /** The bytes are over before the verdict. */
    Verdict finish();

    /** What was held, to be sent first. */
    Buffer released();

    /** Takes bytes after the verdict; returns what goes to the client. */
    Buffer pass(Buffer piece);

    /** What may still go to the client when the bytes are over. */
    Buffer last();

    /** The event a whole stream ends with, withheld from the bytes that pass; empty for a document. */
    Buffer lastEvent();

    /** What says what the answer took, if anything does: at the end of a stream its last events, or one that was taken out of them. */
    default Buffer lastWords() {
        return lastEvent();
    }

    /** What the answer says that it is of, known once there is content; empty if it does not say. */
    String model();

    /** An error came by after the content had begun. */
    boolean hasError();

    /** The answer has said that it is over, whether or not the connection has. */
    boolean saysItIsOver();

    /** The bytes are over: is that the whole answer? */
    boolean isWholeAtEnd();

    /** Memory of what it keeps back of a provider's bytes, in bytes, if that can be much; 0 for what is bounded by little. */
    int kept();

    /** What was read as an error: a document, or the event of a stream; empty if none was. */
    Buffer complaint();

    /** Nothing more is read of it. */
    default void close() {}

    /** Bytes of the whole answer, if it came whole before anything was sent; else -1. */
    default long length() {
        return -1;
    }

    /** What an answer is to the client: the label of a document that has a wrong one would keep it from being read. */
    static String contentType(HttpClientResponse head, AnswerForm form) {
        String type = head.getHeader("content-type");
        return type != null && announces(type, form) ? type : "application/json";
    }

    /** True if a content type is the one of an answer of that form. */
    static boolean announces(@Nullable String type, AnswerForm form) {
        if (type == null) {
            return false;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        return form == AnswerForm.STREAM ? lower.startsWith("text/event-stream") : lower.contains("json");
    }
}
