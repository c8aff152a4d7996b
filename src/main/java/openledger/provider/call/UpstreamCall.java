package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import openledger.inference.Timekeeper;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ConnectionFault;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.ProviderEndpoint;
import openledger.provider.answer.DecodedAnswer;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.ResponseDecoder.Verdict;
import openledger.provider.dialect.EncodedRequest;
import openledger.provider.error.Complaint;
import openledger.provider.error.ComplaintReader;
import openledger.provider.error.ErrorAnswer;
import openledger.provider.error.ErrorCause;
import openledger.provider.error.Failures;
import openledger.provider.error.RetryAfter;
import openledger.provider.target.GuardedTarget;
import openledger.provider.target.TargetState;
import openledger.provider.target.TargetWarnings;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * One call of a provider: connect, send, hold the answer until its first content, then let it flow. Whatever happens
 * first ends it; its slot is given back exactly once. Confined to the event loop it was started on.
 *
 * <p>Long because it is one state machine over one connection: any phase may be ended by the provider, a deadline or us.
 */
public final class UpstreamCall extends CallAnswer implements RequestDelivery.Listener {
    private final ProviderEndpoint endpoint;
    private final TargetState state;
    private final TargetWarnings warnings;
    private final Timekeeper time;
    private final Deadlines deadlines;
    private final UpstreamRequest asked;
    private final EncodedRequest spoken;
    private final RequestDelivery delivery;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();

    private final CallReport report;
    private final HeldMemory memory;
    private @Nullable ErrorAnswer error;
    private @Nullable Sink sink;
    private boolean paused;
    private boolean over;
    private boolean departed;
    private boolean settled;

    public UpstreamCall(
            ProviderEndpoint endpoint,
            GuardedTarget target,
            Timekeeper time,
            UpstreamRequest asked,
            EncodedRequest spoken,
            int attempt) {
        super(new CallConnection(time), asked.form());
        this.endpoint = endpoint;
        this.state = target.state();
        this.warnings = target.warnings();
        this.time = time;
        this.asked = asked;
        this.spoken = spoken;
        this.delivery = new RequestDelivery(
                endpoint, asked, target.target().model(), spoken.body(), attempt, time, connection, this);
        this.report = new CallReport(spoken, delivery);
        this.memory = new HeldMemory(asked.place());
        this.deadlines = new Deadlines(endpoint.timeouts(), asked.form(), time, this::cut);
    }

    /** Connects and sends. The stage completes with the first content, a rejection, or a {@link CallFailure}. */
    public CompletionStage<CallResult> start() {
        if (over) {
            nobodyWaits();
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
        int status = head.statusCode();
        report.head(status, endpoint.requestIdOf(head));
        warnings.status(status, asked.requestId());
        head.exceptionHandler(this::lost);
        state.readLimits(head.headers(), time.epochMillis());
        switch (Failures.classOf(status)) {
            case ANSWER -> {
                readAs(DecodedAnswer.of(head, spoken.answer().get(), asked.form()));
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
        deadlines.stop();
        error = new ErrorAnswer(
                head,
                time,
                connection::ended,
                said -> judged(ErrorCause.of(head.statusCode(), said, asked.body()), head, said));
    }

    /** Ends the call by what was wrong with it. */
    private void judged(ErrorCause cause, @Nullable HttpClientResponse head, Complaint complained) {
        if (over) {
            return;
        }
        if (cause instanceof ErrorCause.Rejection(var said, var as)) {
            close();
            result.complete(report.rejected(endpoint.rejections().of(said), as, model()));
        } else {
            int status = report.status();
            endpoint.note(cause, state, status, asked.requestId());
            if (cause instanceof ErrorCause.Other) {
                warnings.refused(status, asked.requestId());
            }
            // What a client has to change is no reason for others to wait.
            Duration wait = head == null ? null : askedToWait(head, complained);
            finishFailed(Failures.triggerOf(cause, status), wait);
        }
        connection.reset();
    }

    /** What came in place of an answer says why. */
    private void failInBand() {
        Complaint said = ComplaintReader.read(answer().complaint().toString());
        judged(ErrorCause.inBand(said, asked.body()), null, said);
    }

    private @Nullable Duration askedToWait(HttpClientResponse head, Complaint said) {
        return state.askedToWait(RetryAfter.of(head.headers(), time.epochMillis())
                .or(() -> endpoint.dialect().retryAfter(said)));
    }

    /** Bytes of an answer: held until its first content, then passed on. */
    private void bytes(Buffer piece) {
        if (over) {
            return;
        }
        deadlines.heard();
        ResponseDecoder answer = answer();
        if (answered()) {
            pass(answer.pass(piece));
            if (answer.saysItIsOver() && sink != null) {
                finishFlow(sink, answer, Trigger.CONNECTION_LOST);
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
            complain(endpoint.wordsOf(answer().complaint(), asked, state));
            broken(Trigger.IN_BAND_ERROR);
        }
    }

    private void ended() {
        connection.ended();
        if (over) {
            return;
        }
        ResponseDecoder answer = answer();
        if (!answered()) {
            switch (answer.finish()) {
                case CONTENT -> complete();
                case ERROR -> failInBand();
                case NOT_YET -> fail(Trigger.CONNECTION_LOST);
            }
        } else if (sink != null) {
            finishFlow(sink, answer, Trigger.CONNECTION_LOST);
        }
    }

    /** No more bytes will come; {@code why} if the answer is not whole. */
    private void finishFlow(Sink to, ResponseDecoder answer, Trigger why) {
        pass(answer.last());
        if (over) {
            return;
        }
        close();
        if (!answer.isWholeAtEnd()) {
            to.broken(why);
            return;
        }
        connection.linger();
        to.end();
    }

    private void complete() {
        state.answered(deadlines.answered());
        result.complete(report.answered(this, model()));
    }

    private boolean answered() {
        return result.isDone();
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
        ResponseDecoder answer = answer();
        Buffer first = answer.released();
        if (first.length() > 0) {
            to.chunk(first);
        }
        if (connection.isWhole() || answer.saysItIsOver()) {
            finishFlow(to, answer, Trigger.CONNECTION_LOST);
        } else if (!over && !paused) {
            connection.resume(this::cutWhenRead);
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
            connection.resume(this::cutWhenRead);
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
    public void settle() {
        settled = true;
        if (departed) {
            cancel();
        }
    }

    /** The caller's subscription is over; that is a departure only if the result had not been handed over. */
    public void departIfWaitedFor() {
        if (!settled) {
            depart();
        }
    }

    /** Nobody waits for the result any more: the call ends now, and its slot is free. */
    public void depart() {
        departed = true;
        if (over) {
            return;
        }
        boolean waiting = !answered();
        close();
        connection.reset();
        if (waiting) {
            nobodyWaits();
        }
    }

    private void nobodyWaits() {
        result.completeExceptionally(new CallFailure.Blameless(report.failed(Trigger.CONNECTION_LOST, null, model())));
    }

    @Override
    public void lost(Throwable cause) {
        if (!over) {
            ConnectionFault fault = Failures.faultOf(cause);
            report.lost(fault);
            warnings.lost(fault, asked.requestId());
            if (answered() && (sink == null || paused)) {
                connection.lost(Failures.triggerOf(cause));
            } else {
                cut(Failures.triggerOf(cause));
            }
        }
    }

    private void cutWhenRead(Trigger why) {
        if (!paused) {
            cut(why);
        }
    }

    /** No more bytes will come, and their end has not: no matter if the answer has come to its own. */
    private void cut(Trigger why) {
        if (over || sink == null || !answered()) {
            broken(why);
        } else {
            finishFlow(sink, answer(), why);
            connection.reset();
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
        Duration wait = askedToWait(head, Complaint.NONE);
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
        if (trigger == Trigger.CONNECT_TIMEOUT || Failures.saysFull(report.status())) {
            state.overloaded();
        }
        close();
        CallResult.Failed failed = report.failed(trigger, retryAfter, model());
        result.completeExceptionally(
                trigger == Trigger.RATE_LIMITED ? new CallFailure.Blameless(failed) : new CallFailure(failed));
    }

    private void close() {
        over = true;
        delivery.stop();
        state.release();
        deadlines.stop();
        if (error != null) {
            error.drop();
        }
        stopReading();
    }
}
