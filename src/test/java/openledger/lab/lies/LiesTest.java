package openledger.lab.lies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import openledger.audit.usage.Reconciliation;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.fairness.Proportion;
import openledger.fairness.twin.TwinVerdict.Conclusion;
import openledger.lab.lies.UsageWorld.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Honest routers and endpoints raise no alarm, and lies of a usual size do. */
final class LiesTest {
    /** So many that 5 % is above the interval of none. */
    private static final int WINDOWS = 150;

    @ParameterizedTest
    @EnumSource(Form.class)
    void anHonestRouterRaisesNoAlarm(Form form) {
        long alarms = LongStream.rangeClosed(1, WINDOWS)
                .filter(seed ->
                        UsageWorld.honest(7_000_000 + seed).reconciled(form).total() > 0)
                .count();

        assertThat(new Proportion(alarms, WINDOWS).high())
                .as("%d of %d", alarms, WINDOWS)
                .isLessThanOrEqualTo(0.05);
    }

    @ParameterizedTest
    @EnumSource(ProviderLie.class)
    void idsFindAnyLieOfOnePercent(ProviderLie lie) {
        for (long seed = 1; seed <= 10; seed++) {
            Reconciliation found = UsageWorld.lying(seed, lie, 0.01).reconciled(Form.IDS_WITH_REFUSALS);

            assertThat(found.total()).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void aLieIsCalledWhatItIs() {
        assertThat(kinds(ProviderLie.FAKE_REFUSAL)).isEqualTo(Kind.REFUSAL_WAS_SUCCESS);
        assertThat(kinds(ProviderLie.FAKE_REFUSAL_WITHOUT_ID)).isEqualTo(Kind.REFUSAL_WAS_SUCCESS);
        assertThat(kinds(ProviderLie.NEVER_MADE)).isEqualTo(Kind.NEVER_SEEN);
        assertThat(kinds(ProviderLie.INFLATED)).isEqualTo(Kind.TOKENS_DIFFER);
        assertThat(kinds(ProviderLie.LEFT_OUT)).isEqualTo(Kind.NOT_IN_LOG);
    }

    private static Kind kinds(ProviderLie lie) {
        Reconciliation found = UsageWorld.lying(3, lie, 0.02).reconciled(Form.IDS_OF_SUCCESSES);
        return found.counts().entrySet().stream()
                .max(java.util.Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    @Test
    void totalsFindLiesThatUncertainCallsCannotHide() {
        assertThat(UsageWorld.lying(5, ProviderLie.FAKE_REFUSAL, 0.1)
                        .reconciled(Form.TOTALS)
                        .total())
                .isPositive();
        assertThat(UsageWorld.lying(5, ProviderLie.NEVER_MADE, 0.1)
                        .reconciled(Form.TOTALS)
                        .total())
                .isPositive();
    }

    @Test
    void twinsThatAreTreatedAlikeAreSeldomCalledUnequal() {
        int probes = 400;
        long alarms = LongStream.rangeClosed(1, probes)
                .filter(seed -> isUnequal(9_000_000 + seed, Treatment.EQUAL))
                .count();

        assertThat(new Proportion(alarms, probes).low())
                .as("%d of %d", alarms, probes)
                .isLessThan(0.05);
        assertThat((double) alarms / probes).isLessThanOrEqualTo(0.07);
    }

    @Test
    void whatWasPlannedForIsFound() {
        int probes = 200;
        Treatment refused = new Treatment("refused", 0.10, 0, 0);
        long found = LongStream.rangeClosed(1, probes)
                .filter(seed -> isUnequal(8_000_000 + seed, refused))
                .count();

        assertThat(found).isGreaterThanOrEqualTo(170);
    }

    private static boolean isUnequal(long seed, Treatment treatment) {
        return ProbeWorld.probe(seed, treatment, ProbeWorld.PLAN.pairs(0.95)).conclusion() == Conclusion.UNEQUAL;
    }
}
