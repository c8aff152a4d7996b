package openledger.provider;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import openledger.inference.AttemptDetail;
import openledger.inference.CallResult;
import openledger.inference.ConnectionFault;
import openledger.inference.Timekeeper;
import openledger.inference.UpstreamAnswer;
import openledger.inference.UpstreamRejection;
import openledger.inference.UpstreamRequest;
import openledger.provider.HeldAnswer.Verdict;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * One call of a provider: connect, send, hold the answer until its first content, then let it flow. Whatever happens
 * first ends it; its slot is given back exactly once. Confined to the event loop it was started on.
 *
 * <p>Long because it is one state machine over one connection: any phase may be ended by the provider, a deadline or us.
 */
final class UpstreamCall implements UpstreamAnswer, RequestDelivery.Listener {
    private final ProviderEndpoint endpoint;
    private final TargetState state;
    private final TargetWarnings warnings;
    private final Timekeeper time;
    private final Deadlines deadlines;
    private final UpstreamRequest asked;
    private final SpokenRequest spoken;
    private final RequestDelivery delivery;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();

    private final CallConnection connection;
    private final HeldMemory memory;
    private @Nullable HeldAnswer held;
    private @Nullable ErrorAnswer error;
    private UpstreamRejection complaint = UpstreamRejection.NONE;
    private ConnectionFault fault = ConnectionFault.NONE;
    private @Nullable Sink sink;
    private String upstreamRequestId = "";
    private int status;
    private boolean paused;
    private boolean over;
    private boolean departed;
    private boolean started;
    private boolean settled;

    UpstreamCall(
            ProviderEndpoint endpoint,
            GuardedTarget target,
            Timekeeper time,
            UpstreamRequest asked,
            SpokenRequest spoken,
            int attempt) {
        this.endpoint = endpoint;
        this.state = target.state();
        this.warnings = target.warnings();
        this.time = time;
        this.asked = asked;
        this.spoken = spoken;
        this.connection = new CallConnection(time);
        this.delivery = new RequestDelivery(endpoint, asked, spoken.body(), attempt, time, connection, this);
        this.memory = new HeldMemory(asked.place());
        this.deadlines = new Deadlines(endpoint.timeouts(), asked.form(), time, this::broken);
    }

    /** Connects and sends. The stage completes with the first content, a rejection, or a {@link CallFailure}. */
    CompletionStage<CallResult> start() {
        started = true;
        if (over) {
            result.completeExceptionally(new CallFailure.Blameless(failure(Trigger.CONNECTION_LOST, null)));
            return result;
        }
        deadlines.start();
        delivery.start();
        return result;
    }

    @Override
    public void sent() {
        deadlines.sent();
    }

    @Override
    public void head(HttpClientResponse head) {
        connection.answered(head);
        status = head.statusCode();
        upstreamRequestId = endpoint.requestIdOf(head);
        head.exceptionHandler(this::lost);
        state.readLimits(head.headers(), time.epochMillis());
        switch (Failures.classOf(status)) {
            case ANSWER -> {
                held = DecodedAnswer.of(head, spoken.answer().get(), asked.form());
                head.handler(this::bytes);
                head.endHandler(end -> ended());
            }
            case REJECTION, REFUSAL -> hear(head);
            case OVERLOAD -> failUnheard(Trigger.RATE_LIMITED, head);
            case FAILURE -> failUnheard(Trigger.SERVER_ERROR, head);
            case HEAD_ONLY -> fail(Trigger.SERVER_ERROR);
        }
    }

    /** Waits for a while for what the body says, since the status does not tell whose fault it is. */
    private void hear(HttpClientResponse head) {
        Duration wait = state.askedToWait(head.headers(), time.epochMillis());
        deadlines.stop();
        error = new ErrorAnswer(
                head, time, connection::ended, said -> judged(ErrorCause.of(status, said, asked.body()), wait));
    }

    /** Ends the call by what was wrong with it. */
    private void judged(ErrorCause cause, @Nullable Duration wait) {
        if (over) {
            return;
        }
        if (cause instanceof ErrorCause.Rejection(var said, var as)) {
            close();
            result.complete(new CallResult.Rejected(endpoint.rejections().of(said), as, upstreamRequestId, detail()));
        } else {
            endpoint.note(cause, state, status, asked.requestId());
            finishFailed(Failures.triggerOf(cause, status), wait);
        }
        connection.reset();
    }

    /** What came in place of an answer says why. */
    private void failInBand() {
        judged(ErrorCause.inBand(ComplaintReader.read(answer().complaint().toString()), asked.body()), null);
    }

    /** Bytes of an answer: held until its first content, then passed on. */
    private void bytes(Buffer piece) {
        if (over) {
            return;
        }
        deadlines.heard();
        HeldAnswer answer = answer();
        if (answered()) {
            pass(answer.pass(piece));
            if (answer.saysItIsOver() && sink != null) {
                finishFlow(sink, answer);
            }
            return;
        }
        Verdict verdict = answer.hold(piece);
        switch (memory.isTooSmallFor(answer) ? Verdict.ERROR : verdict) {
            case CONTENT -> {
                connection.pause();
                complete();
            }
            case ERROR -> failInBand();
            case NOT_YET -> {}
        }
    }

    private void pass(Buffer piece) {
        if (sink != null && piece.length() > 0) {
            sink.chunk(piece);
        }
        if (!over && (answer().hasError() || memory.isTooSmallFor(answer()))) {
            complaint = endpoint.wordsOf(answer().complaint(), asked, state);
            broken(Trigger.IN_BAND_ERROR);
        }
    }

    private void ended() {
        connection.ended();
        if (over) {
            return;
        }
        HeldAnswer answer = answer();
        if (!answered()) {
            switch (answer.finish()) {
                case CONTENT -> complete();
                case ERROR -> failInBand();
                case NOT_YET -> fail(Trigger.CONNECTION_LOST);
            }
        } else if (sink != null) {
            finishFlow(sink, answer);
        }
    }

    private void finishFlow(Sink to, HeldAnswer answer) {
        pass(answer.last());
        if (over) {
            return;
        }
        close();
        if (!answer.isWholeAtEnd()) {
            to.broken(Trigger.CONNECTION_LOST);
            return;
        }
        connection.linger();
        to.end();
    }

    private void complete() {
        state.answered(deadlines.answered());
        result.complete(new CallResult.Answered(this, status, upstreamRequestId, detail()));
    }

    private boolean answered() {
        return result.isDone();
    }

    @Override
    public String contentType() {
        return HeldAnswer.contentType(connection.head(), asked.form());
    }

    @Override
    public long contentLength() {
        return connection.isWhole() ? answer().length() : -1;
    }

    @Override
    public Buffer lastEvent() {
        return answer().lastEvent();
    }

    @Override
    public Buffer lastWords() {
        return answer().lastWords();
    }

    @Override
    public UpstreamRejection complaint() {
        return complaint;
    }

    @Override
    public void drainTo(Sink to) {
        sink = to;
        if (over) {
            to.broken(Trigger.CONNECTION_LOST);
            return;
        }
        if (!connection.isWhole()) {
            deadlines.listen();
        }
        HeldAnswer answer = answer();
        Buffer first = answer.released();
        if (first.length() > 0) {
            to.chunk(first);
        }
        if (connection.isWhole() || answer.saysItIsOver()) {
            finishFlow(to, answer);
        } else if (!over && !paused) {
            connection.resume();
        }
    }

    @Override
    public void pause() {
        paused = true;
        deadlines.pause();
        if (!over) {
            connection.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (!over && !connection.isWhole()) {
            deadlines.listen();
            connection.resume();
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            close();
            connection.reset();
        }
    }

    /** The result has come through the guard and is handed over, or is about to be dropped: see {@link #departed}. */
    void settle() {
        settled = true;
        if (departed) {
            cancel();
        }
    }

    /** The caller's subscription is over; that is a departure only if the result had not been handed over. */
    void departIfWaitedFor() {
        if (!settled) {
            depart();
        }
    }

    /** Nobody waits for the result any more: the call ends now, and its slot is free. */
    void depart() {
        departed = true;
        if (over) {
            return;
        }
        boolean waiting = !answered();
        close();
        connection.reset();
        if (waiting && started) {
            result.completeExceptionally(new CallFailure.Blameless(failure(Trigger.CONNECTION_LOST, null)));
        }
    }

    @Override
    public void lost(Throwable cause) {
        if (!over) {
            fault = Failures.faultOf(cause);
            warnings.lost(fault, asked.requestId());
            broken(Failures.triggerOf(cause));
        }
    }

    private void broken(Trigger why) {
        if (over) {
            return;
        }
        if (!answered()) {
            fail(why);
            return;
        }
        close();
        connection.reset();
        if (sink != null) {
            sink.broken(why);
        }
    }

    private void failUnheard(Trigger trigger, HttpClientResponse head) {
        Duration wait = state.askedToWait(head.headers(), time.epochMillis());
        // Its end must be seen: by then the connection is another call's, and no longer ours to reset.
        head.endHandler(end -> ended());
        finishFailed(trigger, wait);
        connection.linger();
    }

    private void fail(Trigger trigger) {
        finishFailed(trigger, null);
        connection.reset();
    }

    private void finishFailed(Trigger trigger, @Nullable Duration retryAfter) {
        if (over) {
            return;
        }
        if (trigger == Trigger.CONNECT_TIMEOUT || Failures.saysFull(status)) {
            state.overloaded();
        }
        close();
        CallResult.Failed failed = failure(trigger, retryAfter);
        result.completeExceptionally(
                trigger == Trigger.RATE_LIMITED ? new CallFailure.Blameless(failed) : new CallFailure(failed));
    }

    private CallResult.Failed failure(Trigger trigger, @Nullable Duration retryAfter) {
        return new CallResult.Failed(trigger, status, Optional.ofNullable(retryAfter), upstreamRequestId, detail());
    }

    private AttemptDetail detail() {
        return new AttemptDetail(
                fault, delivery.isSentAgain(), held == null ? "" : held.model(), Optional.empty(), spoken.leftOut());
    }

    private void close() {
        over = true;
        delivery.stop();
        state.release();
        deadlines.stop();
        if (error != null) {
            error.drop();
        }
        if (held != null) {
            held.close();
        }
    }

    private HeldAnswer answer() {
        if (held == null) {
            throw new IllegalStateException("no answer yet");
        }
        return held;
    }
}
