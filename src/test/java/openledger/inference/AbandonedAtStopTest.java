package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.Decision;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import org.junit.jupiter.api.Test;

/** The router stops, and requests are under way. */
final class AbandonedAtStopTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final FakePorts.Answer answer = new FakePorts.Answer();

    @Test
    void aStopSealsWhatWaitsForAClient() {
        infer(KEYED).cancel();
        ports.clock.advance(GRACE);
        infer(ResendHint.NONE).cancel();

        ports.service.sealAbandoned();

        assertThat(ports.journal.decisions)
                .extracting(Decision::status)
                .containsExactly(DecisionStatus.CANCELLED, DecisionStatus.CANCELLED);
        assertThat(ports.clock.pending()).isZero();
    }

    @Test
    void aStopSealsWhatRunsOnWithoutAClient() {
        infer(KEYED).cancel();

        ports.service.sealAbandoned();

        assertThat(ports.journal.decisions).extracting(Decision::status).containsExactly(DecisionStatus.CANCELLED);
        assertThat(ports.providers.calls.getFirst().cancelled).isTrue();
        assertThat(ports.clock.pending()).isZero();
    }

    @Test
    void aStopSealsAnAnswerThatNobodyReads() {
        UniAssertSubscriber<InferenceOutcome> client = infer(KEYED);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(client);
        answer.sink().chunk(Buffer.buffer("data"));
        served(client).answer().cancel();

        ports.service.sealAbandoned();

        assertThat(ports.journal.decisions).extracting(Decision::status).containsExactly(DecisionStatus.SERVED);
        assertThat(answer.cancelled).isTrue();
        assertThat(ports.clock.pending()).isZero();
    }

    @Test
    void aStopLeavesThoseAloneWhoseClientsAreThere() {
        UniAssertSubscriber<InferenceOutcome> waiting = infer(KEYED);
        UniAssertSubscriber<InferenceOutcome> reading = infer(new ResendHint("key-2", 0));
        ports.providers.calls.getLast().land(FakePorts.answered(answer));
        drain(reading);

        ports.service.sealAbandoned();

        assertThat(ports.journal.decisions).isEmpty();
        assertThat(answer.cancelled).isFalse();
        waiting.assertNotTerminated();
    }

    @Test
    void whoLeavesAfterTheStopIsNotWaitedFor() {
        UniAssertSubscriber<InferenceOutcome> keyed = infer(KEYED);
        UniAssertSubscriber<InferenceOutcome> keyless = infer(ResendHint.NONE);
        ports.service.sealAbandoned();

        keyless.cancel();
        keyed.cancel();
        ports.clock.advance(GRACE);

        assertThat(ports.journal.decisions)
                .extracting(Decision::status)
                .containsExactly(DecisionStatus.CANCELLED, DecisionStatus.CANCELLED);
        assertThat(ports.clock.pending()).isZero();
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint mark) {
        return ports.service.infer(ports.request(route, mark)).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static Served served(UniAssertSubscriber<InferenceOutcome> client) {
        return (Served) client.getItem();
    }

    private static void drain(UniAssertSubscriber<InferenceOutcome> client) {
        served(client).answer().drainTo(new RecordedSink());
    }
}
