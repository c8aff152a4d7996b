package openledger.inference;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import openledger.inference.InferenceRequest.Departure;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/** A provider's answer whose end, however it comes, seals the decision. Confined to the request's event loop. */
final class SealingAnswer implements UpstreamAnswer, UpstreamAnswer.Sink {
    private final UpstreamAnswer answer;
    private final Exchange exchange;
    private final Departure departure;
    private final Timekeeper time;
    private final Duration orphanGrace;
    private @Nullable Sink client;
    private boolean flowing;
    private Reach reach = Reach.NOBODY;

    SealingAnswer(
            UpstreamAnswer answer, Exchange exchange, Departure departure, Timekeeper time, Duration orphanGrace) {
        this.answer = answer;
        this.exchange = exchange;
        this.departure = departure;
        this.time = time;
        this.orphanGrace = orphanGrace;
    }

    @Override
    public String contentType() {
        return answer.contentType();
    }

    @Override
    public long contentLength() {
        return answer.contentLength();
    }

    @Override
    public Buffer lastEvent() {
        return answer.lastEvent();
    }

    @Override
    public void drainTo(Sink sink) {
        client = sink;
        flow();
    }

    private void flow() {
        flowing = true;
        answer.drainTo(this);
    }

    @Override
    public void pause() {
        answer.pause();
    }

    @Override
    public void resume() {
        answer.resume();
    }

    /** The client has left: the call ends at once, or runs on unread for the grace. Harmless after the end. */
    @Override
    public void cancel() {
        client = null;
        if (exchange.isSealed()) {
            return;
        }
        if (departure == Departure.CANCEL) {
            abandon();
            return;
        }
        time.after(orphanGrace, this::abandon);
        if (flowing) {
            answer.resume();
        } else {
            flow();
        }
    }

    private void abandon() {
        if (!exchange.isSealed()) {
            answer.cancel();
            exchange.sealAnswered(reach);
        }
    }

    @Override
    public void chunk(Buffer bytes) {
        if (client != null) {
            reach = Reach.CLIENT;
            client.chunk(bytes);
        }
    }

    @Override
    public void end() {
        exchange.sealAnswered(client == null ? reach : Reach.CLIENT);
        if (client != null) {
            client.end();
        }
    }

    @Override
    public void broken(Trigger why) {
        exchange.answerBroke(why);
        exchange.sealAnswered(reach);
        if (client != null) {
            client.broken(why);
        }
    }

    /** Whom the content of an answer has reached so far. */
    enum Reach {
        NOBODY,
        CLIENT
    }
}
