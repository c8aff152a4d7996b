package openledger.provider;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import openledger.inference.AttemptDetail;
import openledger.inference.CallResult;
import openledger.inference.ConnectionFault;
import openledger.inference.SingleTimer;
import openledger.inference.Timekeeper;
import openledger.inference.UpstreamAnswer;
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
    /** How long what follows a status we retry, or {@code [DONE]}, may take before the connection is given up. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ProviderEndpoint endpoint;
    private final TargetState state;
    private final Timekeeper time;
    private final Deadlines deadlines;
    private final UpstreamRequest asked;
    private final SpokenRequest spoken;
    private final RequestDelivery delivery;
    private final CompletableFuture<CallResult> result = new CompletableFuture<>();

    private final SingleTimer lingering;
    private final HeldMemory memory;
    private @Nullable HttpClientResponse response;
    private @Nullable HeldAnswer held;
    private @Nullable Sink sink;
    private String upstreamRequestId = "";
    private int status;
    private boolean paused;
    private boolean whole;
    private boolean over;
    private boolean departed;
    private boolean started;
    private boolean settled;

    UpstreamCall(
            ProviderEndpoint endpoint,
            TargetState state,
            Timekeeper time,
            UpstreamRequest asked,
            SpokenRequest spoken,
            int attempt) {
        this.endpoint = endpoint;
        this.state = state;
        this.time = time;
        this.asked = asked;
        this.spoken = spoken;
        this.delivery = new RequestDelivery(endpoint, asked, spoken.body(), attempt, time, this);
        this.lingering = new SingleTimer(time);
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
    public void lost(Throwable cause) {
        broken(Failures.triggerOf(cause));
    }

    @Override
    public void head(HttpClientResponse head) {
        response = head;
        status = head.statusCode();
        upstreamRequestId = endpoint.requestIdOf(head);
        head.exceptionHandler(lost -> broken(Failures.triggerOf(lost)));
        switch (Failures.classOf(status)) {
            case ANSWER -> {
                held = spoken.answer().get();
                head.handler(this::bytes);
                head.endHandler(end -> ended());
                if (!HeldAnswer.announcedBy(head, asked.form())) {
                    fail(Trigger.IN_BAND_ERROR);
                }
            }
            case REJECTION -> readRejection(head);
            case OVERLOAD -> failWithRetryAfter(Trigger.RATE_LIMITED, head);
            case FAILURE -> failWithRetryAfter(Trigger.SERVER_ERROR, head);
            case HEAD_ONLY -> fail(Trigger.SERVER_ERROR);
        }
    }

    private void readRejection(HttpClientResponse head) {
        Buffer text = Buffer.buffer();
        head.handler(piece -> {
            if (text.length() + piece.length() <= HeldAnswer.MOST_HELD) {
                text.appendBuffer(piece);
            }
        });
        head.endHandler(end -> {
            whole = true;
            if (!over) {
                CallResult rejected = new CallResult.Rejected(
                        endpoint.rejections().read(text.toString()), status, upstreamRequestId, detail());
                close();
                result.complete(rejected);
            }
        });
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
                head().pause();
                complete();
            }
            case ERROR -> fail(Trigger.IN_BAND_ERROR);
            case NOT_YET -> {}
        }
    }

    private void pass(Buffer piece) {
        if (sink != null && piece.length() > 0) {
            sink.chunk(piece);
        }
        if (!over && (answer().hasError() || memory.isTooSmallFor(answer()))) {
            broken(Trigger.IN_BAND_ERROR);
        }
    }

    private void ended() {
        whole = true;
        if (over) {
            lingering.stop();
            return;
        }
        HeldAnswer answer = answer();
        if (!answered()) {
            switch (answer.finish()) {
                case CONTENT -> complete();
                case ERROR -> fail(Trigger.IN_BAND_ERROR);
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
        linger();
        to.end();
    }

    /** What is left of the answer is read and dropped, so that the connection can be used again; but not for long. */
    private void linger() {
        if (!whole) {
            head().resume();
            lingering.start(LINGER, this::reset);
        }
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
        String type = head().getHeader("content-type");
        return type == null ? "application/json" : type;
    }

    @Override
    public long contentLength() {
        return whole ? answer().length() : -1;
    }

    @Override
    public Buffer lastEvent() {
        return answer().lastEvent();
    }

    @Override
    public void drainTo(Sink to) {
        sink = to;
        if (over) {
            to.broken(Trigger.CONNECTION_LOST);
            return;
        }
        if (!whole) {
            deadlines.listen();
        }
        HeldAnswer answer = answer();
        Buffer first = answer.released();
        if (first.length() > 0) {
            to.chunk(first);
        }
        if (whole || answer.saysItIsOver()) {
            finishFlow(to, answer);
        } else if (!over && !paused) {
            head().resume();
        }
    }

    @Override
    public void pause() {
        paused = true;
        deadlines.pause();
        if (!over && !whole) {
            head().pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (!over && !whole) {
            deadlines.listen();
            head().resume();
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            close();
            reset();
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
        reset();
        if (waiting && started) {
            result.completeExceptionally(new CallFailure.Blameless(failure(Trigger.CONNECTION_LOST, null)));
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
        reset();
        if (sink != null) {
            sink.broken(why);
        }
    }

    private void failWithRetryAfter(Trigger trigger, HttpClientResponse head) {
        Duration wait = RetryAfter.of(head.headers(), time.epochMillis())
                .map(state::closeFor)
                .orElse(null);
        // Its end must be seen: by then the connection is another call's, and no longer ours to reset.
        head.endHandler(end -> ended());
        finishFailed(trigger, wait);
        linger();
    }

    private void fail(Trigger trigger) {
        finishFailed(trigger, null);
        reset();
    }

    private void finishFailed(Trigger trigger, @Nullable Duration retryAfter) {
        if (over) {
            return;
        }
        if (trigger == Trigger.RATE_LIMITED || trigger == Trigger.CONNECT_TIMEOUT) {
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
        return new AttemptDetail(ConnectionFault.NONE, delivery.isSentAgain(), "", Optional.empty(), List.of());
    }

    private void close() {
        over = true;
        delivery.stop();
        state.release();
        deadlines.stop();
    }

    private void reset() {
        if (!whole) {
            delivery.reset();
        }
    }

    private HeldAnswer answer() {
        if (held == null) {
            throw new IllegalStateException("no answer yet");
        }
        return held;
    }

    private HttpClientResponse head() {
        if (response == null) {
            throw new IllegalStateException("no head yet");
        }
        return response;
    }
}
