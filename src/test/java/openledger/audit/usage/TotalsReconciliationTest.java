package openledger.audit.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.audit.usage.UsageScope.Failures;
import openledger.audit.usage.UsageScope.Others;
import org.junit.jupiter.api.Test;

final class TotalsReconciliationTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final int HOURS = 3;
    private static final int HOUR = 3_600;
    private static final UsageScope OURS = scope(Others.NONE);

    private static UsageScope scope(Others others) {
        return new UsageScope(NOON, NOON.plusSeconds(HOURS * HOUR), Duration.ofMinutes(1), Failures.LEFT_OUT, others);
    }

    private static LoggedCall call(int second, ClaimedEnd claim) {
        return call(second, claim, claim == ClaimedEnd.SERVED ? new TokenCount(100, 20) : TokenCount.NONE);
    }

    private static LoggedCall call(int second, ClaimedEnd claim, TokenCount tokens) {
        Instant start = NOON.plusSeconds(second);
        String answered = claim == ClaimedEnd.SERVED ? "m-2026" : "";
        return new LoggedCall("r" + second, 1, "", start, start.plusSeconds(2), "m", answered, claim, tokens, 1);
    }

    private static ProviderTotal total(int hour, long calls, long input, long output) {
        return total("m-2026", hour, calls, input, output);
    }

    private static ProviderTotal total(String model, int hour, long calls, long input, long output) {
        Instant from = NOON.plusSeconds((long) hour * HOUR);
        return new ProviderTotal(from, from.plusSeconds(HOUR), model, calls, new TokenCount(input, output));
    }

    private static Reconciliation of(UsageScope scope, List<LoggedCall> logged, List<ProviderTotal> provided) {
        return of(scope, logged, provided, Map.of());
    }

    private static Reconciliation of(
            UsageScope scope, List<LoggedCall> logged, List<ProviderTotal> provided, Map<String, String> same) {
        TreeMap<Instant, Instant> hours = new TreeMap<>();
        for (int hour = 0; hour < HOURS; hour++) {
            hours.put(NOON.plusSeconds((long) hour * HOUR), NOON.plusSeconds((hour + 1L) * HOUR));
        }
        return TotalsReconciliation.of(scope, hours, logged, provided, same);
    }

    private static List<LoggedCall> tenInTheFirstHour() {
        List<LoggedCall> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(call(300 + 60 * i, ClaimedEnd.SERVED));
        }
        return calls;
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }

    @Test
    void findsNothingInTotalsThatAreTheSame() {
        Reconciliation found = of(OURS, tenInTheFirstHour(), List.of(total(0, 10, 1_000, 200)));

        assertThat(found.total()).as("%s", found.differences()).isZero();
        assertThat(found.compared()).isEqualTo(10);
    }

    @Test
    void findsFewerCallsThanTheLogHas() {
        Reconciliation found = of(OURS, tenInTheFirstHour(), List.of(total(0, 9, 1_000, 200)));

        assertThat(found.count(Kind.NEVER_SEEN)).isEqualTo(1);
        assertThat(found.differences().getFirst().amount()).isEqualTo(1);
    }

    @Test
    void findsAnHourThatTheProviderHasNothingOf() {
        Reconciliation found = of(OURS, tenInTheFirstHour(), List.of(total(2, 0, 0, 0)));

        assertThat(found.count(Kind.NEVER_SEEN)).isEqualTo(1);
        assertThat(found.differences().getFirst().amount()).isEqualTo(10);
    }

    @Test
    void findsMoreCallsThanTheLogCanExplain() {
        List<ProviderTotal> eleven = List.of(total(0, 11, 1_000, 200));

        Reconciliation found = of(OURS, tenInTheFirstHour(), eleven);
        assertThat(found.count(Kind.NOT_IN_LOG)).isEqualTo(1);
        // A refusal explains no call that the provider answered; one that was given up does.
        assertThat(of(OURS, plus(tenInTheFirstHour(), call(500, ClaimedEnd.REFUSED)), eleven)
                        .count(Kind.NOT_IN_LOG))
                .isEqualTo(1);
        assertThat(of(OURS, plus(tenInTheFirstHour(), call(500, ClaimedEnd.UNCERTAIN)), eleven)
                        .total())
                .isZero();
        assertThat(of(scope(Others.SOME), tenInTheFirstHour(), eleven).total()).isZero();
    }

    @Test
    void findsTokensThatTheProviderDidNotCount() {
        Reconciliation inflated = of(OURS, tenInTheFirstHour(), List.of(total(0, 10, 999, 200)));
        assertThat(inflated.count(Kind.TOKENS_DIFFER)).isEqualTo(1);
        assertThat(inflated.differences().getFirst().amount()).isEqualTo(1);

        Reconciliation kept = of(OURS, tenInTheFirstHour(), List.of(total(0, 10, 1_000, 203)));
        assertThat(kept.count(Kind.TOKENS_DIFFER)).isEqualTo(1);
        assertThat(kept.differences().getFirst().amount()).isEqualTo(3);
    }

    @Test
    void aCallOfUnknownTokensTookAtMostWhatTheLargestDid() {
        List<LoggedCall> log = plus(tenInTheFirstHour(), call(500, ClaimedEnd.UNCERTAIN));

        assertThat(of(OURS, log, List.of(total(0, 11, 1_100, 220))).total()).isZero();
        assertThat(of(OURS, log, List.of(total(0, 11, 1_101, 220))).count(Kind.TOKENS_DIFFER))
                .isEqualTo(1);
    }

    @Test
    void whereNoCallSaysWhatItTookAnythingMayHaveBeenTaken() {
        List<LoggedCall> silent = List.of(call(500, ClaimedEnd.SERVED, TokenCount.NONE));

        assertThat(of(OURS, silent, List.of(total(0, 1, 1_000_000, 500))).total())
                .isZero();
    }

    /** 2 s before the hour by our clock; the provider may have counted it in either. */
    @Test
    void aCallAtABorderCountsOnEitherSideButOnce() {
        List<LoggedCall> log = plus(tenInTheFirstHour(), call(HOUR - 2, ClaimedEnd.SERVED));

        assertThat(of(OURS, log, List.of(total(0, 11, 1_100, 220))).total()).isZero();
        assertThat(of(OURS, log, List.of(total(0, 10, 1_000, 200), total(1, 1, 100, 20)))
                        .total())
                .isZero();
        // In neither, or in both: no hour shows it, and all of them together do.
        Reconciliation never = of(OURS, log, List.of(total(0, 10, 1_000, 200)));
        assertThat(never.count(Kind.NEVER_SEEN)).as("%s", never.differences()).isEqualTo(1);
        Reconciliation twice = of(OURS, log, List.of(total(0, 11, 1_100, 220), total(1, 1, 100, 20)));
        assertThat(twice.count(Kind.NOT_IN_LOG)).as("%s", twice.differences()).isEqualTo(1);
    }

    @Test
    void aProviderThatCountsTokensAloneShowsTokensAlone() {
        assertThat(of(OURS, tenInTheFirstHour(), List.of(total(0, TokenCount.UNKNOWN, 1_000, 200)))
                        .total())
                .isZero();
        assertThat(of(OURS, tenInTheFirstHour(), List.of(total(0, TokenCount.UNKNOWN, 800, 160)))
                        .count(Kind.TOKENS_DIFFER))
                .isEqualTo(2);
    }

    @Test
    void whatWasNotCountedByModelStandsForAll() {
        assertThat(of(OURS, tenInTheFirstHour(), List.of(total("", 0, 10, 1_000, 200)))
                        .total())
                .isZero();
        assertThat(of(OURS, tenInTheFirstHour(), List.of(total("", 0, 9, 1_000, 200)))
                        .count(Kind.NEVER_SEEN))
                .isEqualTo(1);
    }

    @Test
    void aModelThatTheExportCallsOtherwiseIsMatchedByItsTargetOrByHand() {
        assertThat(of(OURS, tenInTheFirstHour(), List.of(total("m", 0, 10, 1_000, 200)))
                        .total())
                .isZero();
        List<ProviderTotal> deployment = List.of(total("my-deployment", 0, 10, 1_000, 200));
        assertThat(of(OURS, tenInTheFirstHour(), deployment).total()).isPositive();
        assertThat(of(OURS, tenInTheFirstHour(), deployment, Map.of("m-2026", "my-deployment"))
                        .total())
                .isZero();
    }
}
