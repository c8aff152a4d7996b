package openledger.inference.resend;

import io.vertx.core.buffer.Buffer;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;

/**
 * The data that remain of an answer that has ended, well or not: a buffer that is kept for late readers keeps neither its call nor its
 * request.
 *
 * @param contentType the provider's
 * @param contentLength in bytes, or -1 if it is not known
 * @param lastEvent what a whole stream ends with
 * @param complaint what the provider said when a stream broke off
 */
record EndedAnswer(String contentType, long contentLength, Buffer lastEvent, UpstreamRejection complaint)
        implements UpstreamAnswer {

    static EndedAnswer of(UpstreamAnswer whole) {
        return new EndedAnswer(whole.contentType(), whole.contentLength(), whole.lastEvent(), whole.complaint());
    }

    @Override
    public void drainTo(Sink sink) {
        throw new IllegalStateException("it has flowed");
    }

    @Override
    public void pause() {
        // Nothing flows.
    }

    @Override
    public void resume() {
        // Nothing flows.
    }

    @Override
    public void cancel() {
        // There is no call.
    }
}
