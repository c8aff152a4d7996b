package openledger.http.inference;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import openledger.commitment.PlanLevel;
import openledger.http.header.FactHeaders;
import openledger.http.header.RetryAfterHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.AnswerNotKept;
import openledger.inference.InferenceOutcome.AnsweredBefore;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.DeadlinePassed;
import openledger.inference.InferenceOutcome.JournalNotOpen;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceOutcome.LaneLost;
import openledger.inference.InferenceOutcome.LevelLags;
import openledger.inference.InferenceOutcome.NoRoomToHold;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.NotConfirmed;
import openledger.inference.InferenceOutcome.NotRecorded;
import openledger.inference.InferenceOutcome.OriginElsewhere;
import openledger.inference.InferenceOutcome.OriginUnknown;
import openledger.inference.InferenceOutcome.OriginsUnavailable;
import openledger.inference.InferenceOutcome.OwnedElsewhere;
import openledger.inference.InferenceOutcome.Rejected;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.InferenceOutcome.Untranslatable;
import openledger.inference.RequestFacts;
import openledger.inference.admission.Admission;
import openledger.inference.record.JournalState;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.DecisionStatus;
import openledger.unit.RequestId;

/**
 * Turns the outcomes of an operation into HTTP answers; the only place that knows status codes. Long because each outcome has its sentence
 * here. Thread-safe.
 */
public final class OutcomeRenderer {
    private static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");
    private static final CharSequence FALSE = HttpHeaders.createOptimized("false");

    private final ApiFlavor idiom;
    private final FactHeaders factHeaders;
    private final Supplier<ReaderPatience> patience;

    /**
     * A renderer.
     *
     * @param patience with clients that do not read; asked once the router has started
     */
    OutcomeRenderer(ApiFlavor idiom, FactHeaders factHeaders, Supplier<ReaderPatience> patience) {
        this.idiom = idiom;
        this.factHeaders = factHeaders;
        this.patience = patience;
    }

    /** Answers with what became of the request; a served answer flows from here on. */
    void render(InferenceOutcome outcome, AnswerForm form, String clientRequestId, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        switch (outcome) {
            case Served(var facts, var answer) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                if (form == AnswerForm.STREAM) {
                    response.headers()
                            .set(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                            .set(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                            .set(BUFFERING, NO);
                    answer.drainTo(new StreamSink(idiom, facts, answer, request, patience.get()));
                } else {
                    response.headers().set(HttpHeaders.CONTENT_TYPE, answer.contentType());
                    answer.drainTo(new PlainSink(answer, request, patience.get()));
                }
            }
            case Rejected(var facts, var rejection, var status) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                response.headers().set(SHOULD_RETRY, FALSE);
                send(response, rejected(facts, rejection, status));
            }
            case BudgetExhausted(var facts, var retryAfter) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                response.headers().set(SHOULD_RETRY, FALSE);
                RetryAfterHeader.add(response.headers(), retryAfter);
                send(response, Problem.of(ProblemType.BUDGET_EXHAUSTED, exhausted(facts), facts));
            }
            case Untranslatable(var member, var message) -> {
                send(response, Problem.of(ProblemType.UNTRANSLATABLE, message, member));
            }
            case OriginUnknown(var member, var message) -> {
                send(response, Problem.of(ProblemType.ORIGIN_UNKNOWN, message, member));
            }
            case OriginElsewhere(var member, var message) -> {
                send(response, Problem.of(ProblemType.ORIGIN_ELSEWHERE, message, member));
            }
            case OriginsUnavailable(var retryAfter) -> {
                RetryAfterHeader.add(response.headers(), retryAfter);
                String detail =
                        "The provider that made the object which the request refers to cannot be looked up now: the database does not answer, or too many look-ups are running; no provider was called.";
                send(response, Problem.of(ProblemType.OVERLOADED, detail, ""));
            }
            case NotAccepted(var retryAfter) -> {
                RetryAfterHeader.add(response.headers(), retryAfter);
                String detail =
                        "The memory for bodies, records or resends is full, or the tenant's share of it; no provider was called.";
                send(response, Problem.of(ProblemType.OVERLOADED, detail, ""));
            }
            case JournalNotOpen(var why, var retryAfter) -> {
                RetryAfterHeader.add(response.headers(), retryAfter);
                send(response, notOpen(why));
            }
            case NoRoomToHold(var retryAfter) -> {
                RetryAfterHeader.add(response.headers(), retryAfter);
                String detail = "Too many confirmed requests are waiting for a free slot; no provider was called.";
                send(response, Problem.of(ProblemType.HOLD_FULL, detail, ""));
            }
            case LevelLags(var level, var lag, var retryAfter) -> {
                RetryAfterHeader.add(response.headers(), retryAfter);
                send(response, lags(level, lag));
            }
            case NotConfirmed(var facts, var retryAfter) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                response.headers().set(SHOULD_RETRY, FALSE);
                RetryAfterHeader.add(response.headers(), retryAfter);
                String detail =
                        "The plan of this request was not confirmed in time, so no answer is given; attempts that"
                                + " were made may have cost tokens. With 'on_unconfirmed': 'release' the answer is given all the"
                                + " same.";
                send(response, Problem.of(ProblemType.UNCONFIRMED, detail, facts));
            }
            case OwnedElsewhere elsewhere -> Forwarding.unreachable(request, this);
            case KeyReused reused -> {
                response.headers().set(SHOULD_RETRY, FALSE);
                String detail =
                        "This Idempotency-Key was used a short while ago for a request with another body, mode, nonce or header. Use a new key for a new request.";
                send(response, Problem.of(ProblemType.IDEMPOTENCY_KEY_REUSED, detail, "idempotency-key"));
            }
            case AnswerNotKept(var facts) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                RetryAfterHeader.add(response.headers(), Duration.ofSeconds(1));
                String detail =
                        "This request was sent before, and its answer is not available any more: it was too large, or too many answers are kept.";
                send(response, Problem.of(ProblemType.ANSWER_NOT_KEPT, detail, facts));
            }
            case AnsweredBefore(var id, var status) -> {
                FactHeaders.set(response.headers(), id, clientRequestId);
                response.headers().set(SHOULD_RETRY, FALSE);
                send(response, Problem.of(ProblemType.ANSWER_NOT_KEPT, answeredBefore(id, status), ""));
            }
            case DeadlinePassed(var facts, var deadline) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                response.headers().set(SHOULD_RETRY, FALSE);
                String detail = "The request was not answered within its deadline of " + deadline.toMillis()
                        + " ms, so it was ended after " + facts.attempts()
                        + (facts.attempts() == 1 ? " attempt. " : " attempts. ")
                        + "Send it again with more time in 'openledger-deadline-ms', if that was set; else ask the operator for a"
                        + " longer deadline of the route.";
                send(response, Problem.of(ProblemType.DEADLINE_PASSED, detail, facts));
            }
            case NotRecorded(var facts, var retryAfter) -> {
                factHeaders.set(response.headers(), facts, clientRequestId);
                RetryAfterHeader.add(response.headers(), retryAfter);
                String detail =
                        "The record of this request could not be made durable in time, so its answer is withheld.";
                send(response, Problem.of(ProblemType.NOT_RECORDED, detail, facts));
            }
            case LaneLost(var retryAfter) -> {
                RetryAfterHeader.add(response.headers(), retryAfter);
                String detail =
                        "Another router has taken the lane of this request, so its answer is withheld; attempts that were"
                                + " made may have cost tokens.";
                send(response, Problem.of(ProblemType.NOT_RECORDED, detail, ""));
            }
        }
    }

    /** Answers a request that was not admitted. */
    void render(Admission.Refused refused, HttpServerResponse response) {
        ProblemType type = switch (refused.reason()) {
            case INVALID_BODY -> ProblemType.INVALID_BODY;
            case UNKNOWN_ROUTE -> ProblemType.UNKNOWN_ROUTE;
            case OPERATION_NOT_OFFERED -> ProblemType.OPERATION_NOT_OFFERED;
            case UNKNOWN_MODE -> ProblemType.UNKNOWN_MODE;
            case MODE_NOT_OFFERED -> ProblemType.MODE_NOT_OFFERED;
        };
        send(response, Problem.of(type, refused.message(), refused.param()));
    }

    /** Answers with an error that stands for itself. */
    void render(Problem problem, HttpServerResponse response) {
        send(response, problem);
    }

    /** Answers while the router is not there for requests: before its start is over, and once it stops. */
    void renderNotNow(String why, HttpServerResponse response) {
        RetryAfterHeader.add(response.headers(), Duration.ofSeconds(1));
        send(response, Problem.of(ProblemType.OVERLOADED, why, ""));
    }

    private static Problem lags(PlanLevel level, Duration lag) {
        String rest =
                "; no provider was called. The mode 'fast' does not wait, and with 'on_unconfirmed': 'release' the"
                        + " answer is given all the same.";
        return level == PlanLevel.WITNESSED
                ? Problem.of(
                        ProblemType.WITNESSES_LAG,
                        "For " + lag.toMillis()
                                + " ms too few witnesses have cosigned the log, longer than this request would wait for them"
                                + rest,
                        "")
                : Problem.of(
                        ProblemType.CHAIN_LAGS,
                        "The chain is " + lag.toMillis() + " ms behind, longer than this request would wait for it"
                                + rest,
                        "");
    }

    private static Problem notOpen(JournalState why) {
        return switch (why) {
            case WAITS_FOR_LANE ->
                Problem.of(
                        ProblemType.WAITS_FOR_LANE,
                        "Another router holds the lane, and this one waits for it; no provider was called.",
                        "");
            case OPEN, STARTS, CLOSED ->
                Problem.of(
                        ProblemType.OVERLOADED,
                        "The journal accepts nothing now: " + why.reason() + "; no provider was called.",
                        "");
            case UNREACHABLE, LANE_LOST ->
                Problem.of(
                        ProblemType.NOT_RECORDED,
                        "Nothing can be recorded now: " + why.reason() + "; no provider was called.",
                        "");
        };
    }

    private static Problem rejected(RequestFacts facts, UpstreamRejection rejection, int status) {
        String detail = rejection.message().isEmpty()
                ? "The provider refuses the request with status " + status + "."
                : rejection.message();
        return new Problem(
                ProblemType.REJECTED_BY_PROVIDER, status, detail, "", Optional.of(rejection), Optional.of(facts));
    }

    private static String answeredBefore(RequestId id, DecisionStatus status) {
        String what =
                "This request was sent before, as request " + id + ", to a router that is gone or was started again; ";
        String how = switch (status) {
            case INTERRUPTED, CANCELLED -> "it was interrupted, and nothing of its budget is left.";
            case SERVED, FELL_BACK, EXHAUSTED, REJECTED, UNCONFIRMED, TIMED_OUT ->
                "it ended as " + status + ", and its answer was not kept.";
        };
        return what + how + " No provider was called. Its record is at /v1/decisions/" + id
                + "; to ask anew use another Idempotency-Key.";
    }

    private static String exhausted(RequestFacts facts) {
        return String.format(
                Locale.ROOT,
                "All %d attempts of the route's budget are spent; the last ended with %s. Every request of the route"
                        + " has the same budget, so retrying at once does not raise it.",
                facts.attempts(),
                facts.trigger());
    }

    private void send(HttpServerResponse response, Problem problem) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(problem.status()).headers().set(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE);
            response.end(idiom.error(problem));
        }
    }
}
