package openledger.provider.call;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import openledger.inference.Timekeeper;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.ConnectionFault;
import openledger.inference.upstream.UpstreamRejection;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.ProviderEndpoint;
import openledger.provider.answer.DecodedAnswer;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.answer.ResponseDecoder.Verdict;
import openledger.provider.call.CallState.Closed;
import openledger.provider.call.CallState.Flowing;
import openledger.provider.call.CallState.Hearing;
import openledger.provider.call.CallState.Holding;
import openledger.provider.call.CallState.Offered;
import openledger.provider.call.CallState.Prepared;
import openledger.provider.call.CallState.Sending;
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
 * first ends it; its slot is given back exactly once. {@link CallState} shows its states. Confined to the event loop it was started on.
 *
 * <p>Long because it is one state machine over one connection: what each event does in each state is read here, in one place.
 */
public final class UpstreamCall extends CallAnswer implements Delivery.Listener {
    private final ProviderEndpoint endpoint;
    private final TargetState target;
    private final TargetWarnings warnings;
    private final Timekeeper time;
    private final Deadlines deadlines;
    private final UpstreamRequest asked;
    private final EncodedRequest spoken;
    private final Delivery delivery;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();

    private final CallReport report;
    private final HeldMemory memory;

    /** A call in a slot of the target that has been taken for it. */
    public UpstreamCall(
            ProviderEndpoint endpoint,
            GuardedTarget target,
            Timekeeper time,
            UpstreamRequest asked,
            EncodedRequest spoken,
            int attempt) {
        this(endpoint, target, time, asked, spoken, listener -> {
            String model = target.target().model();
            return new RequestDelivery(endpoint, asked, model, spoken.body(), attempt, time, listener);
        });
    }

    UpstreamCall(
            ProviderEndpoint endpoint,
            GuardedTarget target,
            Timekeeper time,
            UpstreamRequest asked,
            EncodedRequest spoken,
            Function<Delivery.Listener, Delivery> delivery) {
        super(new CallConnection(time), asked.form());
        this.endpoint = endpoint;
        this.target = target.state();
        this.warnings = target.warnings();
        this.time = time;
        this.asked = asked;
        this.spoken = spoken;
        this.delivery = delivery.apply(this);
        this.report = new CallReport(spoken, this.delivery);
        this.memory = new HeldMemory(asked.place());
        this.deadlines = new Deadlines(endpoint.timeouts(), asked.form(), time, this::cut);
    }

    /** Connects and sends. The stage completes with the first content, a rejection, or a {@link CallFailure}. */
    public CompletionStage<CallResult> start() {
        if (!(state instanceof Closed)) {
            require(state instanceof Prepared, "a second start");
            state = new Sending();
            deadlines.start();
            delivery.start();
        }
        return result;
    }

    @Override
    public void sent(HttpClientRequest request) {
        require(state instanceof Sending, "a sending");
        connection.requested(request);
        deadlines.sent();
    }

    @Override
    public void head(HttpClientResponse head) {
        require(state instanceof Sending, "a head");
        connection.answered(head);
        int status = head.statusCode();
        report.head(status, endpoint.requestIdOf(head));
        warnings.status(status, asked.requestId());
        head.exceptionHandler(this::lost);
        target.readLimits(head.headers(), time.epochMillis());
        switch (Failures.classOf(status)) {
            case ANSWER -> {
                state = new Holding(DecodedAnswer.of(head, spoken.answer().get(), asked.form()));
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
        state = new Hearing(new ErrorAnswer(
                head,
                time,
                connection::ended,
                said -> judged(ErrorCause.of(head.statusCode(), said, asked.body()), head, said)));
    }

    /** Ends the call by what was wrong with it. */
    private void judged(ErrorCause cause, @Nullable HttpClientResponse head, Complaint complained) {
        if (cause instanceof ErrorCause.Rejection(var said, var as)) {
            close(UpstreamRejection.NONE);
            result.complete(report.rejected(endpoint.rejections().of(said), as, model()));
        } else {
            int status = report.status();
            endpoint.note(cause, target, status, asked.requestId());
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
    private void failInBand(ResponseDecoder answer) {
        Complaint said = ComplaintReader.read(answer.complaint().toString());
        judged(ErrorCause.inBand(said, asked.body()), null, said);
    }

    private @Nullable Duration askedToWait(HttpClientResponse head, Complaint said) {
        return target.askedToWait(RetryAfter.of(head.headers(), time.epochMillis())
                .or(() -> endpoint.dialect().retryAfter(said)));
    }

    private void bytes(Buffer piece) {
        switch (state) {
            case Holding(var answer) -> {
                deadlines.heard();
                Verdict verdict = answer.hold(piece);
                if (memory.isTooSmallFor(answer) || verdict == Verdict.ERROR) {
                    failInBand(answer);
                } else if (verdict == Verdict.CONTENT) {
                    connection.pause();
                    offer(answer);
                }
            }
            case Flowing(var answer, var to, var _) -> {
                deadlines.heard();
                if (pass(answer, to, answer.pass(piece)) && answer.saysItIsOver()) {
                    finishFlow(answer, to, Trigger.CONNECTION_LOST);
                }
            }
            case Closed _ -> {}
            case Prepared _, Sending _, Hearing _, Offered _ -> throw illegal("bytes");
        }
    }

    /** Passes a piece on; false if the flow is over then, for an error in the answer or because its reader has left. */
    private boolean pass(ResponseDecoder answer, Sink to, Buffer piece) {
        if (piece.length() > 0) {
            to.chunk(piece);
        }
        if (state instanceof Flowing && (answer.hasError() || memory.isTooSmallFor(answer))) {
            close(endpoint.wordsOf(answer.complaint(), asked, target));
            connection.reset();
            to.broken(Trigger.IN_BAND_ERROR);
        }
        return state instanceof Flowing;
    }

    private void ended() {
        connection.ended();
        switch (state) {
            case Holding(var answer) -> {
                switch (answer.finish()) {
                    case CONTENT -> offer(answer);
                    case ERROR -> failInBand(answer);
                    case NOT_YET -> fail(Trigger.CONNECTION_LOST);
                }
            }
            case Flowing(var answer, var to, var _) -> finishFlow(answer, to, Trigger.CONNECTION_LOST);
            case Offered _, Closed _ -> {}
            case Prepared _, Sending _, Hearing _ -> throw illegal("an end");
        }
    }

    /** No more bytes will come; {@code why} if the answer is not whole. */
    private void finishFlow(ResponseDecoder answer, Sink to, Trigger why) {
        if (!pass(answer, to, answer.last())) {
            return;
        }
        close(UpstreamRejection.NONE);
        if (answer.isWholeAtEnd()) {
            connection.linger();
            to.end();
        } else {
            to.broken(why);
        }
    }

    private void offer(ResponseDecoder answer) {
        state = new Offered(answer);
        target.answered(deadlines.answered());
        result.complete(report.answered(this, model()));
    }

    @Override
    public void drainTo(Sink to) {
        switch (state) {
            case Offered(var answer) -> drain(answer, to);
            case Closed _ -> to.broken(Trigger.CONNECTION_LOST);
            case Prepared _, Sending _, Hearing _, Holding _, Flowing _ -> throw illegal("a drain");
        }
    }

    private void drain(ResponseDecoder answer, Sink to) {
        state = new Flowing(answer, to, false);
        if (!connection.isWhole()) {
            deadlines.listen();
        }
        if (!pass(answer, to, answer.released())) {
            return;
        }
        if (connection.isWhole() || answer.saysItIsOver()) {
            finishFlow(answer, to, Trigger.CONNECTION_LOST);
        } else if (!state.isPaused()) {
            connection.resume(this::cutWhenRead);
        }
    }

    @Override
    public void pause() {
        if (flows("a pause", true)) {
            deadlines.pause();
            connection.pause();
        }
    }

    @Override
    public void resume() {
        if (flows("a resumption", false) && !connection.isWhole()) {
            deadlines.listen();
            connection.resume(this::cutWhenRead);
        }
    }

    private boolean flows(String event, boolean paused) {
        if (state instanceof Flowing(var answer, var to, var _)) {
            state = new Flowing(answer, to, paused);
            return true;
        }
        require(state instanceof Closed, event);
        return false;
    }

    @Override
    public void cancel() {
        require(!state.isWaitedFor(), "a cancellation");
        depart();
    }

    /** The caller's subscription is over; that is a departure only if it has not been given the result. */
    public void departIfWaitedFor() {
        if (state.isWaitedFor()) {
            depart();
        }
    }

    /** Nobody wants the result, or the rest of the answer: the call ends now, and its slot is free. */
    public void depart() {
        boolean waiting = state.isWaitedFor();
        if (!(state instanceof Closed)) {
            giveUp();
        }
        if (waiting) {
            result.completeExceptionally(report.departed(model()));
        }
    }

    @Override
    public void lost(Throwable cause) {
        if (state instanceof Closed) {
            return;
        }
        ConnectionFault fault = Failures.faultOf(cause);
        report.lost(fault);
        warnings.lost(fault, asked.requestId());
        Trigger why = Failures.triggerOf(cause);
        if (state instanceof Offered || state.isPaused()) {
            connection.lost(why);
        } else {
            cut(why);
        }
    }

    private void cutWhenRead(Trigger why) {
        if (!state.isPaused()) {
            cut(why);
        }
    }

    /** No more bytes will come, and their end has not: no matter if the answer has come to its own. */
    private void cut(Trigger why) {
        switch (state) {
            case Sending _, Hearing _, Holding _ -> fail(why);
            case Offered _ -> giveUp();
            case Flowing(var answer, var to, var _) -> {
                finishFlow(answer, to, why);
                connection.reset();
            }
            case Closed _ -> {}
            case Prepared _ -> throw illegal("a loss");
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
        if (trigger == Trigger.CONNECT_TIMEOUT || Failures.saysFull(report.status())) {
            target.overloaded();
        }
        close(UpstreamRejection.NONE);
        result.completeExceptionally(report.failed(trigger, retryAfter, model()));
    }

    private void giveUp() {
        close(UpstreamRejection.NONE);
        connection.reset();
    }

    /** Gives the slot back. */
    private void close(UpstreamRejection complaint) {
        require(!(state instanceof Closed), "a second end");
        ResponseDecoder answer = state.decoder();
        CallState until = state;
        state = new Closed(answer, complaint);
        delivery.stop();
        target.release();
        deadlines.stop();
        if (until instanceof Hearing(var error)) {
            error.drop();
        }
        if (answer != null) {
            answer.close();
        }
    }
}
