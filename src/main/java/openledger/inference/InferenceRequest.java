package openledger.inference;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.admission.ResendHint;
import openledger.inference.admission.SessionKey;
import openledger.inference.admission.TraceContext;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderView;
import openledger.inference.upstream.UpstreamRequest;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.choice.PowerOfTwoChoices;
import openledger.routing.choice.RendezvousChoice;
import openledger.routing.choice.TargetChoice;
import openledger.unit.RequestId;

/**
 * An admitted request.
 *
 * @param tenant whose request it is
 * @param route the route that it names
 * @param operation what is requested of the route
 * @param terms how it is to be settled
 * @param body as received
 * @param headers the client's headers that belong to the operation's API and are passed on to the provider
 * @param clientRequestId the client's {@code x-request-id}, empty if none
 * @param nonce the client's {@code openledger-nonce}, empty if none
 * @param resend the client's hints about a resend
 * @param deadline the deadline that the client gives
 * @param arrivalMillis Unix ms
 * @param arrivalNanos the same moment in {@link Timekeeper#nanoTime()}
 * @param witness who is to see its plan before any provider is called, if it gets one
 * @param trace its place in a trace, if it is traced
 * @param view how the targets of its route are reached, for as long as it lasts
 * @param closed the targets of its route that it cannot be put to
 * @param session of which it is one, if its route heeds that
 * @param place what it takes of what there is for its key and the router at once
 */
public record InferenceRequest(
        String tenant,
        Route route,
        Operation operation,
        ModeOptions terms,
        RequestBody body,
        Map<String, String> headers,
        String clientRequestId,
        String nonce,
        ResendHint resend,
        Optional<Duration> deadline,
        long arrivalMillis,
        long arrivalNanos,
        Optional<PlanWitness> witness,
        Optional<TraceContext> trace,
        ProviderView view,
        ClosedTargets closed,
        OptionalLong session,
        Permit place) {
    /** One that has not been looked at in view of its targets. */
    public InferenceRequest(
            String tenant,
            Route route,
            Operation operation,
            ModeOptions terms,
            RequestBody body,
            Map<String, String> headers,
            String clientRequestId,
            String nonce,
            ResendHint resend,
            Optional<Duration> deadline,
            long arrivalMillis,
            long arrivalNanos,
            Optional<PlanWitness> witness,
            Optional<TraceContext> trace,
            Permit place) {
        this(
                tenant,
                route,
                operation,
                terms,
                body,
                headers,
                clientRequestId,
                nonce,
                resend,
                deadline,
                arrivalMillis,
                arrivalNanos,
                witness,
                trace,
                ProviderView.NONE,
                ClosedTargets.NONE,
                OptionalLong.empty(),
                place);
    }

    /** How the client wants its answer. */
    public AnswerForm form() {
        return switch (operation) {
            case EMBEDDINGS, COUNT_TOKENS -> AnswerForm.PLAIN;
            case CHAT, RESPONSES, MESSAGES -> body.form();
        };
    }

    /** What of it goes to a provider. */
    UpstreamRequest upstream(RequestId id) {
        return upstream(id, this);
    }

    /** What of it goes to a provider, under the name, in the view and in the trace of the request that it is another try of. */
    UpstreamRequest upstream(RequestId id, InferenceRequest first) {
        return new UpstreamRequest(
                operation, body, form(), headers, id.toString(), first.view, first.trace, tenant, place);
    }

    /**
     * Whether another request of the same body asks the same beside it: the operation, how it is to be settled, and the headers that
     * go on to the provider. A route that was changed between the two may have other defaults, which is no word of the client's.
     */
    public boolean asksTheSame(InferenceRequest other) {
        return operation == other.operation
                && headers.equals(other.headers)
                && (terms.equals(other.terms) || !route.id().equals(other.route.id()));
    }

    /** The same without the body, which is all that makes it large. */
    InferenceRequest withoutBody() {
        return with(RequestBody.NONE, view, closed, session, place);
    }

    /** The same with what is known of its targets. */
    InferenceRequest with(ProviderView known) {
        return with(body, known, closed, session, place);
    }

    /** The same with what is known of its words in view of its targets. */
    InferenceRequest with(ClosedTargets known) {
        return with(body, view, known, session, place);
    }

    /** The same with another place. */
    public InferenceRequest with(Permit other) {
        return with(body, view, closed, session, other);
    }

    /**
     * The same as one of a session.
     *
     * @param header value of {@code openledger-session}, empty if it was not sent
     */
    public InferenceRequest inSession(String header) {
        OptionalLong of = SessionKey.of(tenant, route, header, body);
        return of.isEmpty() ? this : with(body, view, closed, of, place);
    }

    /** How its targets are chosen in fast mode. */
    public TargetChoice choice(RandomGenerator random) {
        return session.isPresent()
                ? new RendezvousChoice(session.getAsLong())
                : (targets, loads, tried) -> PowerOfTwoChoices.choose(targets, loads, tried, random);
    }

    private InferenceRequest with(
            RequestBody otherBody,
            ProviderView otherView,
            ClosedTargets otherClosed,
            OptionalLong otherSession,
            Permit otherPlace) {
        return new InferenceRequest(
                tenant,
                route,
                operation,
                terms,
                otherBody,
                headers,
                clientRequestId,
                nonce,
                resend,
                deadline,
                arrivalMillis,
                arrivalNanos,
                witness,
                trace,
                otherView,
                otherClosed,
                otherSession,
                otherPlace);
    }
}
