package openledger.provider.error;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Consumer;
import openledger.inference.SingleTimer;
import openledger.inference.Timekeeper;
import openledger.provider.answer.ContentDecoding;
import openledger.provider.answer.ResponseDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer whose status says that something is wrong: read to a bound, decoded, and handed over once, whole or not. Confined
 * to the event loop of its call.
 */
public final class ErrorAnswer {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final @Nullable ContentDecoding decoding;
    private final SingleTimer deadline;
    private final Buffer text = Buffer.buffer();
    private final Consumer<Complaint> heard;
    private boolean unreadable;
    private boolean over;

    /**
     * Reads from now on.
     *
     * @param heard is told what the body says once: at its end, or when it has been waited for long enough
     * @param atEnd is told of the end of the body, before {@code heard} if that has not been told
     */
    public ErrorAnswer(HttpClientResponse head, Timekeeper time, Runnable atEnd, Consumer<Complaint> heard) {
        this.heard = heard;
        String encoding = head.getHeader("content-encoding");
        this.decoding = encoding != null && ContentDecoding.isNeeded(encoding) ? new ContentDecoding(encoding) : null;
        this.deadline = new SingleTimer(time);
        deadline.start(LONGEST_WAIT, this::settle);
        if (Failures.classOf(head.statusCode()) == Failures.StatusClass.REFUSAL) {
            // The status is enough to go on.
            head.exceptionHandler(lost -> settle());
        }
        head.handler(this::add);
        head.endHandler(end -> {
            atEnd.run();
            settle();
        });
    }

    private void add(Buffer piece) {
        if (over || unreadable || text.length() >= ResponseDecoder.MOST_HELD) {
            return;
        }
        try {
            Buffer plain = decoding == null ? piece : decoding.decode(piece);
            text.appendBuffer(plain, 0, Math.min(plain.length(), ResponseDecoder.MOST_HELD - text.length()));
        } catch (ContentDecoding.Undecodable e) {
            unreadable = true;
        }
    }

    /** Waits no longer: what has come counts. */
    private void settle() {
        if (over) {
            return;
        }
        drop();
        heard.accept(ComplaintReader.read(text.toString()));
    }

    /** Nobody wants to know any more. */
    public void drop() {
        over = true;
        deadline.stop();
        if (decoding != null) {
            decoding.close();
        }
    }
}
