package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.Rejected;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.RecordedSink;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.Decision;
import openledger.inference.record.JournalState;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

/** A plan is followed place by place, at the points of the grid and nowhere else. Long because each way to leave it is a case. */
final class PlanExecutionTest {
    private static final ModeOptions RELEASE = ConfirmedWorld.terms(Gate.RESPONSE, OnUnconfirmed.RELEASE);
    private final ConfirmedWorld world = new ConfirmedWorld();
    private final Route route = TestRoutes.both(3, 1);

    @Test
    void takesTheNextPlaceAtTheFirstPointAfterTheFailureAndNotBefore() {
        UniAssertSubscriber<InferenceOutcome> client = pinned();
        world.ports.clock.advance(Duration.ofMillis(30));
        fail(Trigger.RATE_LIMITED);

        // The grid counts from the end of the epoch of arrival, 30 ms ago.
        world.ports.clock.advance(Duration.ofMillis(369));
        assertThat(calls()).hasSize(1);
        world.ports.clock.advance(Duration.ofMillis(1));
        assertThat(calls()).hasSize(2);

        world.ports.clock.advance(Duration.ofMillis(450));
        fail(Trigger.SERVER_ERROR);
        world.ports.clock.advance(Duration.ofMillis(349));
        assertThat(calls()).hasSize(2);
        world.ports.clock.advance(Duration.ofMillis(1));
        assertThat(calls()).hasSize(3);
        client.assertNotTerminated();
    }

    @Test
    void callsThePlacesOfThePlanInTheirOrderUntilTheBudgetIsSpent() {
        UniAssertSubscriber<InferenceOutcome> client = pinned();
        for (int attempt = 0; attempt < 4; attempt++) {
            fail(Trigger.SERVER_ERROR);
            world.ports.clock.advance(ConfirmedWorld.STEP);
        }

        assertThat(calls()).extracting(call -> call.target.id().value()).containsExactlyElementsOf(plan().places());
        assertThat(((BudgetExhausted) client.assertCompleted().getItem())
                        .facts()
                        .attempts())
                .isEqualTo(4);
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.EXHAUSTED);
        assertThat(world.decision().plan()).contains(plan());
        assertThat(world.claimed()).isZero();
    }

    @Test
    void takesNoFurtherPlaceWhileItCouldNotBeRecordedAndGivesItsSlotBack() {
        UniAssertSubscriber<InferenceOutcome> client = pinned();
        fail(Trigger.SERVER_ERROR);
        world.ports.journal.state = JournalState.UNREACHABLE;

        world.ports.clock.advance(Duration.ofMinutes(1));

        assertThat(calls()).hasSize(1);
        assertThat(client.assertCompleted().getItem()).isInstanceOf(InferenceOutcome.NotRecorded.class);
        assertThat(world.claimed()).isZero();
    }

    @Test
    void aCallThatWaitsForTheJournalAndIsNeverMadeGivesItsSlotBack() {
        for (boolean leaves : List.of(true, false)) {
            ConfirmedWorld own = new ConfirmedWorld();
            UniAssertSubscriber<InferenceOutcome> client =
                    own.infer(route, "tenant", RELEASE, new ResendHint("key-1", 0));
            own.epochs(1);
            own.ports.journal.durable = false;
            own.ports.providers.calls.getLast().land(FakePorts.failed(Trigger.SERVER_ERROR));
            own.ports.clock.advance(ConfirmedWorld.STEP);
            assertThat(own.ports.providers.calls).hasSize(1);
            assertThat(own.claimed()).isPositive();

            if (leaves) {
                client.cancel();
                own.ports.clock.advance(Duration.ofMinutes(2));
            } else {
                own.ports.journal.giveUp();
            }

            assertThat(own.ports.providers.calls).hasSize(1);
            assertThat(own.claimed()).isZero();
        }
    }

    @Test
    void doesNotBeginWhenItsPlanIsConfirmedIfItCouldNotBeRecorded() {
        world.infer(route, "tenant", ConfirmedWorld.terms(Gate.DISPATCH, OnUnconfirmed.FAIL), ResendHint.NONE);
        world.epochs(1);
        world.ports.journal.state = JournalState.LANE_LOST;

        world.chain.confirm(1);

        assertThat(calls()).isEmpty();
        assertThat(world.claimed()).isZero();
    }

    @Test
    void isInLineForTheSlotOfItsNextPlaceUntilItsPoint() {
        UniAssertSubscriber<InferenceOutcome> client = pinned();
        FakePorts.Load second = world.ports.providers.load(target(plan().target(2)));
        fail(Trigger.SERVER_ERROR);

        assertThat(second.inFlight).isEqualTo(1);
        world.ports.clock.advance(ConfirmedWorld.STEP);
        assertThat(second.inFlight).isEqualTo(1);
        assertThat(calls()).hasSize(2);
        fail(Trigger.SERVER_ERROR);
        assertThat(world.claimed()).isEqualTo(1);
        client.cancel();
        assertThat(world.claimed()).isZero();
    }

    @Test
    void spendsAPlaceWhoseTargetIsClosedWithoutACallAndGoesToNoOtherInstead() {
        pinned();
        int second = plan().places().get(1);
        world.ports.providers.load(target(second)).open = false;
        fail(Trigger.SERVER_ERROR);

        world.ports.clock.advance(ConfirmedWorld.STEP);
        assertThat(calls()).hasSize(1);
        assertThat(world.ports.counted.events).containsExactly("pinned RESPONSE", "pinWentStale RESPONSE LATER");
        world.ports.clock.advance(ConfirmedWorld.STEP);

        assertThat(calls()).hasSize(2);
        assertThat(calls().getLast().target.id().value())
                .isEqualTo(plan().places().get(2));
        FakePorts.Answer answer = new FakePorts.Answer();
        calls().getLast().land(FakePorts.answered(answer));
        world.ports.clock.advance(Duration.ofMinutes(2));
    }

    @Test
    void aFirstPlaceThatClosedWhileThePlanWaitedForTheChainIsSpentAndItsSlotGivenBack() {
        world.infer(route, "tenant", ConfirmedWorld.terms(Gate.DISPATCH, OnUnconfirmed.FAIL), ResendHint.NONE);
        world.epochs(1);
        world.ports.providers.load(target(plan().first())).open = false;

        world.chain.confirm(1);

        assertThat(calls()).isEmpty();
        assertThat(world.ports.counted.events).containsExactly("pinned DISPATCH", "pinWentStale DISPATCH FIRST");
        assertThat(world.ports.providers.load(target(plan().first())).inFlight).isZero();
        world.ports.clock.advance(ConfirmedWorld.STEP);
        assertThat(calls())
                .singleElement()
                .satisfies(call -> assertThat(call.permit.number()).isEqualTo(2));
    }

    @Test
    void aRejectionEndsTheRequestAndWaitsForNoConfirmation() {
        UniAssertSubscriber<InferenceOutcome> client = pinned();

        calls().getFirst()
                .land(new CallResult.Rejected(new UpstreamRejection("no", "", "", ""), 400, "up", AttemptDetail.NONE));

        assertThat(client.assertCompleted().getItem()).isInstanceOf(Rejected.class);
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.REJECTED);
        assertThat(world.decision().mode().isReleased()).isFalse();
    }

    @Test
    void anotherTargetThanTheFirstIsATargetChangeAndNamedInThePlan() {
        UniAssertSubscriber<InferenceOutcome> client = pinned();
        fail(Trigger.SERVER_ERROR);
        world.ports.clock.advance(ConfirmedWorld.STEP);
        world.chain.confirm(1);
        FakePorts.Answer answer = new FakePorts.Answer();
        calls().getLast().land(FakePorts.answered(answer));
        ((Served) client.assertCompleted().getItem()).answer().drainTo(new RecordedSink());
        answer.sink().end();

        Decision decision = world.decision();
        assertThat(decision.selectedTarget()).isEqualTo(plan().first());
        assertThat(decision.servedTarget()).isEqualTo(plan().target(2));
        assertThat(decision.hasChangedTarget()).isEqualTo(plan().first() != plan().target(2));
        assertThat(decision.timeSplit().hold()).isEqualTo(100_000);
        assertThat(decision.timeSplit().backoff()).isEqualTo(400_000);
        assertThat(decision.timeSplit().admit()).isZero();
    }

    @Test
    void whoComesBackToItsPlanGoesOnAtTheNextPointOfTheSameGrid() {
        UniAssertSubscriber<InferenceOutcome> client = world.infer(route, "tenant", RELEASE, ConfirmedWorld.KEYED);
        world.epochs(1);
        fail(Trigger.SERVER_ERROR);
        world.ports.clock.advance(Duration.ofMillis(50));
        client.cancel();
        world.ports.clock.advance(ConfirmedWorld.STEP.multipliedBy(3));
        assertThat(calls()).hasSize(1);

        world.infer(route, "tenant", RELEASE, ConfirmedWorld.KEYED);

        assertThat(calls()).hasSize(1);
        world.ports.clock.advance(Duration.ofMillis(350));
        assertThat(calls()).hasSize(2);
        assertThat(calls().getLast().permit.number()).isEqualTo(2);
        assertThat(world.plans.planned).hasSize(1);
    }

    private UniAssertSubscriber<InferenceOutcome> pinned() {
        UniAssertSubscriber<InferenceOutcome> client = world.infer(route, "tenant", RELEASE, ResendHint.NONE);
        world.epochs(1);
        return client;
    }

    private List<FakePorts.Call> calls() {
        return world.ports.providers.calls;
    }

    private void fail(Trigger trigger) {
        calls().getLast().land(FakePorts.failed(trigger));
    }

    private Plan plan() {
        return world.plans.only().plan();
    }

    private Target target(int id) {
        return route.tiers().stream()
                .flatMap(tier -> tier.targets().stream())
                .filter(target -> target.id().equals(new TargetId(id)))
                .findFirst()
                .orElseThrow();
    }
}
