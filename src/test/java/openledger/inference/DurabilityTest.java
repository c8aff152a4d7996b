package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.NotRecorded;
import openledger.inference.InferenceOutcome.Served;
import openledger.routing.DecisionStatus;
import openledger.routing.TestRoutes;
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

    private UniAssertSubscriber<InferenceOutcome> infer() {
        return ports.service
                .infer(ports.request(TestRoutes.of(3, 1), ResendMark.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
