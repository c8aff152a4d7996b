package openledger.inference.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.AnswerNotKept;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceOutcome.NotAccepted;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.RecordedSink;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.ResendKind;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

/** A request that is sent again has one ledger and one record, whoever is there to see it. Long because the rules are read best as one list. */
final class ResendIndexTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final ResendHint SDK_RETRY = new ResendHint("", 1);
    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final List<UniAssertSubscriber<InferenceOutcome>> clients = new ArrayList<>();
    private final FakePorts.Answer answer = new FakePorts.Answer();

    @Test
    void joinsTheCallInFlight() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        UniAssertSubscriber<InferenceOutcome> second = infer(KEYED);

        ports.providers.calls.getFirst().land(FakePorts.answered(answer));

        RecordedSink one = drain(first);
        RecordedSink other = drain(second);
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
        assertThat(one.heard).containsExactly("data", "end");
        assertThat(other.heard).containsExactly("data", "end");
        assertThat(served(second).facts().id()).isEqualTo(served(first).facts().id());
        assertThat(ports.providers.calls).hasSize(1);
        assertThat(ports.journal.intents).hasSize(1);
        assertThat(ports.journal.decisions).singleElement().satisfies(decision -> {
            assertThat(decision.resends()).isOne();
            assertThat(decision.status()).isEqualTo(DecisionStatus.SERVED);
        });
        assertThat(ports.counted.resends).containsExactly(ResendKind.JOINED);
    }

    @Test
    void givesALateJoinerTheStreamFromItsStart() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        RecordedSink one = drain(first);
        answer.sink().chunk(Buffer.buffer("a"));

        RecordedSink late = drain(infer(KEYED));

        answer.sink().chunk(Buffer.buffer("b"));
        answer.sink().end();
        assertThat(late.heard).containsExactly("a", "b", "end");
        assertThat(one.heard).containsExactly("a", "b", "end");
    }

    @Test
    void answersAgainWithinTheWindowAndIsANewRequestAfterIt() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        finish(first);

        RecordedSink again = drain(infer(KEYED));
        ports.clock.advance(WINDOW);
        infer(KEYED);

        assertThat(again.heard).containsExactly("data", "end");
        assertThat(ports.counted.resends).containsExactly(ResendKind.REPEATED);
        assertThat(ports.journal.intents).hasSize(2);
        assertThat(ports.providers.calls).hasSize(2);
    }

    @Test
    void saysAgainThatTheBudgetIsSpent() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        for (int i = 0; i < 3; i++) {
            ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        }
        assertThat(first.getItem()).isInstanceOf(BudgetExhausted.class);

        assertThat(infer(KEYED).getItem()).isInstanceOf(BudgetExhausted.class);

        assertThat(ports.providers.calls).hasSize(3);
        assertThat(ports.journal.decisions).hasSize(1);
    }

    @Test
    void goesOnWithWhatIsLeftOfAnOrphansLedger() {
        infer(KEYED).cancel();
        ports.clock.advance(GRACE);
        assertThat(ports.providers.inFlight()).isZero();

        UniAssertSubscriber<InferenceOutcome> back = infer(KEYED);

        assertThat(ports.providers.calls.getLast().permit.number()).isEqualTo(2);
        ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        assertThat(((BudgetExhausted) back.getItem()).facts().attempts()).isEqualTo(3);
        assertThat(ports.journal.decisions)
                .singleElement()
                .satisfies(decision -> assertThat(decision.attempts()).hasSize(3));
        assertThat(ports.counted.resends).containsExactly(ResendKind.CONTINUED);
    }

    @Test
    void anOrphanWithNothingLeftHasNothingMoreToGive() {
        for (ResendHint mark : List.of(KEYED, ResendHint.NONE)) {
            infer(mark);
            ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
            ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
        }
        int calls = ports.providers.calls.size();
        List.copyOf(clients).forEach(UniAssertSubscriber::cancel);
        ports.clock.advance(GRACE);

        assertThat(infer(KEYED).getItem()).isInstanceOf(BudgetExhausted.class);
        assertThat(infer(SDK_RETRY).getItem()).isInstanceOf(BudgetExhausted.class);

        assertThat(ports.providers.calls).hasSize(calls);
        assertThat(ports.journal.intents).hasSize(2);
    }

    @Test
    void findsTheOrphansAnswer() {
        infer(KEYED).cancel();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
        assertThat(ports.journal.decisions).isEmpty();

        RecordedSink back = drain(infer(KEYED));

        assertThat(back.heard).containsExactly("data", "end");
        assertThat(ports.providers.calls).hasSize(1);
        assertThat(ports.journal.decisions)
                .singleElement()
                .satisfies(decision -> assertThat(decision.status()).isEqualTo(DecisionStatus.SERVED));
    }

    @Test
    void theGraceOfADepartureEndsNothingAfterAReturn() {
        infer(KEYED).cancel();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        answer.sink().chunk(Buffer.buffer("x".repeat(1_100)));
        answer.sink().end();
        ports.clock.advance(GRACE.minusSeconds(1));
        UniAssertSubscriber<InferenceOutcome> back = infer(KEYED);
        assertThat(ports.providers.calls).hasSize(2);

        ports.clock.advance(GRACE);

        FakePorts.Answer second = new FakePorts.Answer();
        ports.providers.calls.getLast().land(FakePorts.answered(second));
        RecordedSink heard = drain(back);
        second.sink().chunk(Buffer.buffer("data"));
        second.sink().end();
        assertThat(heard.heard).containsExactly("data", "end");
    }

    @Test
    void anOrphansAnswerThatNobodyCameForIsACancelledRequest() {
        infer(KEYED).cancel();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        answer.sink().end();

        ports.clock.advance(WINDOW.plus(GRACE));

        assertThat(ports.journal.decisions)
                .singleElement()
                .satisfies(decision -> assertThat(decision.status()).isEqualTo(DecisionStatus.CANCELLED));
        assertThat(ports.clock.pending()).isZero();
    }

    @Test
    void goesOnAfterABrokenStreamIfItHasAKey() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        RecordedSink one = drain(first);
        answer.sink().chunk(Buffer.buffer("da"));
        answer.sink().broken(Trigger.CONNECTION_LOST);
        assertThat(one.heard).containsExactly("da", "broken CONNECTION_LOST");

        UniAssertSubscriber<InferenceOutcome> back = infer(KEYED);
        FakePorts.Answer whole = new FakePorts.Answer();
        ports.providers.calls.getLast().land(FakePorts.answered(whole));
        RecordedSink other = drain(back);
        whole.sink().chunk(Buffer.buffer("data"));
        whole.sink().end();

        assertThat(other.heard).containsExactly("data", "end");
        assertThat(ports.journal.decisions).singleElement().satisfies(decision -> {
            assertThat(decision.status()).isEqualTo(DecisionStatus.SERVED);
            assertThat(decision.attempts())
                    .extracting(AttemptRecord::trigger)
                    .containsExactly(Trigger.CONNECTION_LOST, Trigger.NONE);
        });
    }

    @Test
    void withoutAKeyOnlyAnSdksRetryJoinsAnOrphanAndOnlyOnce() {
        infer(ResendHint.NONE).cancel();

        infer(SDK_RETRY);
        infer(SDK_RETRY);

        assertThat(ports.providers.calls)
                .extracting(call -> call.permit.number())
                .containsExactly(1, 2, 1);
        assertThat(ports.journal.intents).hasSize(2);
        assertThat(ports.counted.resends).containsExactly(ResendKind.CONTINUED);
    }

    @Test
    void anotherTenantOrBodyJoinsNothing() {
        infer(ResendHint.NONE).cancel();

        ports.service
                .infer(ports.request(route, SDK_RETRY, "{\"model\":\"assistant\",\"stream\":true }"))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        assertThat(ports.journal.intents).hasSize(2);
        assertThat(ports.counted.resends).isEmpty();
    }

    @Test
    void equalBodiesAloneAreNeverJoinedButCountedIfAClientHasJustGone() {
        infer(ResendHint.NONE);
        infer(ResendHint.NONE).cancel();
        assertThat(ports.counted.resends).isEmpty();

        infer(ResendHint.NONE);

        assertThat(ports.journal.intents).hasSize(3);
        assertThat(ports.counted.resends).containsExactly(ResendKind.SUSPECTED);
    }

    @Test
    void refusesAKeyWithAnotherBody() {
        infer(KEYED);

        UniAssertSubscriber<InferenceOutcome> other = ports.service
                .infer(ports.request(route, KEYED, "{\"model\":\"assistant\"}"))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        assertThat(other.getItem()).isInstanceOf(KeyReused.class);
        assertThat(ports.providers.calls).hasSize(1);
    }

    @Test
    void saysSoWhenAnAnswerWasTooLargeToBeKept() {
        UniAssertSubscriber<InferenceOutcome> first = infer(KEYED);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        RecordedSink one = drain(first);
        answer.sink().chunk(Buffer.buffer("x".repeat(900)));
        answer.sink().chunk(Buffer.buffer("x".repeat(200)));

        assertThat(infer(KEYED).getItem()).isInstanceOf(AnswerNotKept.class);

        answer.sink().end();
        assertThat(one.heard).hasSize(3).endsWith("end");
        assertThat(infer(KEYED).getItem()).isInstanceOf(AnswerNotKept.class);
        assertThat(ports.providers.calls).hasSize(1);
    }

    @Test
    void takesNoMoreKeysThanItMayRemember() {
        for (int i = 0; i < 3; i++) {
            infer(new ResendHint("key-" + i, 0));
        }

        assertThat(infer(new ResendHint("key-3", 0)).getItem()).isInstanceOf(NotAccepted.class);
        assertThat(infer(new ResendHint("key-2", 0)).getItem()).isNull();
    }

    @Test
    void whatHasEndedMakesRoomForAnotherKey() {
        finish(infer(KEYED));
        for (int i = 0; i < 2; i++) {
            infer(new ResendHint("other-" + i, 0));
        }

        assertThat(infer(new ResendHint("other-2", 0)).getItem()).isNull();
        assertThat(infer(new ResendHint("other-3", 0)).getItem()).isInstanceOf(NotAccepted.class);
        // Its answer is kept no longer, and there is no room for it to be asked for again.
        assertThat(infer(KEYED).getItem()).isInstanceOf(NotAccepted.class);
    }

    @Test
    void theKeysOfOneTenantForgetNothingOfAnother() {
        finish(inferAs("other", new ResendHint("one", 0)));
        // All of them end, and make room for each other alone.
        for (int i = 0; i < 40; i++) {
            FakePorts.Answer ended = new FakePorts.Answer();
            UniAssertSubscriber<InferenceOutcome> many = infer(new ResendHint("many-" + i, 0));
            ports.providers.calls.getLast().land(FakePorts.answered(ended));
            drain(many);
            ended.sink().chunk(Buffer.buffer("x".repeat(500)));
            ended.sink().end();
        }
        int calls = ports.providers.calls.size();

        RecordedSink again = drain(inferAs("other", new ResendHint("one", 0)));

        assertThat(again.heard).containsExactly("data", "end");
        assertThat(ports.providers.calls).hasSize(calls);
    }

    @Test
    void placesAndBytesOfLedgersAreGivenBackWhateverBecomesOfThem() {
        for (int round = 0; round < 20; round++) {
            UniAssertSubscriber<InferenceOutcome> served = infer(new ResendHint("served-" + round, 0));
            FakePorts.Answer whole = new FakePorts.Answer();
            ports.providers.calls.getLast().land(FakePorts.answered(whole));
            drain(served);
            whole.sink().chunk(Buffer.buffer("x".repeat(600)));
            whole.sink().end();
            infer(new ResendHint("left-" + round, 0)).cancel();
            infer(ResendHint.NONE).cancel();
            infer(SDK_RETRY).cancel();
            ports.clock.advance(WINDOW.plus(GRACE));

            assertThat(ports.service.waiting().kept()).as("round %d", round).isZero();
            assertThat(ports.service.waiting().keptBytes()).isZero();
        }
        assertThat(ports.counted.events).doesNotContain("refused RESENDS_FULL");
    }

    private UniAssertSubscriber<InferenceOutcome> infer(ResendHint mark) {
        return inferAs("tenant", mark);
    }

    private UniAssertSubscriber<InferenceOutcome> inferAs(String tenant, ResendHint mark) {
        UniAssertSubscriber<InferenceOutcome> client = ports.service
                .infer(ports.request(tenant, route, mark, "{\"model\":\"assistant\",\"stream\":true}", ""))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        clients.add(client);
        return client;
    }

    private static Served served(UniAssertSubscriber<InferenceOutcome> client) {
        return (Served) client.getItem();
    }

    private static RecordedSink drain(UniAssertSubscriber<InferenceOutcome> client) {
        RecordedSink sink = new RecordedSink();
        served(client).answer().drainTo(sink);
        return sink;
    }

    private void finish(UniAssertSubscriber<InferenceOutcome> client) {
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        drain(client);
        answer.sink().chunk(Buffer.buffer("data"));
        answer.sink().end();
    }
}
