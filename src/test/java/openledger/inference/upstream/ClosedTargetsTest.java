package openledger.inference.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import openledger.fairness.Attribution;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.InferenceOutcome.Untranslatable;
import openledger.inference.RecordedSink;
import openledger.inference.RequestMetricContext;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.ResendHint;
import openledger.inference.confirmed.ConfirmedWorld;
import openledger.inference.fairness.Cohorts;
import openledger.inference.fairness.FairnessBoard;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Plan;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;

/**
 * What a target cannot be asked closes it to that request: its attempts are spent without a call, in both modes and for everybody.
 * Long because both modes have to keep the same rule.
 */
final class ClosedTargetsTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Objection WHY = new Objection("logprobs", "The member 'logprobs' cannot be translated.");
    private static final long ALL = 0b111;
    private static final int RUNS = 300;

    private final FakePorts ports = new FakePorts();

    @Test
    void thoseOfTwoDialectsAreClosedForTheReasonOfTheFirst() {
        ClosedTargets first = ClosedTargets.of(new long[] {0b001, 0}, WHY);
        ClosedTargets second = ClosedTargets.of(new long[] {0b100, 0b10}, new Objection("n", "no"));

        assertThat(first.and(second)).satisfies(both -> {
            assertThat(both.count(0)).isEqualTo(2);
            assertThat(both.has(0, 1)).isFalse();
            assertThat(both.has(1, 1)).isTrue();
            assertThat(both.why()).contains(WHY);
        });
        assertThat(ClosedTargets.NONE.and(second)).isSameAs(second);
        assertThat(first.and(ClosedTargets.NONE).count(0)).isEqualTo(1);
    }

    @Test
    void refusesARequestThatNoTargetCanBeAsked() {
        close(ports, ALL, ALL);

        InferenceOutcome outcome = infer(TestRoutes.of(2, 1)).assertCompleted().getItem();

        assertThat(outcome).isEqualTo(new Untranslatable("logprobs", WHY.message()));
        assertThat(ports.journal.intents).isEmpty();
        assertThat(ports.providers.calls).isEmpty();
    }

    @Test
    void servesFromTheBestTierThoughALowerOneIsClosed() {
        close(ports, 0, ALL);
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(2, 1));
        ports.providers.calls.getFirst().land(FakePorts.answered(new FakePorts.Answer()));

        Served served = (Served) client.assertCompleted().getItem();

        assertThat(served.facts().servedTier()).isZero();
        assertThat(served.facts().closed().tiers(served.facts().route())).containsExactly("tier-1");
        assertThat(served.facts().closed().why()).contains(WHY);
    }

    @Test
    void spendsTheAttemptsOfALowerTierThatIsClosedAndCallsNobodyThere() {
        close(ports, 0, ALL);
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(2, 3));
        ports.providers.calls.get(0).land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.providers.calls.get(1).land(FakePorts.failed(Trigger.RATE_LIMITED));

        BudgetExhausted exhausted = (BudgetExhausted) client.assertCompleted().getItem();

        assertThat(exhausted.facts().attempts()).isEqualTo(5);
        assertThat(exhausted.facts().trigger()).isEqualTo(Trigger.UNTRANSLATABLE);
        assertThat(ports.providers.calls).hasSize(2);
        assertThat(decision().attempts())
                .extracting(AttemptRecord::trigger)
                .containsExactly(
                        Trigger.SERVER_ERROR,
                        Trigger.RATE_LIMITED,
                        Trigger.UNTRANSLATABLE,
                        Trigger.UNTRANSLATABLE,
                        Trigger.UNTRANSLATABLE);
        assertThat(decision().attempts().getLast().target()).isEqualTo(TargetId.NONE);
    }

    /** It had no choice, so the system was neither slow nor selective, however much room the best tier has. */
    @Test
    void goesPastABestTierThatIsClosedAtOnceAndBlamesNobody() {
        close(ports, ALL, 0);

        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(3, 2));

        assertThat(ports.providers.calls).hasSize(1);
        FakePorts.Answer answer = new FakePorts.Answer();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().servedTier()).isOne();
        assertThat(served.facts().attempts()).isEqualTo(4);
        assertThat(served.facts().trigger()).isEqualTo(Trigger.UNTRANSLATABLE);
        assertThat(served.facts().attribution()).isEqualTo(Attribution.NONE);
        assertThat(served.facts().overtakes()).isZero();
        served.answer().drainTo(new RecordedSink());
        answer.sink().end();
        assertThat(decision().status()).isEqualTo(DecisionStatus.FELL_BACK);
        assertThat(decision().attribution()).isEqualTo(Attribution.NONE);
    }

    @Test
    void asksOnlyTheOpenTargetsOfATierAndTheyMakeARound() {
        close(ports, 0b011, 0);
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(3, 1));

        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));

        // The only open one has been tried, so there is a wait before it is tried again.
        assertThat(ports.providers.calls).hasSize(1);
        ports.clock.advance(LONG);
        assertThat(ports.providers.calls)
                .hasSize(2)
                .allMatch(call -> call.target.id().value() == 2);
        client.assertNotTerminated();
    }

    @Test
    void aFullTargetIsFullEvenIfAClosedOneHasRoom() {
        close(ports, 0b011, 0);
        Route route = TestRoutes.of(2, 1);
        ports.providers.load(route.tiers().getFirst().targets().get(2)).limit = 0;

        UniAssertSubscriber<InferenceOutcome> client = infer(route);
        ports.clock.advance(LONG);
        ports.providers.calls.getFirst().land(FakePorts.answered(new FakePorts.Answer()));

        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().servedTier()).isOne();
        assertThat(served.facts().trigger()).isEqualTo(Trigger.NO_CAPACITY);
        assertThat(served.facts().attribution()).isEqualTo(Attribution.SLOW);
    }

    /** Whatever is closed, each request spends its way down the same budget, and no closed target is called. */
    @Test
    void conservesTheBudgetWhateverIsClosed() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            FakePorts world = new FakePorts();
            Route route = TestRoutes.of(
                    random.nextBoolean() ? Optional.of(Duration.ofMillis(50)) : Optional.empty(),
                    TestRoutes.GENEROUS,
                    random.ints(3, 1, 5).toArray());
            long[] closed = random.longs(3, 0, ALL + 1).toArray();
            close(world, closed);
            UniAssertSubscriber<InferenceOutcome> client = infer(world, route);
            for (int step = 0; step < 200; step++) {
                world.clock.advance(Duration.ofMillis(random.nextInt(100)));
                world.providers.calls.stream()
                        .filter(call -> !call.landed && !call.cancelled)
                        .findAny()
                        .ifPresent(call -> call.land(FakePorts.failed(Trigger.SERVER_ERROR)));
            }

            if (client.assertCompleted().getItem() instanceof Untranslatable) {
                assertThat(closed).as("seed %d", seed).containsOnly(ALL);
                continue;
            }
            Decision decision = world.journal.decisions.getFirst();
            assertThat(decision.attempts()).as("seed %d", seed).hasSize(route.budget());
            for (int tier = 0; tier < 3; tier++) {
                int of = tier;
                assertThat(decision.attempts().stream()
                                .filter(attempt -> attempt.tier() == of)
                                .count())
                        .as("seed %d", seed)
                        .isEqualTo(route.tiers().get(tier).attempts());
            }
            assertThat(world.providers.calls)
                    .as("seed %d", seed)
                    .noneMatch(call ->
                            (closed[call.permit.tier()] >>> call.target.id().value() % 3 & 1) != 0);
        }
    }

    @Test
    void spendsThePlacesOfAPlanThatAreClosedAtTheirPointsAndFollowsTheRest() {
        ConfirmedWorld world = new ConfirmedWorld();
        Route route = TestRoutes.both(2, 1);
        close(world.ports, ALL, 0);
        UniAssertSubscriber<InferenceOutcome> client = world.infer(
                route, "tenant", ConfirmedWorld.terms(Gate.RESPONSE, OnUnconfirmed.RELEASE), ResendHint.NONE);
        world.epochs(1);

        Plan plan = world.plans.only().plan();
        assertThat(plan.places()).hasSize(3);
        assertThat(world.ports.providers.calls).isEmpty();
        assertThat(world.claimed()).isZero();
        world.ports.clock.advance(ConfirmedWorld.STEP);
        assertThat(world.ports.providers.calls).isEmpty();
        world.ports.clock.advance(ConfirmedWorld.STEP);
        assertThat(world.ports.providers.calls).singleElement().satisfies(call -> {
            assertThat(call.permit.number()).isEqualTo(3);
            assertThat(call.target.id().value()).isEqualTo(plan.target(3));
        });
        world.chain.confirm(1);
        FakePorts.Answer answer = new FakePorts.Answer();
        world.ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        Served served = (Served) client.assertCompleted().getItem();
        served.answer().drainTo(new RecordedSink());
        answer.sink().end();

        assertThat(served.facts().attribution()).isEqualTo(Attribution.NONE);
        assertThat(world.decision().plan()).contains(plan);
        assertThat(world.decision().attempts())
                .extracting(AttemptRecord::trigger)
                .containsExactly(Trigger.UNTRANSLATABLE, Trigger.UNTRANSLATABLE, Trigger.NONE);
        assertThat(world.decision().attempts())
                .extracting(AttemptRecord::target)
                .containsExactlyElementsOf(plan.places());
        assertThat(world.ports.counted.events).containsExactly("pinned RESPONSE");
        assertThat(world.claimed()).isZero();
    }

    @Test
    void standsInLineForNoSlotOfAPlaceThatIsClosed() {
        ConfirmedWorld world = new ConfirmedWorld();
        close(world.ports, 0, ALL);
        world.infer(
                TestRoutes.both(1, 1),
                "tenant",
                ConfirmedWorld.terms(Gate.RESPONSE, OnUnconfirmed.RELEASE),
                ResendHint.NONE);
        world.epochs(1);

        world.ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));

        assertThat(world.claimed()).isZero();
        world.ports.clock.advance(ConfirmedWorld.STEP);
        assertThat(world.ports.providers.calls).hasSize(1);
        assertThat(world.decision().status()).isEqualTo(DecisionStatus.EXHAUSTED);
        assertThat(world.decision().attempts()).hasSize(2);
    }

    @Test
    void leavesRequestsThatHadNoChoiceOutOfTheFiguresOfTheOthers() {
        FairnessBoard board = new FairnessBoard(
                new Cohorts() {
                    @Override
                    public int of(String tenant, long millis) {
                        return 0;
                    }
                },
                ports.clock);
        close(ports, ALL, 0);
        Route route = TestRoutes.of(1, 1);
        UniAssertSubscriber<InferenceOutcome> client = infer(route);
        FakePorts.Answer answer = new FakePorts.Answer();
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        ((Served) client.assertCompleted().getItem()).answer().drainTo(new RecordedSink());
        answer.sink().end();

        board.finished(route, decision(), new RequestMetricContext(50, Optional.empty(), ClosedTargets.NONE));

        assertThat(board.series())
                .singleElement()
                .satisfies(series -> assertThat(series.cohorts())
                        .allMatch(cohort -> cohort.equals(series.cohorts().getLast())));
    }

    @Test
    void namesNothingIfNothingIsClosed() {
        Route route = TestRoutes.of(1, 1);

        assertThat(ClosedTargets.NONE.tiers(route)).isEqualTo(List.of());
        assertThat(ClosedTargets.NONE.isWhole(route)).isFalse();
        assertThat(ClosedTargets.of(new long[] {0b011, ALL}, WHY).tiers(route))
                .isEqualTo(Collections.singletonList("tier-1"));
    }

    private static void close(FakePorts world, long... byTier) {
        world.providers.closed = ClosedTargets.of(byTier, WHY);
    }

    private Decision decision() {
        return ports.journal.decisions.getFirst();
    }

    private UniAssertSubscriber<InferenceOutcome> infer(Route route) {
        return infer(ports, route);
    }

    private static UniAssertSubscriber<InferenceOutcome> infer(FakePorts world, Route route) {
        return world.service
                .infer(world.request(route, ResendHint.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }
}
