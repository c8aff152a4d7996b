package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import openledger.inference.InferenceOutcome.DeadlinePassed;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.Permit;
import openledger.inference.admission.ResendHint;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

/** No request hangs, whatever a gateway does or does not do, and all that it held is given back. */
final class RequestDeadlineTest {
    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private final FakePorts ports = new FakePorts();
    private int placesGivenBack;
    private final Permit place = new Permit(() -> placesGivenBack++);

    @Test
    void aGatewayThatNeverAnswers() {
        UniAssertSubscriber<InferenceOutcome> client = infer(ResendHint.NONE);

        ports.clock.advance(DEADLINE.minusMillis(1));
        client.assertNotTerminated();
        ports.clock.advance(Duration.ofMillis(1));

        assertThat(client.assertCompleted().getItem()).isInstanceOf(DeadlinePassed.class);
        assertAllIsGivenBack(DecisionStatus.TIMED_OUT);
    }

    @Test
    void theDeadlineOfARouteHoldsForAllAttemptsTogether() {
        UniAssertSubscriber<InferenceOutcome> client = infer(within(Duration.ofSeconds(60)), Optional.empty());
        ports.clock.advance(Duration.ofSeconds(35));
        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.clock.advance(Duration.ofSeconds(24));
        client.assertNotTerminated();

        ports.clock.advance(Duration.ofSeconds(1));

        assertThat(client.assertCompleted().getItem())
                .isInstanceOfSatisfying(
                        DeadlinePassed.class,
                        passed -> assertThat(passed.deadline()).isEqualTo(Duration.ofSeconds(60)));
        assertAllIsGivenBack(DecisionStatus.TIMED_OUT);
    }

    @Test
    void aClientMayHaveLessPatienceAndThatIsItsOwnChoice() {
        UniAssertSubscriber<InferenceOutcome> client =
                infer(within(Duration.ofSeconds(60)), Optional.of(Duration.ofSeconds(5)));

        ports.clock.advance(Duration.ofSeconds(5));

        assertThat(client.assertCompleted().getItem()).isInstanceOf(DeadlinePassed.class);
        assertAllIsGivenBack(DecisionStatus.CANCELLED);
    }

    @Test
    void aClientCannotHaveMore() {
        UniAssertSubscriber<InferenceOutcome> client =
                infer(within(Duration.ofSeconds(60)), Optional.of(Duration.ofSeconds(61)));

        ports.clock.advance(Duration.ofSeconds(60));

        client.assertCompleted();
        assertAllIsGivenBack(DecisionStatus.TIMED_OUT);
    }

    private static Route within(Duration deadline) {
        Route open = TestRoutes.of(1, 1);
        return new Route(
                open.id(),
                open.name(),
                open.tiers(),
                open.operations(),
                open.backoff(),
                open.hedgeAfter(),
                open.stormLimits(),
                open.modes(),
                Optional.of(deadline));
    }

    @Test
    void aGatewayThatNeverAnswersAClientThatComesAgain() {
        infer(new ResendHint("key-1", 0)).cancel();
        UniAssertSubscriber<InferenceOutcome> again = infer(new ResendHint("key-1", 1));

        ports.clock.advance(DEADLINE);

        again.assertCompleted();
        assertThat(ports.providers.inFlight()).isZero();
        assertThat(ports.journal.decisions).hasSize(1);
    }

    @Test
    void aGatewayThatThrows() {
        ports.providers.bug = new IllegalStateException("a bug");

        UniAssertSubscriber<InferenceOutcome> client = infer(ResendHint.NONE);

        client.assertFailedWith(IllegalStateException.class);
        assertAllIsGivenBack(DecisionStatus.INTERRUPTED);
    }

    @Test
    void anAnswerThatNeverEnds() {
        FakePorts.Answer answer = new FakePorts.Answer();
        RecordedSink sink = new RecordedSink();
        UniAssertSubscriber<InferenceOutcome> client = infer(ResendHint.NONE);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        ((Served) client.assertCompleted().getItem()).answer().drainTo(sink);
        answer.sink().chunk(Buffer.buffer("a"));

        ports.clock.advance(DEADLINE);

        assertThat(sink.heard).containsExactly("a", "broken " + Trigger.TOTAL_TIMEOUT);
        assertThat(answer.cancelled).isTrue();
        assertAllIsGivenBack(DecisionStatus.SERVED);
    }

    private void assertAllIsGivenBack(DecisionStatus status) {
        assertThat(ports.providers.inFlight()).isZero();
        assertThat(ports.journal.decisions)
                .singleElement()
                .satisfies(decision -> assertThat(decision.status()).isEqualTo(status));
        place.letGo();
        assertThat(placesGivenBack).isOne();
        assertThat(ports.clock.pending()).isZero();
    }

    private UniAssertSubscriber<InferenceOutcome> infer(Route route, Optional<Duration> patience) {
        InferenceRequest plain = ports.request(route, ResendHint.NONE);
        return infer(new InferenceRequest(
                plain.tenant(),
                route,
                plain.operation(),
                plain.terms(),
                plain.body(),
                plain.headers(),
                plain.clientRequestId(),
                plain.nonce(),
                plain.resend(),
                patience,
                plain.arrivalMillis(),
                plain.arrivalNanos(),
                plain.witness(),
                plain.trace(),
                place));
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint resend) {
        return infer(ports.request(TestRoutes.of(1, 1), resend).with(place));
    }

    private UniAssertSubscriber<InferenceOutcome> infer(InferenceRequest request) {
        return ports.service.infer(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
