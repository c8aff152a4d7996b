package openledger.inference.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import openledger.commitment.leaf.RequestDigest;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.AnsweredBefore;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.KeyReused;
import openledger.inference.InferenceRequest;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.FormerRequest;
import openledger.inference.record.ResendKind;
import openledger.routing.DecisionStatus;
import openledger.routing.Operation;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.ResendKey;
import org.junit.jupiter.api.Test;

/** A key that was taken before, by a router that is gone, has no second budget. */
final class FormerRequestsTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final RequestId BEFORE = new RequestId(9, 4);
    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final InferenceRequest request = ports.request(route, KEYED);

    @Test
    void goesOnWithWhatIsLeft() {
        for (int spent = 1; spent < route.budget(); spent++) {
            FakePorts fresh = new FakePorts();
            fresh.service.learn(List.of(former(fresh.request(route, KEYED), DecisionStatus.INTERRUPTED, spent)));

            UniAssertSubscriber<InferenceOutcome> back = infer(fresh, fresh.request(route, KEYED));
            while (back.getItem() == null) {
                fresh.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
                fresh.clock.advance(Duration.ofSeconds(10));
            }

            assertThat(fresh.providers.calls).hasSize(route.budget() - spent);
            assertThat(((BudgetExhausted) back.getItem()).facts().attempts()).isEqualTo(route.budget());
            assertThat(fresh.journal.decisions).singleElement().satisfies(decision -> {
                assertThat(decision.attempts())
                        .extracting(AttemptRecord::number)
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, route.budget()).boxed().toList());
                assertThat(decision.attempts().getFirst().trigger()).isEqualTo(Trigger.CONNECTION_LOST);
            });
            assertThat(fresh.counted.resends).containsExactly(ResendKind.CONTINUED);
        }
    }

    @Test
    void goesOnWithWhatItsClientLeftBeforeAStop() {
        ports.service.learn(List.of(former(request, DecisionStatus.CANCELLED, 1)));

        infer(ports, request);

        assertThat(ports.providers.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.permit.number()).isEqualTo(2));
    }

    @Test
    void fallsBackOnlyOnceTheShareOfTheBestTierIsSpentOverBothRouters() {
        ports.service.learn(List.of(former(request, DecisionStatus.INTERRUPTED, 2)));

        infer(ports, request);

        assertThat(ports.providers.calls).singleElement().satisfies(call -> {
            assertThat(call.permit.number()).isEqualTo(3);
            assertThat(call.permit.tier()).isEqualTo(1);
        });
    }

    @Test
    void whatWasSpentIsDurableBeforeAnythingElseIsCalled() {
        ports.service.learn(List.of(former(request, DecisionStatus.INTERRUPTED, 1)));
        ports.journal.durable = false;

        infer(ports, request);
        assertThat(ports.providers.calls).isEmpty();
        ports.journal.commit();

        assertThat(ports.providers.calls).hasSize(1);
    }

    @Test
    void nothingIsLeftOfASpentBudgetOrOfWhatHasEnded() {
        for (FormerRequest before : List.of(
                former(request, DecisionStatus.INTERRUPTED, route.budget()),
                former(request, DecisionStatus.SERVED, 1),
                former(request, DecisionStatus.CANCELLED, route.budget()))) {
            FakePorts fresh = new FakePorts();
            fresh.service.learn(List.of(before));

            InferenceOutcome outcome = infer(fresh, fresh.request(route, KEYED)).getItem();

            assertThat(outcome).isEqualTo(new AnsweredBefore(BEFORE, before.status()));
            assertThat(fresh.providers.calls).isEmpty();
            assertThat(fresh.journal.intents).isEmpty();
        }
    }

    @Test
    void anotherBodyUnderTheKeyIsRefused() {
        ports.service.learn(List.of(former(request, DecisionStatus.INTERRUPTED, 1)));

        InferenceRequest other = ports.request(route, KEYED, "{\"model\":\"assistant\"}");

        assertThat(infer(ports, other).getItem()).isInstanceOf(KeyReused.class);
        assertThat(ports.providers.calls).isEmpty();
    }

    @Test
    void theKeyIsFreeAfterTheWindow() {
        ports.service.learn(List.of(former(request, DecisionStatus.SERVED, 1)));
        ports.clock.advance(WINDOW);

        infer(ports, request);

        assertThat(ports.providers.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.permit.number()).isOne());
    }

    @Test
    void joinsTheOneThatGoesOn() {
        ports.service.learn(List.of(former(request, DecisionStatus.INTERRUPTED, 1)));

        infer(ports, request);
        infer(ports, request);

        assertThat(ports.providers.calls).hasSize(1);
        assertThat(ports.journal.intents).hasSize(1);
        assertThat(ports.counted.resends).containsExactly(ResendKind.CONTINUED, ResendKind.JOINED);
    }

    @Test
    void theLaterOfTwoCounts() {
        ports.service.learn(List.of(
                former(request, DecisionStatus.INTERRUPTED, 2), former(request, DecisionStatus.INTERRUPTED, 1)));

        infer(ports, request);

        assertThat(ports.providers.calls.getLast().permit.number()).isEqualTo(3);
    }

    @Test
    void whatCouldNotBeRecordedHasNoSecondBudgetEither() {
        ports.journal.durable = false;
        UniAssertSubscriber<InferenceOutcome> client = infer(ports, request);
        ports.providers.calls.getFirst().land(FakePorts.answered(new FakePorts.Answer()));
        ports.journal.giveUp();
        assertThat(client.getItem()).isInstanceOf(InferenceOutcome.NotRecorded.class);
        ports.journal.durable = true;

        infer(ports, request);

        assertThat(ports.providers.calls).hasSize(2);
        assertThat(ports.providers.calls.getLast().permit.number()).isEqualTo(2);
    }

    @Test
    void aTenantMakesRoomForItsEndedOnesByItself() {
        ports.service.learn(List.of(ended("other", 0)));
        ports.service.learn(
                IntStream.range(0, 20).mapToObj(i -> ended("many", i)).toList());

        assertThat(infer(
                                ports,
                                ports.request(
                                        "other", route, new ResendHint("key-0", 0), "{\"model\":\"assistant\"}", ""))
                        .getItem())
                .isInstanceOf(KeyReused.class);
        assertThat(infer(
                                ports,
                                ports.request(
                                        "many", route, new ResendHint("key-19", 0), "{\"model\":\"assistant\"}", ""))
                        .getItem())
                .isInstanceOf(KeyReused.class);
        assertThat(ports.service.waiting().kept()).isLessThanOrEqualTo(6);
    }

    @Test
    void whatHasSomethingLeftIsNeverForgotten() {
        ports.service.learn(List.of(former(request, DecisionStatus.INTERRUPTED, 2)));
        ports.service.learn(IntStream.range(0, 20)
                .mapToObj(i -> ended(request.tenant(), i + 100))
                .toList());

        infer(ports, request);

        assertThat(ports.providers.calls.getLast().permit.number()).isEqualTo(3);
    }

    @Test
    void aKeyThatIsUsedAnewIsNoLongerWhatItWas() {
        ports.service.learn(List.of(former(request, DecisionStatus.EXHAUSTED, route.budget())));
        ports.clock.advance(WINDOW);
        ports.service.learn(List.of(former(request, DecisionStatus.INTERRUPTED, 1)));

        infer(ports, request);

        assertThat(ports.providers.calls.getLast().permit.number()).isEqualTo(2);
    }

    private FormerRequest ended(String tenant, int number) {
        return new FormerRequest(
                ResendKey.of(tenant, "key-" + number),
                tenant,
                new RequestId(9, number + 1),
                Operation.CHAT,
                new byte[32],
                DecisionStatus.SERVED,
                1,
                ports.clock.epochMillis() + 10_000 + number);
    }

    private FormerRequest former(InferenceRequest of, DecisionStatus status, int spent) {
        return new FormerRequest(
                ResendKey.of(of.tenant(), KEYED.idempotencyKey()),
                of.tenant(),
                BEFORE,
                of.operation(),
                RequestDigest.withNonce(of.body().digest(), of.nonce()),
                status,
                spent,
                ports.clock.epochMillis() + WINDOW.toMillis());
    }

    private static UniAssertSubscriber<InferenceOutcome> infer(FakePorts ports, InferenceRequest request) {
        return ports.service.infer(request).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
