package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Optional;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.ConfirmedFacts;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.LevelLags;
import openledger.inference.InferenceOutcome.NotConfirmed;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.RecordedSink;
import openledger.inference.RequestFacts;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.Decision;
import openledger.inference.record.ResendKind;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits for the chain, for how long, and what then. Long because the rules are read best as one list. */
final class GatesTest {
    private static final Duration MAX_WAIT = ConfirmedWorld.MAX_WAIT;
    private static final Duration LONG = Duration.ofMinutes(2);
    private final ConfirmedWorld world = new ConfirmedWorld();
    private final Route route = TestRoutes.both(2, 1);
    private final FakePorts.Answer answer = new FakePorts.Answer();

    @ParameterizedTest
    @EnumSource(OnUnconfirmed.class)
    void gateResponseCallsAtOnceAndHoldsTheAnswerUntilTheLevel(OnUnconfirmed then) {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, then);
        answerNow();
        world.ports.clock.advance(Duration.ofMillis(500));
        client.assertNotTerminated();

        world.chain.confirm(1);

        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().mode()).isEqualTo(LeafMode.CONFIRMED_RESPONSE);
        ConfirmedFacts facts = served.facts().confirmed().orElseThrow();
        assertThat(facts.level()).isEqualTo("SEQUENCED");
        assertThat(facts.holdMicros()).isEqualTo(100_000);
        assertThat(facts.confirmMicros()).isEqualTo(500_000);
        finish(served);
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.SERVED);
        assertThat(world.decision().timeSplit().confirm()).isEqualTo(500_000);
        assertThat(world.decision().timeSplit().stream()).isZero();
        assertThat(world.decision().timeSplit().overhead()).isZero();
        assertThat(world.chain.asked).isEmpty();
        assertThat(world.ports.clock.pending()).isZero();
    }

    @ParameterizedTest
    @EnumSource(OnUnconfirmed.class)
    void gateDispatchCallsNobodyBeforeTheLevel(OnUnconfirmed then) {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.DISPATCH, then);
        world.ports.clock.advance(Duration.ofMillis(500));
        assertThat(world.ports.providers.calls).isEmpty();
        assertThat(world.claimed()).isOne();

        world.chain.confirm(1);

        answerNow();
        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().mode()).isEqualTo(LeafMode.CONFIRMED_DISPATCH);
        finish(served);
        assertThat(world.decision().timeSplit().confirm()).isEqualTo(500_000);
        assertThat(world.claimed()).isZero();
        assertThat(world.ports.clock.pending()).isZero();
    }

    @Test
    void gateResponseThrowsTheAnswerAwayIfThePlanIsNotConfirmedInTime() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, OnUnconfirmed.FAIL);
        world.ports.clock.advance(Duration.ofMillis(500));
        answerNow();
        world.ports.clock.advance(MAX_WAIT.minusMillis(501));
        client.assertNotTerminated();

        // Counted from the pin, not from the answer.
        world.ports.clock.advance(Duration.ofMillis(1));

        NotConfirmed outcome = (NotConfirmed) client.assertCompleted().getItem();
        assertThat(outcome.facts().servedTier()).isEqualTo(Decision.NO_TIER);
        assertThat(answer.cancelled).isTrue();
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.UNCONFIRMED);
        assertThat(world.decision().servedTier()).isEqualTo(Decision.NO_TIER);
        assertThat(world.decision().mode()).isEqualTo(LeafMode.CONFIRMED_RESPONSE);
        assertThat(world.ports.counted.events)
                .containsExactly("pinned RESPONSE", "unconfirmed RESPONSE FAIL", "answerThrownAway RESPONSE");
        assertThat(world.chain.asked).isEmpty();
    }

    @Test
    void gateResponseEndsTheCallOfARequestThatHasFailedToBeConfirmed() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, OnUnconfirmed.FAIL);

        world.ports.clock.advance(MAX_WAIT);

        assertThat(client.assertCompleted().getItem()).isInstanceOf(NotConfirmed.class);
        assertThat(world.ports.providers.inFlight()).isZero();
        assertThat(world.ports.counted.events).containsExactly("pinned RESPONSE", "unconfirmed RESPONSE FAIL");
        assertThat(world.decision().attempts()).hasSize(1);
    }

    @Test
    void gateResponseReleasesTheAnswerAndSaysSo() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, OnUnconfirmed.RELEASE);
        answerNow();

        world.ports.clock.advance(MAX_WAIT);

        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().mode()).isEqualTo(LeafMode.RELEASED_RESPONSE);
        assertThat(served.facts().confirmed().orElseThrow().level()).isEqualTo("RECORDED");
        finish(served);
        assertThat(world.decision().mode()).isEqualTo(LeafMode.RELEASED_RESPONSE);
        assertThat(world.decision().intent().mode()).isEqualTo(LeafMode.CONFIRMED_RESPONSE);
        assertThat(world.ports.counted.events).containsExactly("pinned RESPONSE", "unconfirmed RESPONSE RELEASE");
    }

    @Test
    void anAnswerThatComesAfterALateConfirmationIsNoReleasedOne() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, OnUnconfirmed.RELEASE);
        world.ports.clock.advance(MAX_WAIT.multipliedBy(2));
        world.chain.confirm(1);

        answerNow();

        assertThat(((Served) client.assertCompleted().getItem()).facts().mode()).isEqualTo(LeafMode.CONFIRMED_RESPONSE);
    }

    @Test
    void gateDispatchFailsWithoutACall() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.DISPATCH, OnUnconfirmed.FAIL);

        world.ports.clock.advance(MAX_WAIT);

        assertThat(client.assertCompleted().getItem()).isInstanceOf(NotConfirmed.class);
        assertThat(world.ports.providers.calls).isEmpty();
        assertThat(world.claimed()).isZero();
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.UNCONFIRMED);
        assertThat(world.decision().timeSplit().confirm()).isEqualTo(2_000_000);
        assertThat(world.ports.counted.events).containsExactly("pinned DISPATCH", "unconfirmed DISPATCH FAIL");
    }

    @Test
    void gateDispatchGoesOnUnconfirmedIfItsClientWantsIt() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.DISPATCH, OnUnconfirmed.RELEASE);

        world.ports.clock.advance(MAX_WAIT);

        answerNow();
        assertThat(((Served) client.assertCompleted().getItem()).facts().mode()).isEqualTo(LeafMode.RELEASED_DISPATCH);
    }

    @Test
    void exhaustionWaitsForNoConfirmation() {
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, OnUnconfirmed.FAIL);
        for (int attempt = 0; attempt < 3; attempt++) {
            world.ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
            world.ports.clock.advance(ConfirmedWorld.STEP);
        }

        assertThat(client.assertCompleted().getItem()).isInstanceOf(BudgetExhausted.class);
    }

    @Test
    void nothingGoesOutBeforeThePlanIsDurable() {
        world.ports.journal.durableUpTo = 1;
        UniAssertSubscriber<InferenceOutcome> client = pinned(Gate.RESPONSE, OnUnconfirmed.FAIL);
        world.chain.confirm(1);
        answerNow();
        client.assertNotTerminated();

        world.ports.journal.commit();

        assertThat(client.assertCompleted().getItem()).isInstanceOf(Served.class);
    }

    @Test
    void aChainThatLagsTurnsAwayThoseWhoInsistBeforeAnythingIsRecorded() {
        world.chain.lag = Optional.of(MAX_WAIT.plusMillis(1));

        UniAssertSubscriber<InferenceOutcome> client = infer(Gate.RESPONSE, OnUnconfirmed.FAIL, ResendHint.NONE);

        assertThat(client.assertCompleted().getItem())
                .isEqualTo(new LevelLags(PlanLevel.SEQUENCED, MAX_WAIT.plusMillis(1), MAX_WAIT));
        assertThat(world.ports.journal.intents).isEmpty();
        world.chain.lag = Optional.of(MAX_WAIT);
        infer(Gate.RESPONSE, OnUnconfirmed.FAIL, ResendHint.NONE).assertNotTerminated();
    }

    @Test
    void witnessesThatLagTurnAwayThoseWhoInsistOnThem() {
        world.chain.witnessLag = Optional.of(MAX_WAIT.plusMillis(1));

        UniAssertSubscriber<InferenceOutcome> client = inferWitnessed(OnUnconfirmed.FAIL);

        assertThat(client.assertCompleted().getItem())
                .isEqualTo(new LevelLags(PlanLevel.WITNESSED, MAX_WAIT.plusMillis(1), MAX_WAIT));
        assertThat(world.ports.counted.events).contains("refused WITNESSES_LAG");
        assertThat(world.ports.journal.intents).isEmpty();
        infer(Gate.RESPONSE, OnUnconfirmed.FAIL, ResendHint.NONE).assertNotTerminated();
    }

    @Test
    void aChainThatLagsIsNothingToThoseWhoWaitForWitnesses() {
        world.chain.lag = Optional.of(Duration.ofHours(1));

        UniAssertSubscriber<InferenceOutcome> client = inferWitnessed(OnUnconfirmed.FAIL);
        world.epochs(1);
        answerNow();
        client.assertNotTerminated();
        world.chain.confirm(1);

        RequestFacts facts = ((Served) client.assertCompleted().getItem()).facts();
        assertThat(facts.confirmed().orElseThrow().level()).isEqualTo("WITNESSED");
        assertThat(facts.mode().isReleased()).isFalse();
        assertThat(world.ports.counted.confirmations).containsExactly(PlanLevel.WITNESSED);
    }

    @Test
    void witnessesThatStaySilentEndInTheChosenWay() {
        UniAssertSubscriber<InferenceOutcome> failed = inferWitnessed(OnUnconfirmed.FAIL);
        world.epochs(1);
        answerNow();
        world.ports.clock.advance(MAX_WAIT);
        assertThat(failed.assertCompleted().getItem()).isInstanceOf(NotConfirmed.class);

        UniAssertSubscriber<InferenceOutcome> released = inferWitnessed(OnUnconfirmed.RELEASE);
        world.epochs(1);
        answerNow();
        world.ports.clock.advance(MAX_WAIT);
        RequestFacts facts = ((Served) released.assertCompleted().getItem()).facts();
        assertThat(facts.confirmed().orElseThrow().level()).isEqualTo("RECORDED");
        assertThat(facts.mode().isReleased()).isTrue();
    }

    private UniAssertSubscriber<InferenceOutcome> inferWitnessed(OnUnconfirmed then) {
        return world.infer(
                route,
                "tenant",
                new ModeOptions.Confirmed(Gate.RESPONSE, PlanLevel.WITNESSED, MAX_WAIT, then),
                ResendHint.NONE);
    }

    @ParameterizedTest
    @EnumSource(Gate.class)
    void aChainThatLagsIsNotWaitedForByThoseWhoDoNot(Gate gate) {
        world.chain.lag = Optional.of(MAX_WAIT.plusMillis(1));

        UniAssertSubscriber<InferenceOutcome> client = pinned(gate, OnUnconfirmed.RELEASE);
        answerNow();

        RequestFacts facts = ((Served) client.assertCompleted().getItem()).facts();
        assertThat(facts.mode().isReleased()).isTrue();
        assertThat(world.plans.planned).hasSize(1);
    }

    @Test
    void whoLeavesWhileItsPlanWaitsGivesItsSlotBackAndComesBackToThePlan() {
        UniAssertSubscriber<InferenceOutcome> client = infer(Gate.DISPATCH, OnUnconfirmed.FAIL, ConfirmedWorld.KEYED);
        world.epochs(1);
        client.cancel();
        assertThat(world.claimed()).isZero();
        world.chain.confirm(1);
        assertThat(world.ports.providers.calls).isEmpty();

        infer(Gate.DISPATCH, OnUnconfirmed.FAIL, ConfirmedWorld.KEYED);
        world.ports.clock.advance(ConfirmedWorld.STEP);

        assertThat(world.ports.providers.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.target.id().value())
                        .isEqualTo(world.plans.only().plan().first()));
        assertThat(world.plans.snapshots).hasSize(1);
    }

    @Test
    void aResendJoinsTheAnswerThatWaitsForTheChain() {
        UniAssertSubscriber<InferenceOutcome> first = infer(Gate.RESPONSE, OnUnconfirmed.FAIL, ConfirmedWorld.KEYED);
        world.epochs(1);
        answerNow();
        first.cancel();
        world.ports.clock.advance(Duration.ofMillis(100));
        UniAssertSubscriber<InferenceOutcome> second = infer(Gate.RESPONSE, OnUnconfirmed.FAIL, ConfirmedWorld.KEYED);

        world.chain.confirm(1);

        assertThat(second.assertCompleted().getItem()).isInstanceOf(Served.class);
        assertThat(world.ports.journal.intents).hasSize(1);
        assertThat(world.ports.providers.calls).hasSize(1);
        assertThat(world.ports.counted.resends).containsExactly(ResendKind.JOINED);
        world.ports.clock.advance(LONG);
    }

    private UniAssertSubscriber<InferenceOutcome> pinned(Gate gate, OnUnconfirmed then) {
        UniAssertSubscriber<InferenceOutcome> client = infer(gate, then, ResendHint.NONE);
        world.epochs(1);
        return client;
    }

    private UniAssertSubscriber<InferenceOutcome> infer(Gate gate, OnUnconfirmed then, ResendHint mark) {
        return world.infer(route, "tenant", ConfirmedWorld.terms(gate, then), mark);
    }

    private void answerNow() {
        world.ports.providers.calls.getLast().land(FakePorts.answered(answer));
    }

    private void finish(Served served) {
        served.answer().drainTo(new RecordedSink());
        answer.sink().end();
    }
}
