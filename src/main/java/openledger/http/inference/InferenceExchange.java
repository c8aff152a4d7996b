package openledger.http.inference;

import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Optional;
import openledger.access.Caller;
import openledger.cluster.HopFields;
import openledger.cluster.HopSeal;
import openledger.http.HomeContext;
import openledger.http.header.BodyEncoding;
import openledger.http.header.PassThroughHeaders;
import openledger.http.header.RequestIdHeader;
import openledger.http.header.RetryAfterHeader;
import openledger.http.header.TraceHeaders;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.http.receipt.SignedReceiptIssuer;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceRequest;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.Permit;
import openledger.inference.admission.TokenEstimate;
import openledger.inference.admission.TraceContext;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.Operation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request of an operation on its connection: its bounded body in, its answer out, and the client's departure passed on. The
 * edge of the reactive part, so this is where it is subscribed to. Long because body, answer and departure may each end the
 * others. Confined to the event loop of the connection.
 */
final class InferenceExchange {
    private static final Logger LOG = Logger.getLogger(InferenceExchange.class);
    /**
     * How long a refused request's body is still read and dropped before its connection is closed: who is closed while sending may never
     * read why (RFC 9112, section 9.6). The connection makes room for others meanwhile.
     */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private static final Duration WHEN_BODIES_ARE_FULL = Duration.ofSeconds(1);

    private final Operation operation;
    private final OutcomeRenderer renderer;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String clientRequestId;
    private final InferencePorts ports;
    private final EarlyReceipt early;
    private final Optional<HopFields> hop;
    private final long arrivalNanos;
    private final long arrivalMillis;
    private @Nullable GrowingBody body;
    private @Nullable Permit place;
    private Timekeeper.@Nullable Timer bodyTimer;
    private @Nullable Cancellable inference;
    private @Nullable UpstreamAnswer answer;
    private Optional<TraceContext> trace = Optional.empty();
    private boolean refused;

    InferenceExchange(Operation operation, OutcomeRenderer renderer, HttpServerRequest request, InferencePorts ports) {
        this(operation, renderer, request, ports, Optional.empty());
    }

    /**
     * A request.
     *
     * @param hop by which another router has forwarded it, if one has
     */
    InferenceExchange(
            Operation operation,
            OutcomeRenderer renderer,
            HttpServerRequest request,
            InferencePorts ports,
            Optional<HopFields> hop) {
        this.hop = hop;
        this.operation = operation;
        this.renderer = renderer;
        this.request = request;
        this.response = request.response();
        this.clientRequestId = RequestIdHeader.of(request);
        this.ports = ports;
        this.early = new EarlyReceipt(request, ports.promises());
        this.arrivalNanos = ports.time().nanoTime();
        this.arrivalMillis = ports.time().epochMillis();
    }

    /** Reads the body, bounded in size and time, and sends the request on its way. */
    void begin(Caller caller, Permit place) {
        Optional<Problem> encoded = BodyEncoding.objectionTo(request.headers());
        if (encoded.isPresent()) {
            refuse(encoded.get());
            return;
        }
        long announced = GrowingBody.announced(request);
        if (announced > ports.limits().largestBody()) {
            refuseLargeBody();
            return;
        }
        this.place = place;
        body = new GrowingBody(place, ports.limits().largestBody(), announced);
        response.exceptionHandler(lost -> {});
        request.exceptionHandler(lost -> dropBody());
        request.handler(this::gather);
        request.endHandler(whole -> {
            stopBodyTimer();
            if (!refused) {
                inferOrFail(caller, place);
            }
        });
        bodyTimer = ports.time().after(ports.limits().bodyTimeout(), this::refuseSlowBody);
    }

    /** What comes of a body that was refused is dropped. */
    private void gather(Buffer piece) {
        if (body == null) {
            return;
        }
        switch (body.add(piece)) {
            case TAKEN -> {}
            case TOO_LARGE -> refuseLargeBody();
            case NO_ROOM -> refuseForNow();
        }
    }

    /** A bug must end the answer as well, or the client would wait for ever and its key's slot with it. */
    private void inferOrFail(Caller caller, Permit place) {
        try {
            ClientTerms sent = ClientTerms.of(request);
            ClientTerms terms = isForwarded() ? sent.forwarded() : sent;
            Optional<Problem> objection =
                    terms.objection().or(() -> ports.promises().objectionTo(request));
            if (objection.isPresent()) {
                refuse(objection.get());
            } else {
                infer(caller, place, terms);
            }
        } catch (RuntimeException bug) {
            fail(bug);
        }
    }

    /** Whether another router has sent it here. */
    boolean isForwarded() {
        return hop.isPresent();
    }

    private void infer(Caller caller, Permit place, ClientTerms terms) {
        byte[] bytes = body == null ? new byte[0] : body.take();
        body = null;
        if (hop.isPresent() && !hop.get().bodyDigest().equals(HopSeal.digest(bytes))) {
            refuse(Problem.of(ProblemType.UNAUTHENTICATED, "The body is not the one that was sealed.", ""));
            return;
        }
        Forwarding forwarding = ports.forwarding();
        switch (forwarding.wayOf(caller.tenant(), terms.resend().idempotencyKey())) {
            case Forwarding.Way.Here here -> inferHere(bytes, caller, place, terms);
            case Forwarding.Way.There _, Forwarding.Way.Nowhere _ when isForwarded() -> misdirect();
            case Forwarding.Way.Nowhere nowhere -> forwarding.nobody(request, renderer);
            case Forwarding.Way.There to ->
                forwarding.forward(
                        request,
                        renderer,
                        InferenceRoutes.path(operation),
                        to,
                        caller.tenant(),
                        terms,
                        bytes,
                        () -> orFail(() -> inferHere(bytes, caller, place, terms)));
        }
    }

    /** Whoever has forwarded it reads the map anew. */
    private void misdirect() {
        response.setStatusCode(PeerDoor.MISDIRECTED).end();
    }

    private void inferHere(byte[] bytes, Caller caller, Permit place, ClientTerms terms) {
        String header = request.getHeader("openledger-mode");
        String mode = header == null ? "" : header;
        if (LargeBodies.isLarge(bytes)) {
            ports.largeBodies()
                    .read(caller.tenant(), () -> admitLarge(bytes, mode, caller))
                    .map(result -> goOnUnlessLeft(result, caller, place, terms))
                    .onFailure(this::fail);
        } else {
            goOn(ports.admission().admit(operation, bytes, mode, caller), caller, place, terms);
        }
    }

    /** Reads all of it that is read, on a thread that is not the event loop. */
    private Admission.Result admitLarge(byte[] bytes, String mode, Caller caller) {
        Admission.Result result = ports.admission().admit(operation, bytes, mode, caller);
        if (result instanceof Admission.Admitted admitted) {
            admitted.body().digest();
            ports.service().read(operation, admitted.route(), admitted.body());
        }
        return result;
    }

    private boolean goOnUnlessLeft(Admission.Result result, Caller caller, Permit place, ClientTerms terms) {
        // Who has left meanwhile has given its place back.
        boolean there = !response.closed();
        if (there) {
            goOn(result, caller, place, terms);
        }
        return there;
    }

    private void goOn(Admission.Result result, Caller caller, Permit place, ClientTerms terms) {
        switch (result) {
            case Admission.Refused no -> renderer.render(no, response);
            case Admission.Admitted admitted ->
                ports.retries()
                        .orHere(
                                new RetryForwarding.Retry(
                                        request, renderer, operation, caller.tenant(), terms, admitted.body()),
                                () -> orFail(() -> reserve(admitted, caller, place, terms)));
        }
    }

    private void reserve(Admission.Admitted admitted, Caller caller, Permit place, ClientTerms terms) {
        ports.admissionFilter()
                .reserve(
                        caller,
                        TokenEstimate.of(operation, admitted.body()),
                        place,
                        response,
                        problem -> renderer.render(problem, response),
                        () -> orFail(() -> serve(admitted, caller, place, terms)));
    }

    private void orFail(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            fail(bug);
        }
    }

    private void serve(Admission.Admitted door, Caller caller, Permit place, ClientTerms terms) {
        trace = TraceHeaders.of(request, ports.sampling());
        InferenceRequest plain = new InferenceRequest(
                caller.tenant(),
                door.route(),
                operation,
                door.terms(),
                door.body(),
                PassThroughHeaders.of(operation, request),
                clientRequestId,
                terms.nonce(),
                terms.resend(),
                terms.deadline(),
                arrivalMillis,
                arrivalNanos,
                early.witness(door.terms()),
                trace,
                place);
        InferenceRequest admitted = plain.inSession(terms.session());
        response.closeHandler(gone -> leave());
        inference = ports.service()
                .infer(admitted)
                .subscribe()
                .with(outcome -> render(outcome, admitted.form()), this::fail);
    }

    private void render(InferenceOutcome outcome, AnswerForm form) {
        if (outcome instanceof InferenceOutcome.OwnedElsewhere && isForwarded()) {
            misdirect();
            return;
        }
        if (outcome instanceof InferenceOutcome.Served(var facts, var served)) {
            answer = served;
        }
        if (early.text().isPresent()) {
            response.headers().set(SignedReceiptIssuer.HEADER, early.text().get());
            renderer.render(outcome, form, clientRequestId, request);
        } else if (SignedReceiptIssuer.isAsked(request)) {
            sign(outcome, form);
        } else {
            renderer.render(outcome, form, clientRequestId, request);
        }
    }

    /** The head waits for the signature, and nobody else does. */
    private void sign(InferenceOutcome outcome, AnswerForm form) {
        HomeContext.here()
                .back(ports.promises().header(outcome))
                .subscribe()
                .with(
                        promise -> {
                            // Who has left meanwhile has given the answer back.
                            if (!response.closed()) {
                                promise.ifPresent(text -> response.headers().set(SignedReceiptIssuer.HEADER, text));
                                renderer.render(outcome, form, clientRequestId, request);
                            }
                        },
                        this::fail);
    }

    /** The connection is gone, or the answer is whole; the latter makes both calls harmless. */
    private void leave() {
        if (answer != null) {
            answer.cancel();
        } else if (inference != null) {
            inference.cancel();
        }
    }

    private void fail(Throwable bug) {
        LOG.errorf(
                bug,
                "request failed because of a bug, request=%s trace=%s",
                clientRequestId,
                trace.map(TraceContext::traceId).orElse("none"));
        renderer.render(Problem.of(ProblemType.INTERNAL, "See the router's log.", ""), response);
    }

    /** Answers with an error and closes, since the rest of the body is not read. */
    void refuse(Problem problem) {
        refused = true;
        dropBody();
        // HTTP/2 knows no such header, and its clients call an answer that has it malformed.
        boolean closes = request.version() != HttpVersion.HTTP_2;
        if (closes) {
            response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        renderer.render(problem, response);
        if (closes && !request.isEnded()) {
            // Vert.x would wait for the rest of the body. Closing at once could take the answer away from its reader.
            ports.time().after(LINGER, () -> request.connection().close());
        }
    }

    private void refuseLargeBody() {
        String detail = "A body may have at most " + ports.limits().largestBody()
                + " bytes: send a smaller one, or ask the operator to raise the limit.";
        refuse(Problem.of(ProblemType.BODY_TOO_LARGE, detail, ""));
    }

    private void refuseSlowBody() {
        if (!refused) {
            String detail = "The body must arrive within "
                    + ports.limits().bodyTimeout().toSeconds() + " s.";
            refuse(Problem.of(ProblemType.BODY_TIMEOUT, detail, ""));
        }
    }

    private void refuseForNow() {
        ports.metrics().refused(RouterMetrics.RefusalReason.BODIES_FULL);
        RetryAfterHeader.add(response.headers(), WHEN_BODIES_ARE_FULL);
        String detail =
                "The memory for bodies and answers is full, or the tenant's share of it; no provider was called.";
        refuse(Problem.of(ProblemType.OVERLOADED, detail, ""));
    }

    /** Its memory is free at once, though the place is kept until the answer is out. */
    private void dropBody() {
        stopBodyTimer();
        if (body != null && place != null) {
            place.giveBytesBack();
        }
        body = null;
    }

    private void stopBodyTimer() {
        if (bodyTimer != null) {
            bodyTimer.cancel();
        }
    }
}
