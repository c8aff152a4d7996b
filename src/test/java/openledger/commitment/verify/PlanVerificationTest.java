package openledger.commitment.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

/** Receipts with two leaves: each is followed to the chain, and the one is held against the other. */
final class PlanVerificationTest {
    private static final List<Integer> PLACES = List.of(5, 6, 5, 9);

    private final ReceiptFixture plan = new ReceiptFixture();
    private final ReceiptFixture outcome = new ReceiptFixture();

    PlanVerificationTest() {
        plan.commit(leaf(0, new Stage.Planned(17, 0, 0, 1)));
        outcome.commit(leaf(2, ended(6)));
    }

    @Test
    void aPlanThatWasFollowedHolds() {
        ReceiptVerification result = verify();

        assertThat(result.verdict()).as("%s", result.checks()).isEqualTo(Verdict.HOLDS);
        // Nobody has named a witness.
        assertThat(result.checks())
                .extracting(Check::subject)
                .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(Subject.WITNESSES)));
        assertThat(finding(result, Subject.PLAN)).isInstanceOf(Finding.Passed.class);
        assertThat(finding(result, Subject.PAIR)).isInstanceOf(Finding.Passed.class);
    }

    @Test
    void aPlanAloneIsAReceipt() {
        ReceiptVerification result = ReceiptVerification.of(plan.receipt(), plan.evidence(), plan.pins, Own.NOTHING);

        assertThat(result.verdict()).as("%s", result.checks()).isEqualTo(Verdict.HOLDS);
        assertThat(finding(result, Subject.PLAN)).isInstanceOf(Finding.Skipped.class);
    }

    @Test
    void anotherTargetThanThePinnedIsAMisroute() {
        outcome.commit(leaf(2, ended(5)));

        ReceiptVerification result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.MISROUTED);
        assertThat(finding(result, Subject.PAIR)).isInstanceOf(Finding.Misroute.class);
    }

    @Test
    void aPlanThatIsInNoBatchRefutesTheReceipt() {
        plan.leaf[46] ^= 1;

        ReceiptVerification result = verify();

        assertThat(result.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding(result, Subject.PLAN))
                .isInstanceOfSatisfying(
                        Finding.Failed.class, failed -> assertThat(failed.why()).contains("Of the plan"));
    }

    @Test
    void aPlanThatTheNodeSaysNothingOfLeavesItOpen() {
        ReceiptVerification result =
                ReceiptVerification.of(outcome.with(plan.committed()), outcome.evidence(), plan.pins, Own.NOTHING);

        assertThat(result.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(finding(result, Subject.PLAN)).isInstanceOf(Finding.Unchecked.class);
    }

    @Test
    void anOutcomeWhosePlanIsNotShownLeavesItOpen() {
        ReceiptVerification result =
                ReceiptVerification.of(outcome.receipt(), outcome.evidence(), plan.pins, Own.NOTHING);

        assertThat(result.verdict()).isEqualTo(Verdict.OPEN);
    }

    private ReceiptVerification verify() {
        return ReceiptVerification.of(
                outcome.with(plan.committed()), outcome.evidence(), plan.evidence(), plan.pins, Own.NOTHING);
    }

    private static Finding finding(ReceiptVerification result, Subject subject) {
        return result.checks().stream()
                .filter(check -> check.subject() == subject)
                .findFirst()
                .orElseThrow()
                .finding();
    }

    private Stage ended(int target) {
        return new Stage.Ended(
                DecisionStatus.SERVED,
                0,
                target,
                Attribution.NONE,
                0,
                900,
                OutcomeCommitment.of(
                        outcome.salt, outcome.responseDigest.bytes(), List.of("", "req-2"), UsageRecord.NONE));
    }

    private Leaf leaf(int attempts, Stage stage) {
        return new Leaf(
                RequestCommitment.of(outcome.request, outcome.digest.bytes(), outcome.salt),
                LeafMode.CONFIRMED_RESPONSE,
                11,
                new RouteId(3),
                4,
                attempts,
                1_795_600_000_123L,
                17,
                0,
                5,
                attempts > 1 ? Trigger.SERVER_ERROR : Trigger.NONE,
                PLACES,
                stage);
    }
}
