package openledger.inference.resend;

import io.vertx.core.buffer.Buffer;
import openledger.inference.EventLoops.Loop;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.Trigger;

/** An answer for a client on another event loop than the request's: every call is moved over, in order. Confined to the client's loop. */
final class EventLoopBridge implements UpstreamAnswer {
    private final UpstreamAnswer answer;
    private final Loop home;
    private final Loop client;
    private final String contentType;
    private volatile Buffer lastEvent = Buffer.buffer();
    private volatile UpstreamRejection complaint = UpstreamRejection.NONE;

    /** Made on the request's loop. */
    EventLoopBridge(UpstreamAnswer answer, Loop home, Loop client) {
        this.answer = answer;
        this.home = home;
        this.client = client;
        this.contentType = answer.contentType();
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public long contentLength() {
        return -1;
    }

    @Override
    public Buffer lastEvent() {
        return lastEvent;
    }

    @Override
    public UpstreamRejection complaint() {
        return complaint;
    }

    @Override
    public void drainTo(Sink sink) {
        home.execute(() -> answer.drainTo(new CrossingSink(sink)));
    }

    @Override
    public void pause() {
        home.execute(answer::pause);
    }

    @Override
    public void resume() {
        home.execute(answer::resume);
    }

    @Override
    public void cancel() {
        home.execute(answer::cancel);
    }

    /** Hands on what the request's loop sends. */
    private final class CrossingSink implements Sink {
        private final Sink sink;

        CrossingSink(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void chunk(Buffer bytes) {
            client.execute(() -> sink.chunk(bytes));
        }

        @Override
        public void end() {
            lastEvent = answer.lastEvent();
            client.execute(sink::end);
        }

        @Override
        public void broken(Trigger why) {
            complaint = answer.complaint();
            client.execute(() -> sink.broken(why));
        }
    }
}
