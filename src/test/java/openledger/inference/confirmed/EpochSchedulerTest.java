package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import openledger.fairness.Attribution;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.NoRoomToHold;
import openledger.inference.RequestFacts;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptRecord;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

/** How confirmed requests wait for their plans. Long because the rules are read best as one list. */
final class EpochSchedulerTest {
    private static final ModeOptions TERMS = ConfirmedWorld.terms(Gate.RESPONSE, OnUnconfirmed.FAIL);
    private final ConfirmedWorld world = new ConfirmedWorld();
    private final Route route = TestRoutes.both(2, 1);

    @Test
    void aFastRequestAsksNeitherTheEpochsNorTheChain() {
        world.infer(route, "tenant", new ModeOptions.Fast(), ResendHint.NONE);
        world.ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.RATE_LIMITED));
        world.epochs(20);

        assertThat(world.ports.providers.calls).hasSize(2);
        assertThat(world.chain.calls).isZero();
        assertThat(world.plans.calls).isZero();
        assertThat(world.ports.providers.claimed).isEmpty();
        // The request's own deadline.
        assertThat(world.ports.clock.pending()).isOne();
    }

    @Test
    void pinsAtTheEndOfTheEpochAndNoEpochPassesWhileNobodyWaits() {
        world.plans.last = 41;
        world.infer(route);
        world.ports.clock.advance(ConfirmedWorld.EPOCH.minusMillis(1));
        assertThat(world.ports.providers.calls).isEmpty();

        world.ports.clock.advance(Duration.ofMillis(1));
        world.epochs(5);

        Plan plan = world.plans.only().plan();
        assertThat(world.plans.snapshots).singleElement().satisfies(snapshot -> {
            assertThat(snapshot.number()).isEqualTo(42);
            assertThat(snapshot.seedBlock()).isEqualTo(7);
            assertThat(snapshot.open())
                    .singleElement()
                    .satisfies(open -> assertThat(open.turn()).isEqualTo(OpenRequest.NO_TURN));
        });
        assertThat(world.ports.providers.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.target.id().value()).isEqualTo(plan.first()));
        assertThat(plan.turn()).isEqualTo(42);
    }

    @Test
    void showsWhatItHoldsAndGivesBackWhatItDidNotGiveAway() {
        world.infer(route);

        world.epochs(1);

        List<Snapshot.TargetView> best =
                world.plans.snapshots.getFirst().targets().subList(0, 3);
        assertThat(best).allSatisfy(target -> assertThat(target.free()).isOne());
        assertThat(world.plans.snapshots.getFirst().targets()).hasSize(6);
        assertThat(world.ports.providers.claimed).hasSize(3);
        assertThat(world.claimed()).isZero();
        assertThat(world.ports.providers.claimed.stream().filter(slot -> slot.used))
                .hasSize(1);
    }

    @Test
    void theGridIsTheSameForAllWhateverTheirTenant() {
        world.fill(route, 0);
        world.fill(route, 1);
        List<UniAssertSubscriber<InferenceOutcome>> clients = new ArrayList<>();
        for (String tenant : List.of("heavy", "heavy", "heavy", "heavy", "light")) {
            clients.add(world.infer(route, tenant, TERMS, ResendHint.NONE));
        }

        // The epoch of arrival, and three points of four epochs each but for the last one's end.
        world.epochs(12);
        clients.forEach(client -> client.assertNotTerminated());
        world.epochs(1);

        assertThat(clients).allSatisfy(client -> {
            BudgetExhausted outcome = (BudgetExhausted) client.assertCompleted().getItem();
            assertThat(outcome.facts().attempts()).isEqualTo(3);
            assertThat(outcome.facts().attribution()).isEqualTo(Attribution.SLOW);
        });
        assertThat(world.ports.journal.decisions).allSatisfy(decision -> {
            assertThat(decision.status()).isEqualTo(DecisionStatus.EXHAUSTED);
            assertThat(decision.plan()).isEmpty();
            assertThat(decision.attempts()).extracting(AttemptRecord::target).containsOnly(TargetId.NONE);
            assertThat(decision.attempts())
                    .extracting(AttemptRecord::startMicros)
                    .containsExactly(500_000L, 900_000L, 1_300_000L);
            assertThat(decision.timeSplit().hold()).isEqualTo(1_300_000);
        });
        assertThat(world.ports.providers.calls).isEmpty();
    }

    @Test
    void whoHasSpentTheBestTierWhileHeldDescendsAndSaysSo() {
        world.fill(route, 0);
        UniAssertSubscriber<InferenceOutcome> client = world.infer(route);
        world.epochs(8);
        assertThat(world.ports.providers.calls).isEmpty();

        world.epochs(1);

        Plan plan = world.plans.only().plan();
        assertThat(plan.spent()).isEqualTo(2);
        assertThat(world.plans.only().tier()).isOne();
        world.chain.confirm(1);
        world.ports.providers.calls.getFirst().land(FakePorts.answered(new FakePorts.Answer()));
        RequestFacts facts = ((InferenceOutcome.Served) client.assertCompleted().getItem()).facts();
        assertThat(facts.servedTier()).isOne();
        assertThat(facts.attempts()).isEqualTo(3);
        assertThat(facts.attribution()).isEqualTo(Attribution.SLOW);
        assertThat(facts.confirmed().orElseThrow().plan()).isEqualTo(plan);
    }

    @Test
    void blamesSelectionWhenALaterTurnGotTheBestTierMeanwhile() {
        Route narrow = TestRoutes.both(1, 1);
        UniAssertSubscriber<InferenceOutcome> early = world.infer(narrow, "early", TERMS, ResendHint.NONE);
        world.epochs(1);
        world.infer(narrow, "late", TERMS, ResendHint.NONE);
        world.epochs(1);
        world.ports.providers.calls.get(1).land(FakePorts.answered(new FakePorts.Answer()));

        world.ports.providers.calls.get(0).land(FakePorts.failed(Trigger.RATE_LIMITED));
        world.ports.clock.advance(ConfirmedWorld.STEP);
        world.chain.confirm(1);
        world.ports.providers.calls.get(2).land(FakePorts.answered(new FakePorts.Answer()));

        RequestFacts facts = ((InferenceOutcome.Served) early.assertCompleted().getItem()).facts();
        assertThat(facts.attribution()).isEqualTo(Attribution.SELECTIVE);
        assertThat(facts.overtakes()).isOne();
    }

    @Test
    void blamesNoSelectionForWhatWasServedAfterItsLastAttemptInTheBestTier() {
        Route narrow = TestRoutes.both(1, 1);
        UniAssertSubscriber<InferenceOutcome> early = world.infer(narrow, "early", TERMS, ResendHint.NONE);
        world.epochs(1);
        world.infer(narrow, "late", TERMS, ResendHint.NONE);
        world.epochs(1);
        world.ports.providers.calls.get(0).land(FakePorts.failed(Trigger.RATE_LIMITED));

        world.ports.providers.calls.get(1).land(FakePorts.answered(new FakePorts.Answer()));
        world.ports.clock.advance(ConfirmedWorld.STEP);
        world.chain.confirm(1);
        world.ports.providers.calls.get(2).land(FakePorts.answered(new FakePorts.Answer()));

        RequestFacts facts = ((InferenceOutcome.Served) early.assertCompleted().getItem()).facts();
        assertThat(facts.attribution()).isNotEqualTo(Attribution.SELECTIVE);
        assertThat(facts.overtakes()).isZero();
    }

    @Test
    void turnsAwayWhoFindsNoPlaceAmongTheHeldBeforeAnythingIsRecorded() {
        ConfirmedWorld small = new ConfirmedWorld(1);
        small.fill(route, 0);
        UniAssertSubscriber<InferenceOutcome> first = small.infer(route);

        assertThat(small.infer(route).assertCompleted().getItem()).isInstanceOf(NoRoomToHold.class);
        assertThat(small.ports.journal.intents).hasSize(1);

        first.cancel();
        small.infer(route).assertNotTerminated();
        assertThat(small.ports.journal.intents).hasSize(2);
    }

    @Test
    void aFullJournalCostsNoPlaceAmongTheHeld() {
        ConfirmedWorld small = new ConfirmedWorld(1);
        small.ports.journal.full = true;
        assertThat(small.infer(route).assertCompleted().getItem()).isInstanceOf(InferenceOutcome.NotAccepted.class);
        small.ports.journal.full = false;

        small.infer(route).assertNotTerminated();
    }

    @Test
    void whoLeavesWhileHeldIsInNoFurtherSnapshot() {
        world.fill(route, 0);
        UniAssertSubscriber<InferenceOutcome> client = world.infer(route);
        world.epochs(2);

        client.cancel();
        world.epochs(20);

        assertThat(world.plans.snapshots).hasSize(2);
        world.ports.clock.advance(Duration.ofMinutes(2));
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.CANCELLED);
        assertThat(world.chain.asked).isEmpty();
        assertThat(world.ports.clock.pending()).isZero();
    }

    @Test
    void whoComesBackEntersAgainWithoutTheAttemptItWaitedFor() {
        world.fill(route, 0);
        world.fill(route, 1);
        world.infer(route, "tenant", TERMS, ConfirmedWorld.KEYED).cancel();
        UniAssertSubscriber<InferenceOutcome> first = world.infer(route, "tenant", TERMS, ConfirmedWorld.KEYED);
        world.epochs(3);
        first.cancel();
        world.epochs(3);

        world.infer(route, "tenant", TERMS, ConfirmedWorld.KEYED);
        world.epochs(1);

        // No point of the grid was passed, but it has left twice.
        assertThat(world.plans.snapshots.getLast().open()).singleElement().satisfies(open -> {
            assertThat(open.spentBefore()).isEqualTo(2);
            assertThat(open.arrival()).isEqualTo(4);
        });
        world.free(route, 1);
        world.epochs(1);
        assertThat(world.plans.only().plan().spent()).isEqualTo(2);
        assertThat(world.ports.journal.intents).hasSize(1);
    }

    @Test
    void aPlanThatCrossesItsRequestsDepartureIsInItsRecordAndGivesItsSlotBack() {
        world.fill(route, 0);
        world.infer(route, "other", TERMS, ResendHint.NONE);
        List<UniAssertSubscriber<InferenceOutcome>> client = new ArrayList<>();
        world.loops.second.at(() -> client.add(world.infer(route)));
        world.loops.settle();
        world.free(route, 0);
        world.free(route, 0);
        world.epochs(1);
        assertThat(world.plans.planned).hasSize(2);

        // The epochs' loop has pinned it; its own loop has not heard of it yet.
        world.loops.second.at(() -> client.getFirst().cancel());
        assertThat(world.claimed()).isOne();
        world.loops.settle();

        assertThat(world.claimed()).isZero();
        for (int minute = 0; minute < 2; minute++) {
            world.ports.clock.advance(Duration.ofMinutes(1));
            world.loops.settle();
        }
        assertThat(world.ports.journal.decisions).anySatisfy(decision -> {
            assertThat(decision.id().counter()).isEqualTo(2);
            assertThat(decision.status()).isEqualTo(DecisionStatus.CANCELLED);
            assertThat(decision.plan()).isPresent();
        });
    }
}
