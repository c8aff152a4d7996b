package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import openledger.fairness.Attribution;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.Rejected;
import openledger.inference.InferenceOutcome.Served;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.upstream.CallResult;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.DecisionStatus;
import openledger.routing.Route;
import openledger.routing.StormLimits;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import openledger.unit.BasisPoints;
import org.junit.jupiter.api.Test;

final class InferenceServiceTest {
    private static final ResendHint KEYED = new ResendHint("key-1", 0);
    private static final Duration LONG = Duration.ofMinutes(1);
    private final FakePorts ports = new FakePorts();
    private final RecordedSink sink = new RecordedSink();

    @Test
    void goesToAnotherTargetAtOnceThenBacksOff() {
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(4, 1), ResendHint.NONE);

        ports.providers.calls.get(0).land(FakePorts.failed(Trigger.RATE_LIMITED));
        ports.providers.calls.get(1).land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.providers.calls.get(2).land(FakePorts.failed(Trigger.RATE_LIMITED));

        assertThat(ports.providers.calls.stream().map(call -> call.target).distinct())
                .hasSize(3);
        client.assertNotTerminated();
        ports.clock.advance(LONG);
        assertThat(ports.providers.calls).hasSize(4);
    }

    @Test
    void backsOffBeforeItAsksTheSameTargetAgainWhileTheOthersHaveNoRoom() {
        Route route = TestRoutes.of(3, 1);
        FakePorts.Load full =
                ports.providers.load(route.tiers().getFirst().targets().get(1));
        full.inFlight = full.limit;
        ports.providers.load(route.tiers().getFirst().targets().get(2)).open = false;
        infer(route, ResendHint.NONE);

        ports.providers.calls.get(0).land(FakePorts.failed(Trigger.SERVER_ERROR));

        assertThat(ports.providers.calls).hasSize(1);
        ports.clock.advance(LONG);
        assertThat(ports.providers.calls).hasSize(2);

        // One of the others has room again: it is next, at once.
        full.inFlight = 0;
        ports.providers.calls.get(1).land(FakePorts.failed(Trigger.SERVER_ERROR));
        assertThat(ports.providers.calls).map(call -> call.target.id().value()).containsExactly(0, 0, 1);
    }

    @Test
    void fallsBackOnlyWhenTheBestTierIsSpentAndSaysWhy() {
        FakePorts.Answer answer = new FakePorts.Answer();
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(2, 1), ResendHint.NONE);
        ports.providers.calls.get(0).land(FakePorts.failed(Trigger.RATE_LIMITED));
        ports.providers.calls.get(1).land(FakePorts.failed(Trigger.SERVER_ERROR));

        ports.providers.calls.get(2).land(FakePorts.answered(answer));

        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().servedTier()).isOne();
        assertThat(served.facts().attempts()).isEqualTo(3);
        assertThat(served.facts().trigger()).isEqualTo(Trigger.SERVER_ERROR);
        assertThat(served.facts().attribution()).isEqualTo(Attribution.MISSED);
        finish(served, answer);
        assertThat(ports.journal.decisions).singleElement().satisfies(decision -> {
            assertThat(decision.status()).isEqualTo(DecisionStatus.FELL_BACK);
            assertThat(decision.attempts()).extracting(AttemptRecord::number).containsExactly(1, 2, 3);
        });
    }

    @Test
    void callsNobodyWhenNoTargetHasRoomAndSpendsTheSlotAllTheSame() {
        Route route = TestRoutes.of(2, 1);
        route.tiers().forEach(tier -> tier.targets().forEach(target -> ports.providers.load(target).open = false));

        UniAssertSubscriber<InferenceOutcome> client = infer(route, ResendHint.NONE);
        ports.clock.advance(LONG);

        BudgetExhausted exhausted = (BudgetExhausted) client.assertCompleted().getItem();
        assertThat(exhausted.facts().attempts()).isEqualTo(3);
        assertThat(exhausted.facts().attribution()).isEqualTo(Attribution.SLOW);
        assertThat(ports.providers.calls).isEmpty();
        assertThat(ports.journal.decisions.getFirst().trigger()).isEqualTo(Trigger.NO_CAPACITY);
    }

    @Test
    void blamesSelectionWhenALaterRequestGotTheBestTierMeanwhile() {
        Route route = TestRoutes.of(1, 1);
        UniAssertSubscriber<InferenceOutcome> early = infer(route, ResendHint.NONE);
        FakePorts.Call first = ports.providers.calls.getFirst();
        infer(route, ResendHint.NONE);
        ports.providers.calls.get(1).land(FakePorts.answered(new FakePorts.Answer()));

        first.land(FakePorts.failed(Trigger.RATE_LIMITED));
        ports.providers.calls.get(2).land(FakePorts.answered(new FakePorts.Answer()));

        Served served = (Served) early.assertCompleted().getItem();
        assertThat(served.facts().attribution()).isEqualTo(Attribution.SELECTIVE);
        assertThat(served.facts().overtakes()).isOne();
    }

    @Test
    void theStormGuardSpendsTheSlotWithoutACallButNeverTheWayDown() {
        StormLimits none = new StormLimits(new BasisPoints(0), 0, Duration.ofSeconds(10));
        FakePorts.Answer answer = new FakePorts.Answer();
        UniAssertSubscriber<InferenceOutcome> client =
                infer(TestRoutes.of(Optional.empty(), none, 3, 1), ResendHint.NONE);
        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.RATE_LIMITED));
        ports.clock.advance(LONG);

        assertThat(ports.providers.calls).hasSize(2);
        ports.providers.calls.get(1).land(FakePorts.answered(answer));

        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().attempts()).isEqualTo(4);
        assertThat(served.facts().trigger()).isEqualTo(Trigger.STORM_GUARD);
    }

    @Test
    void aHedgeSpendsAnAttemptAndTheLoserIsCancelled() {
        FakePorts.Answer answer = new FakePorts.Answer();
        Route route = TestRoutes.of(Optional.of(Duration.ofMillis(300)), TestRoutes.GENEROUS, 3, 1);
        UniAssertSubscriber<InferenceOutcome> client = infer(route, ResendHint.NONE);

        ports.clock.advance(Duration.ofMillis(300));
        assertThat(ports.providers.inFlight()).isEqualTo(2);
        ports.providers.calls.get(1).land(FakePorts.answered(answer));

        Served served = (Served) client.assertCompleted().getItem();
        assertThat(served.facts().attempts()).isEqualTo(2);
        assertThat(ports.providers.calls.get(0).cancelled).isTrue();
        assertThat(ports.providers.inFlight()).isZero();
    }

    @Test
    void aRejectionEndsTheRequestWithoutRetries() {
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(3, 1), ResendHint.NONE);

        ports.providers
                .calls
                .getFirst()
                .land(new CallResult.Rejected(new UpstreamRejection("no", "", "", ""), 400, "up", AttemptDetail.NONE));

        assertThat(client.assertCompleted().getItem()).isInstanceOf(Rejected.class);
        assertThat(ports.providers.calls).hasSize(1);
        assertThat(ports.journal.decisions.getFirst().status()).isEqualTo(DecisionStatus.REJECTED);
    }

    @Test
    void aClientThatLeavesStopsEverythingAtOnce() {
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(3, 1), ResendHint.NONE);

        client.cancel();
        ports.clock.advance(LONG);

        assertThat(ports.providers.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.cancelled).isTrue());
        assertThat(ports.journal.decisions.getFirst().status()).isEqualTo(DecisionStatus.CANCELLED);
        assertThat(ports.clock.pending()).isZero();
    }

    @Test
    void anOrphanRunsOnForTheGraceWithoutRetries() {
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(3, 1), KEYED);

        client.cancel();
        ports.clock.advance(Duration.ofMillis(4_999));
        assertThat(ports.providers.inFlight()).isOne();
        ports.clock.advance(Duration.ofMillis(1));

        assertThat(ports.providers.inFlight()).isZero();
        assertThat(ports.providers.calls).hasSize(1);
        ports.clock.advance(LONG);
        assertThat(ports.journal.decisions.getFirst().status()).isEqualTo(DecisionStatus.CANCELLED);
    }

    @Test
    void anOrphanThatFailsIsNotRetried() {
        infer(TestRoutes.of(3, 1), KEYED).cancel();

        ports.providers.calls.getFirst().land(FakePorts.failed(Trigger.SERVER_ERROR));
        ports.clock.advance(LONG.multipliedBy(2));

        assertThat(ports.providers.calls).hasSize(1);
        assertThat(ports.journal.decisions).hasSize(1);
    }

    @Test
    void aStreamThatBreaksOffIsToldAndRecorded() {
        FakePorts.Answer answer = new FakePorts.Answer();
        UniAssertSubscriber<InferenceOutcome> client = infer(TestRoutes.of(3, 1), ResendHint.NONE);
        ports.providers.calls.getFirst().land(FakePorts.answered(answer));
        ((Served) client.getItem()).answer().drainTo(sink);
        UpstreamAnswer.Sink provider = answer.sink();
        provider.chunk(Buffer.buffer("data"));

        provider.broken(Trigger.CONNECTION_LOST);

        assertThat(sink.heard).containsExactly("data", "broken CONNECTION_LOST");
        Decision decision = ports.journal.decisions.getFirst();
        assertThat(decision.trigger()).isEqualTo(Trigger.CONNECTION_LOST);
        assertThat(decision.attempts().getFirst().trigger()).isEqualTo(Trigger.CONNECTION_LOST);
        assertThat(ports.providers.calls).hasSize(1);
    }

    private UniAssertSubscriber<InferenceOutcome> infer(Route route, ResendHint departure) {
        return ports.service
                .infer(ports.request(route, departure))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void finish(Served served, FakePorts.Answer answer) {
        served.answer().drainTo(sink);
        UpstreamAnswer.Sink provider = answer.sink();
        provider.chunk(Buffer.buffer("data"));
        provider.end();
    }
}
