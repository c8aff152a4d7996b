package openledger.inference.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.fairness.FairnessWindow;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.fairness.Verdict;
import openledger.inference.FakePorts;
import openledger.inference.InferenceOutcome;
import openledger.inference.RecordedSink;
import openledger.inference.RequestMetricContext;
import openledger.inference.admission.ModeOptions;
import openledger.inference.admission.ResendHint;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.Decision;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.ClosedTargets;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;

/** What becomes of requests on the board, through the service itself. */
final class FairnessBoardTest {
    private final FakePorts ports = new FakePorts();
    private final Route route = TestRoutes.of(2, 1);
    private final FairnessBoard board = new FairnessBoard((tenant, when) -> 7, ports.clock);

    @Test
    void aServedRequestIsGoodInAllThatCountsIt() {
        serve();

        FairnessSeries series = only();
        assertThat(series.key()).isEqualTo(new FairnessSeries.Key(route.name(), LeafMode.FAST));
        assertThat(series.sinceStart())
                .containsEntry(Slo.ENTITLEMENT_HONOURED, new Proportion(1, 1))
                .containsEntry(Slo.NOT_SELECTIVELY_EXHAUSTED, new Proportion(1, 1))
                .containsEntry(Slo.LATENCY_OVERHEAD, new Proportion(1, 1))
                .containsEntry(Slo.AVAILABILITY, new Proportion(1, 1))
                .containsEntry(Slo.EXECUTED_AS_COMMITTED, new Proportion(0, 0));
        assertThat(series.cohorts().get(7)).isEqualTo(new FairnessSeries.CohortCount(1, 0, 3, 2));
        assertThat(series.figures().orElseThrow().requests()).isOne();
    }

    @Test
    void anExhaustedRequestThatHadAllItsAttemptsWasEntitledAndNotAvailable() {
        exhaust();

        assertThat(only().sinceStart())
                .containsEntry(Slo.ENTITLEMENT_HONOURED, new Proportion(1, 1))
                .containsEntry(Slo.AVAILABILITY, new Proportion(0, 1));
        assertThat(only().cohorts().get(7)).isEqualTo(new FairnessSeries.CohortCount(1, 1, 0, 0));
    }

    @Test
    void whoLostAnAttemptOfTheBestTierWasNotHonoured() {
        exhaust();
        Decision honest = ports.counted.decisions.getFirst();
        Decision robbed = with(honest, honest.attempts().subList(1, 3), DecisionStatus.EXHAUSTED, Attribution.SLOW);

        finish(robbed);

        assertThat(only().sinceStart()).containsEntry(Slo.ENTITLEMENT_HONOURED, new Proportion(1, 2));
    }

    @Test
    void whoFellBackBehindALaterOneCountsAgainstSelection() {
        exhaust();
        Decision honest = ports.counted.decisions.getFirst();

        finish(with(honest, honest.attempts(), DecisionStatus.EXHAUSTED, Attribution.SELECTIVE));

        assertThat(only().sinceStart()).containsEntry(Slo.NOT_SELECTIVELY_EXHAUSTED, new Proportion(1, 2));
        assertThat(only().figures().orElseThrow().selective()).isOne();
    }

    @Test
    void anHourLaterTheLastHourIsEmptyAndTheStartIsNot() {
        serve();
        for (int minute = 0; minute <= 61; minute++) {
            ports.clock.advance(java.time.Duration.ofMinutes(1));
            board.refresh(new Random(1));
        }

        assertThat(only().lastHour()).containsEntry(Slo.AVAILABILITY, new Proportion(0, 0));
        assertThat(only().sinceStart()).containsEntry(Slo.AVAILABILITY, new Proportion(1, 1));
    }

    @Test
    void twinsAndPlansCountWithTheirModeAndGate() {
        board.twins(route.name(), RoutingMode.CONFIRMED, Gate.DISPATCH, Verdict.BAD);
        board.confirmed(route, Gate.DISPATCH, openledger.commitment.PlanLevel.SEQUENCED, java.time.Duration.ZERO);
        board.unconfirmed(route, Gate.DISPATCH, ModeOptions.OnUnconfirmed.FAIL);

        assertThat(only().key().mode()).isEqualTo(LeafMode.CONFIRMED_DISPATCH);
        assertThat(only().sinceStart())
                .containsEntry(Slo.TWINS_AGREE, new Proportion(0, 1))
                .containsEntry(Slo.CONFIRMED_IN_TIME, new Proportion(1, 2));
    }

    @Test
    void aRouteThatIsNoMoreIsForgotten() {
        serve();

        board.keep(Set.of("another"));

        assertThat(board.series()).isEmpty();
    }

    @Test
    void aCohortIsOneOfSixtyFour() {
        openledger.commitment.leaf.TenantCohorts cohorts =
                new openledger.commitment.leaf.TenantCohorts(new openledger.commitment.leaf.LaneSecret(new byte[32]));
        for (int tenant = 0; tenant < 500; tenant++) {
            int cohort = cohorts.of("tenant-" + tenant, 1_700_000_000_000L);
            assertThat(cohort).isBetween(0, FairnessWindow.COHORTS - 1);
            assertThat(cohorts.of("tenant-" + tenant, 1_700_000_000_000L)).isEqualTo(cohort);
        }
    }

    @Test
    void whatIsRememberedOfATenantEndsWhenTheLaneJoinsACluster() {
        openledger.commitment.leaf.LaneSecret secret = new openledger.commitment.leaf.LaneSecret(new byte[32]);
        openledger.commitment.leaf.TenantCohorts cohorts = new openledger.commitment.leaf.TenantCohorts(secret);
        byte[] cluster = new byte[32];
        cluster[3] = 1;
        openledger.commitment.leaf.TenantCohorts others =
                new openledger.commitment.leaf.TenantCohorts(new openledger.commitment.leaf.LaneSecret(cluster));
        cohorts.of("tenant-1", 1_700_000_000_000L);

        secret.shareCohorts(cluster, 1);

        assertThat(cohorts.of("tenant-1", 1_700_000_000_000L)).isEqualTo(others.of("tenant-1", 1_700_000_000_000L));
    }

    private void serve() {
        FakePorts.Answer answer = new FakePorts.Answer();
        ports.providers.script.add(FakePorts.answered(answer));
        InferenceOutcome.Served served = (InferenceOutcome.Served) infer().getItem();
        served.answer().drainTo(new RecordedSink());
        answer.usage = Optional.of(new TokenUsage(3, 2, 0, 4, 0));
        answer.sink().chunk(Buffer.buffer("{}"));
        answer.sink().end();
        assertThat(ports.counted
                        .decisions
                        .getLast()
                        .attempts()
                        .getLast()
                        .detail()
                        .usage())
                .contains(new TokenUsage(3, 2, 0, 4, 0));
        finish(ports.counted.decisions.getLast());
    }

    private void exhaust() {
        for (int i = 0; i < route.budget(); i++) {
            ports.providers.script.add(FakePorts.failed(Trigger.SERVER_ERROR));
        }
        infer().assertCompleted();
        finish(ports.counted.decisions.getLast());
    }

    private UniAssertSubscriber<InferenceOutcome> infer() {
        return ports.service
                .infer(ports.request(route, ResendHint.NONE))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private void finish(Decision decision) {
        board.finished(route, decision, new RequestMetricContext(50, java.util.Optional.empty(), ClosedTargets.NONE));
        board.refresh(new Random(1));
    }

    private FairnessSeries only() {
        List<FairnessSeries> all = board.series();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static Decision with(
            Decision like, List<AttemptRecord> attempts, DecisionStatus status, Attribution attribution) {
        return new Decision(
                like.id(),
                like.intent(),
                status,
                attempts,
                like.resends(),
                like.selectedTarget(),
                like.servedTier(),
                like.servedTarget(),
                like.trigger(),
                attribution,
                like.overtakes(),
                like.timeSplit(),
                like.responseDigest(),
                like.mode(),
                like.plan());
    }
}
