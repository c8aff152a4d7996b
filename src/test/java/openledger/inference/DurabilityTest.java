package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Optional;
import openledger.inference.InferenceOutcome.JournalNotOpen;
import openledger.inference.InferenceOutcome.LaneLost;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.NotRecorded;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptMark;
import openledger.inference.record.JournalState;
import openledger.inference.resend.ResendSettings;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

final class DurabilityTest {
    private final FakePorts ports = new FakePorts();

    @Test
    void nothingGoesOutBeforeTheIntentIsDurable() {
        ports.journal.durable = false;
        UniAssertSubscriber<InferenceOutcome> client = infer();
        ports.providers.calls.getFirst().land(FakePorts.answered(new FakePorts.Answer()));
        client.assertNotTerminated();

        ports.journal.commit();

        assertThat(client.assertCompleted().getItem()).isInstanceOf(Served.class);
    }

    @Test
    void anAnswerThatCannotBeRecordedIsWithheld() {
        ports.journal.durable = false;
        FakePorts.Answer answer = new FakePorts.Answer();
        UniAssertSubscriber<InferenceOutcome> client = infer();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));

        ports.journal.giveUp();

        assertThat(client.assertCompleted().getItem()).isInstanceOf(NotRecorded.class);
        assertThat(answer.cancelled).isTrue();
        assertThat(ports.journal.decisions.getFirst().status()).isEqualTo(DecisionStatus.INTERRUPTED);
    }

    @Test
    void aFullJournalTakesNoRequestAndCallsNobody() {
        ports.journal.full = true;

        UniAssertSubscriber<InferenceOutcome> client = infer();

        assertThat(client.assertCompleted().getItem()).isEqualTo(new NotAccepted(Duration.ofSeconds(2)));
        assertThat(ports.providers.calls).isEmpty();
    }

    @Test
    void aJournalThatIsNotOpenTakesNoRequestAndCallsNobody() {
        for (JournalState state : JournalState.values()) {
            ports.journal.state = state;
            if (state != JournalState.OPEN) {
                assertThat(infer().assertCompleted().getItem())
                        .isEqualTo(new JournalNotOpen(state, Duration.ofSeconds(2)));
            }
        }

        assertThat(ports.providers.calls).isEmpty();
        assertThat(ports.journal.intents).isEmpty();
        assertThat(ports.counted.events).hasSize(5).containsOnly("refused JOURNAL_NOT_OPEN");
    }

    @Test
    void whoMayComeBackToAnotherRouterIsCalledAgainOnceTheAttemptBeforeIsDurable() {
        ports.journal.durable = false;
        ports.service
                .infer(ports.request(TestRoutes.of(2, 1), new ResendHint("key-1", 0)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        assertThat(ports.providers.calls).hasSize(1);

        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.clock.advance(Duration.ofMinutes(1));
        assertThat(ports.journal.attempts).hasSize(2);
        assertThat(ports.providers.calls).hasSize(1);
        ports.journal.commit();

        assertThat(ports.providers.calls).hasSize(2);
    }

    @Test
    void anAttemptThatCannotBeRecordedIsNotFollowedByAnother() {
        ports.journal.durable = false;
        UniAssertSubscriber<InferenceOutcome> client = ports.service
                .infer(ports.request(TestRoutes.of(2, 1), new ResendHint("key-1", 0)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.clock.advance(Duration.ofMinutes(1));

        ports.journal.giveUp();

        assertThat(client.assertCompleted().getItem()).isInstanceOf(NotRecorded.class);
        assertThat(ports.providers.calls).hasSize(1);
    }

    @Test
    void aHedgeThatCannotBeRecordedEndsNothingButItself() {
        Route route = TestRoutes.of(Optional.of(Duration.ofMillis(200)), TestRoutes.GENEROUS, 3, 1);
        UniAssertSubscriber<InferenceOutcome> client = ports.service
                .infer(ports.request(route, new ResendHint("key-1", 0)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        ports.journal.durable = false;
        ports.clock.advance(Duration.ofMillis(200));
        assertThat(ports.journal.attempts).hasSize(2);
        assertThat(ports.providers.calls).hasSize(1);

        ports.journal.giveUp();
        ports.journal.durable = true;
        ports.providers.calls.getFirst().land(FakePorts.answered(new FakePorts.Answer()));

        assertThat(client.assertCompleted().getItem()).isInstanceOf(Served.class);
    }

    @Test
    void nobodyComesBackToARequestWithoutAKeySoItWaitsForNothing() {
        ports.journal.durable = false;
        infer();

        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.clock.advance(Duration.ofMinutes(1));

        assertThat(ports.providers.calls).hasSize(2);
    }

    @Test
    void theFirstCallWaitsForTheRecordOfItsRequestIfItIsToldTo() {
        InferenceService careful = new InferenceService(
                new ServicePorts(ports.providers, ports.journal, ports.loops, ports.loops, ports.counted.metrics),
                new ResendSettings(
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        1_000,
                        4_000,
                        6,
                        ResendSettings.FirstCall.DURABLE));
        ports.journal.durable = false;

        careful.infer(ports.request(TestRoutes.of(2, 1), new ResendHint("key-1", 0)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        assertThat(ports.providers.calls).isEmpty();
        ports.journal.commit();

        assertThat(ports.providers.calls).hasSize(1);
    }

    @Test
    void eachAttemptLeavesAMarkAsItIsTaken() {
        infer();
        assertThat(ports.journal.attempts).extracting(AttemptMark::number).containsExactly(1);

        for (int i = 0; i < 3; i++) {
            ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
            ports.clock.advance(Duration.ofMinutes(1));
        }

        assertThat(ports.journal.attempts).extracting(AttemptMark::number).containsExactly(1, 2, 3, 4);
        assertThat(ports.journal.attempts).extracting(AttemptMark::tier).containsExactly(0, 0, 0, 1);
        assertThat(ports.journal.attempts)
                .extracting(AttemptMark::target)
                .containsExactlyElementsOf(ports.providers.calls.stream()
                        .map(call -> call.target.id().value())
                        .toList());
    }

    @Test
    void nobodyIsCalledAgainWhileWhatIsDoneCannotBeRecorded() {
        UniAssertSubscriber<InferenceOutcome> client = infer();
        ports.journal.state = JournalState.UNREACHABLE;

        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.RATE_LIMITED));
        ports.clock.advance(Duration.ofMinutes(1));

        assertThat(ports.providers.calls).hasSize(1);
        NotRecorded ended = (NotRecorded) client.assertCompleted().getItem();
        assertThat(ended.facts().attempts()).isOne();
        assertThat(ports.journal.decisions.getFirst().status()).isEqualTo(DecisionStatus.INTERRUPTED);
        assertThat(ports.journal.decisions.getFirst().attempts()).hasSize(1);
    }

    @Test
    void aBackOffThatEndsWhileWhatIsDoneCannotBeRecordedEndsTheRequest() {
        UniAssertSubscriber<InferenceOutcome> client = infer();
        for (int i = 0; i < 2; i++) {
            ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        }
        int calls = ports.providers.calls.size();
        ports.journal.state = JournalState.UNREACHABLE;

        ports.providers.calls.getLast().land(FakePorts.failed(Trigger.RATE_LIMITED));
        ports.clock.advance(Duration.ofMinutes(1));

        assertThat(ports.providers.calls).hasSize(calls);
        assertThat(client.assertCompleted().getItem()).isInstanceOf(NotRecorded.class);
    }

    @Test
    void aHedgeIsNotSentWhileItCannotBeRecorded() {
        Route route = TestRoutes.of(Optional.of(Duration.ofMillis(300)), TestRoutes.GENEROUS, 3, 1);
        UniAssertSubscriber<InferenceOutcome> client = ports.service
                .infer(ports.request(route, ResendHint.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        ports.journal.state = JournalState.UNREACHABLE;

        ports.clock.advance(Duration.ofMillis(300));

        assertThat(ports.providers.calls).hasSize(1);
        client.assertNotTerminated();
    }

    @Test
    void anAnswerUnderALaneThatWasLostIsWithheldAndSoIsItsName() {
        ports.journal.durable = false;
        FakePorts.Answer answer = new FakePorts.Answer();
        UniAssertSubscriber<InferenceOutcome> client = infer();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));

        ports.journal.state = JournalState.LANE_LOST;
        ports.journal.giveUp();

        assertThat(client.assertCompleted().getItem()).isInstanceOf(LaneLost.class);
        assertThat(answer.cancelled).isTrue();
    }

    private UniAssertSubscriber<InferenceOutcome> infer() {
        return ports.service
                .infer(ports.request(TestRoutes.of(3, 1), ResendHint.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
