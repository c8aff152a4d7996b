package openledger.http.inference;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import openledger.access.Caller;
import openledger.access.KeyLimiter;
import openledger.http.KnownClients;
import openledger.http.access.Authenticator;
import openledger.http.access.PresentedCredential;
import openledger.http.header.RateHeaders;
import openledger.http.header.RetryAfterHeader;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.http.problem.Refusal;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPermits;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.Permit;

/**
 * Authenticates a request and applies the limits of its key. Long because a limit may have to be asked for, and what comes of it is the same
 * for all of them. Thread-safe.
 */
final class AdmissionFilter {
    private final Authenticator authenticator;
    private final KeyLimiter keyLimiter;
    private static final Refusal FULL = new Refusal(
            Problem.of(
                    ProblemType.OVERLOADED,
                    "The router is at its limit of requests, or the tenant at its share; no provider was called.",
                    ""),
            Optional.of(Duration.ofSeconds(1)));

    /** A place, a rate, and the place again, each after a question; after each others may have been quicker. */
    private static final int MOST_ENTRIES = 6;

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

    private final Timekeeper time;
    private final FairPermits inFlight;
    private final FairPool bytes;
    private final RouterMetrics metrics;

    /**
     * A filter.
     *
     * @param inFlight places of requests that are there at once
     * @param bytes what their bodies may take
     */
    AdmissionFilter(
            Authenticator authenticator,
            KeyLimiter keyLimiter,
            Timekeeper time,
            FairPermits inFlight,
            FairPool bytes,
            RouterMetrics metrics) {
        this.authenticator = authenticator;
        this.keyLimiter = keyLimiter;
        this.time = time;
        this.inFlight = inFlight;
        this.bytes = bytes;
        this.metrics = metrics;
    }

    /** Requests that are there at once. */
    int inFlight() {
        return inFlight.taken();
    }

    void enter(HttpServerRequest request, InferenceExchange exchange) {
        String presented = PresentedCredential.of(request.getHeader("authorization"), request.getHeader("x-api-key"));
        Optional<Caller> caller = authenticator.known(presented);
        if (caller.isPresent()) {
            pass(caller.get(), request, exchange);
        } else if (authenticator.isWorthChecking(presented)) {
            check(presented, request, exchange);
        } else {
            turnAway(authenticator.refuse(), request.response(), exchange);
        }
    }

    /** A token is checked once; its body waits meanwhile. */
    private void check(String presented, HttpServerRequest request, InferenceExchange exchange) {
        Context loop = Objects.requireNonNull(Vertx.currentContext());
        request.pause();
        authenticator
                .check(presented, request.remoteAddress())
                .emitOn(task -> loop.runOnContext(go -> task.run()))
                .subscribe()
                .with(caller -> arrive(caller, request, exchange), failure -> {
                    turnAway(Authenticator.cannotTell(), request.response(), exchange);
                    request.resume();
                });
    }

    private void arrive(Optional<Caller> caller, HttpServerRequest request, InferenceExchange exchange) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            // The client did not wait; nobody would give a slot back.
            return;
        }
        if (caller.isEmpty()) {
            turnAway(authenticator.refuse(), response, exchange);
        } else if (!pass(caller.get(), request, exchange)) {
            return;
        }
        request.resume();
    }

    private static void turnAway(Refusal refusal, HttpServerResponse response, InferenceExchange exchange) {
        refusal.retryAfter().ifPresent(wait -> RetryAfterHeader.add(response.headers(), wait));
        exchange.refuse(refusal.problem());
    }

    /** False if its body has to wait until that is decided. */
    private boolean pass(Caller caller, HttpServerRequest request, InferenceExchange exchange) {
        KnownClients.know(request);
        // The limits of a forwarded request's key were applied where its client has sent it.
        KeyLimiter.Passage passage = exchange.isForwarded()
                ? new KeyLimiter.Passed(() -> {}, Optional.empty())
                : keyLimiter.enter(caller, time.nanoTime());
        if (passage instanceof KeyLimiter.Waits(var answer)) {
            request.pause();
            onceKnown(
                    answer,
                    MOST_ENTRIES,
                    request.response(),
                    () -> keyLimiter.enter(caller, time.nanoTime()),
                    found -> {
                        decide(found, caller, request, exchange);
                        request.resume();
                    });
            return false;
        }
        decide(passage, caller, request, exchange);
        return true;
    }

    /**
     * Reserves the tokens that a request may take, as the limits of its key allow.
     *
     * @param refused told why not
     * @param go run on this event loop once they are reserved; not if the client has left
     */
    void reserve(
            Caller caller,
            long estimate,
            Permit place,
            HttpServerResponse response,
            Consumer<Problem> refused,
            Runnable go) {
        Consumer<KeyLimiter.Reservation> decide = reservation -> {
            reservation.tokens().ifPresent(standing -> RateHeaders.setTokens(response.headers(), standing));
            switch (reservation) {
                case KeyLimiter.Reserved(var hold, var standing) -> {
                    place.tokens(hold);
                    go.run();
                }
                case KeyLimiter.TooMany(var retryAfter, var standing) -> {
                    metrics.refused(RouterMetrics.RefusalReason.KEY_TOKENS);
                    RetryAfterHeader.add(response.headers(), retryAfter);
                    refused.accept(Problem.of(ProblemType.RATE_LIMITED, tooMany(caller, estimate), ""));
                }
                case KeyLimiter.Waits _, KeyLimiter.Unsure _ -> {
                    metrics.refused(RouterMetrics.RefusalReason.LIMITS_UNKNOWN);
                    RetryAfterHeader.add(
                            response.headers(), KeyLimiter.unknown().retryAfter());
                    refused.accept(Problem.of(ProblemType.OVERLOADED, detail(KeyLimiter.Reason.UNKNOWN, caller), ""));
                }
            }
        };
        KeyLimiter.Reservation reservation = keyLimiter.reserve(caller, estimate, time.nanoTime());
        if (reservation instanceof KeyLimiter.Waits(var answer)) {
            onceKnown(
                    answer,
                    MOST_ENTRIES,
                    response,
                    () -> keyLimiter.reserve(caller, estimate, time.nanoTime()),
                    decide);
        } else {
            decide.accept(reservation);
        }
    }

    private static String tooMany(Caller caller, long estimate) {
        return "The key may use " + caller.limits().tokensPerMinute().orElse(0)
                + " tokens a minute, and this request may take " + estimate + "; no provider was called.";
    }

    /** Who finds that others were quicker asks again, but not for ever: it is told what it has found then. */
    private <T> void onceKnown(
            CompletionStage<Void> answer,
            int entries,
            HttpServerResponse response,
            Supplier<T> enter,
            Consumer<T> decide) {
        Context loop = Objects.requireNonNull(Vertx.currentContext());
        AtomicBoolean isOver = new AtomicBoolean();
        Runnable go = () -> loop.runOnContext(next -> {
            if (!isOver.compareAndSet(false, true) || response.closed()) {
                return;
            }
            T found = enter.get();
            if (found instanceof KeyLimiter.Waits(var again) && entries > 1) {
                onceKnown(again, entries - 1, response, enter, decide);
            } else {
                decide.accept(found);
            }
        });
        Timekeeper.Timer late = time.after(LONGEST_ANSWER, go);
        var _ = answer.thenRun(() -> {
            late.cancel();
            go.run();
        });
    }

    private void decide(
            KeyLimiter.Passage passage, Caller caller, HttpServerRequest request, InferenceExchange exchange) {
        HttpServerResponse response = request.response();
        passage.standing().ifPresent(standing -> RateHeaders.set(response.headers(), standing));
        switch (passage) {
            case KeyLimiter.Passed(var slot, var standing) -> {
                if (!inFlight.take(caller.tenant())) {
                    slot.release();
                    metrics.refused(RouterMetrics.RefusalReason.ROUTER_FULL);
                    turnAway(FULL, response, exchange);
                    return;
                }
                Permit place = new Permit(bytes.share(caller.tenant()), () -> {
                    inFlight.giveBack(caller.tenant());
                    slot.release();
                });
                // Called once the answer is whole, and as well when the connection is lost before that.
                response.endHandler(over -> place.letGo());
                exchange.begin(caller, place);
            }
            case KeyLimiter.Stopped(var reason, var retryAfter, var standing) -> {
                metrics.refused(refusal(reason));
                RetryAfterHeader.add(response.headers(), retryAfter);
                exchange.refuse(Problem.of(problem(reason), detail(reason, caller), ""));
            }
            case KeyLimiter.Waits late -> decide(KeyLimiter.unknown(), caller, request, exchange);
        }
    }

    private static ProblemType problem(KeyLimiter.Reason reason) {
        return reason == KeyLimiter.Reason.UNKNOWN ? ProblemType.OVERLOADED : ProblemType.RATE_LIMITED;
    }

    private static RouterMetrics.RefusalReason refusal(KeyLimiter.Reason reason) {
        return switch (reason) {
            case RATE -> RouterMetrics.RefusalReason.KEY_RATE;
            case CONCURRENCY -> RouterMetrics.RefusalReason.KEY_CONCURRENCY;
            case UNKNOWN -> RouterMetrics.RefusalReason.LIMITS_UNKNOWN;
        };
    }

    private static String detail(KeyLimiter.Reason reason, Caller caller) {
        return switch (reason) {
            case RATE ->
                "The key may make " + caller.limits().requestsPerMinute().orElse(0)
                        + " requests a minute; no provider was called.";
            case CONCURRENCY ->
                "The key may have " + caller.limits().concurrentRequests().orElse(0)
                        + " requests at the same time; no provider was called.";
            case UNKNOWN ->
                "How the limits of the key stand among all routers is not known at the moment; no provider was called.";
        };
    }
}
