package openledger.audit.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import openledger.audit.usage.CallReconciliation.AmbiguousId;
import openledger.audit.usage.CallReconciliation.NoCommonIds;
import openledger.audit.usage.ProviderCall.Result;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.audit.usage.UsageScope.Failures;
import openledger.audit.usage.UsageScope.Others;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way not to agree, and each that only looks like one. Long because there are many of both. */
final class CallReconciliationTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final TokenCount TOKENS = new TokenCount(100, 20);
    private static final UsageScope WHOLE = scope(Failures.LISTED, Others.NONE);
    /** So that ids match at all. */
    private static final LoggedCall ANCHOR = logged("anchor", 600, ClaimedEnd.SERVED);

    private static final ProviderCall ANCHORED = provided("anchor", 600, Result.SUCCEEDED);

    private static UsageScope scope(Failures failures, Others others) {
        return new UsageScope(NOON, NOON.plusSeconds(3_600), SKEW, failures, others);
    }

    private static LoggedCall logged(String id, int second, ClaimedEnd claim) {
        TokenCount tokens = claim == ClaimedEnd.SERVED ? TOKENS : TokenCount.NONE;
        return logged(id, second, claim, tokens, 1);
    }

    private static LoggedCall logged(String id, int second, ClaimedEnd claim, TokenCount tokens, int most) {
        Instant start = NOON.plusSeconds(second);
        return new LoggedCall("r" + second, 1, id, start, start.plusSeconds(2), "m", "m", claim, tokens, most);
    }

    private static ProviderCall provided(String id, int second, Result result) {
        return provided(id, second, result, result == Result.REFUSED ? TokenCount.NONE : TOKENS);
    }

    private static ProviderCall provided(String id, int second, Result result, TokenCount tokens) {
        return new ProviderCall(id, NOON.plusSeconds(second), "m", result, tokens);
    }

    private static Reconciliation of(UsageScope scope, List<LoggedCall> logged, List<ProviderCall> provided) {
        try {
            return CallReconciliation.of(scope, logged, provided);
        } catch (NoCommonIds | AmbiguousId e) {
            throw new AssertionError(e);
        }
    }

    private static Reconciliation withAnchor(UsageScope scope, List<LoggedCall> logged, List<ProviderCall> provided) {
        return of(scope, plus(logged, ANCHOR), plus(provided, ANCHORED));
    }

    private static <T> List<T> plus(List<T> list, T one) {
        return java.util.stream.Stream.concat(list.stream(), java.util.stream.Stream.of(one))
                .toList();
    }

    private static void onlyFound(Reconciliation found, Kind kind) {
        assertThat(found.total()).as("%s", found.differences()).isEqualTo(1);
        assertThat(found.count(kind)).as("%s", found.differences()).isEqualTo(1);
    }

    @Test
    void findsNothingWhereBothSayTheSame() {
        Reconciliation found = withAnchor(
                WHOLE,
                List.of(logged("a", 900, ClaimedEnd.SERVED), logged("b", 901, ClaimedEnd.REFUSED)),
                List.of(provided("a", 902, Result.SUCCEEDED), provided("b", 902, Result.REFUSED)));

        assertThat(found.total()).isZero();
        assertThat(found.compared()).isEqualTo(3);
        assertThat(found.agreed()).isEqualTo(3);
    }

    @Test
    void findsAnAnswerThatTheProviderNeverGave() {
        onlyFound(withAnchor(WHOLE, List.of(logged("a", 900, ClaimedEnd.SERVED)), List.of()), Kind.NEVER_SEEN);
        onlyFound(withAnchor(WHOLE, List.of(logged("", 900, ClaimedEnd.SERVED)), List.of()), Kind.NEVER_SEEN);
    }

    @Test
    void findsARefusalThatTheProviderNeverGaveOnlyIfItsRecordHasRefusals() {
        List<LoggedCall> log = List.of(logged("a", 900, ClaimedEnd.REFUSED), logged("", 960, ClaimedEnd.REFUSED));
        UsageScope successes = scope(Failures.LEFT_OUT, Others.NONE);

        assertThat(withAnchor(WHOLE, log, List.of()).count(Kind.NEVER_SEEN)).isEqualTo(2);
        assertThat(withAnchor(successes, log, List.of()).total()).isZero();
        assertThat(withAnchor(successes, log, List.of()).untold()).isEqualTo(2);
    }

    @Test
    void findsAnAnswerThatIsClaimedToBeARefusal() {
        List<ProviderCall> answers = List.of(provided("a", 902, Result.SUCCEEDED));

        onlyFound(withAnchor(WHOLE, List.of(logged("a", 900, ClaimedEnd.REFUSED)), answers), Kind.REFUSAL_WAS_SUCCESS);
        // The claim of the one without an id is the provider's "a", and nothing else can be.
        UsageScope successes = scope(Failures.LEFT_OUT, Others.NONE);
        onlyFound(
                withAnchor(successes, List.of(logged("", 900, ClaimedEnd.REFUSED)), answers), Kind.REFUSAL_WAS_SUCCESS);
    }

    @Test
    void findsARefusalThatIsClaimedToBeAnAnswer() {
        onlyFound(
                withAnchor(
                        WHOLE,
                        List.of(logged("a", 900, ClaimedEnd.SERVED)),
                        List.of(provided("a", 902, Result.REFUSED))),
                Kind.SUCCESS_WAS_REFUSAL);
    }

    @Test
    void findsOtherTokensAndHowMany() {
        Reconciliation found = withAnchor(
                WHOLE,
                List.of(logged("a", 900, ClaimedEnd.SERVED)),
                List.of(provided("a", 902, Result.SUCCEEDED, new TokenCount(90, 25))));

        onlyFound(found, Kind.TOKENS_DIFFER);
        assertThat(found.differences().getFirst().amount()).isEqualTo(15);
    }

    @Test
    void doesNotCompareTokensThatOneSideDoesNotSay() {
        TokenCount half = new TokenCount(100, TokenCount.UNKNOWN);

        assertThat(withAnchor(
                                WHOLE,
                                List.of(logged("a", 900, ClaimedEnd.SERVED, half, 1)),
                                List.of(provided("a", 902, Result.SUCCEEDED)))
                        .total())
                .isZero();
    }

    @Test
    void findsACallThatTheLogDoesNotHaveUnlessOthersUseTheAccount() {
        List<ProviderCall> more = List.of(provided("x", 902, Result.SUCCEEDED));

        onlyFound(withAnchor(WHOLE, List.of(), more), Kind.NOT_IN_LOG);
        onlyFound(withAnchor(WHOLE, List.of(), List.of(provided("x", 902, Result.REFUSED))), Kind.NOT_IN_LOG);
        assertThat(withAnchor(scope(Failures.LISTED, Others.SOME), List.of(), more)
                        .total())
                .isZero();
    }

    @Test
    void findsAnIdThatTheLogHasForTwoCalls() {
        onlyFound(
                withAnchor(
                        WHOLE,
                        List.of(logged("a", 900, ClaimedEnd.SERVED), logged("a", 1_500, ClaimedEnd.SERVED)),
                        List.of(provided("a", 902, Result.SUCCEEDED))),
                Kind.NEVER_SEEN);
    }

    /** Given up: the provider may have finished it, refused it, or never have got it. */
    @ParameterizedTest
    @EnumSource(Result.class)
    void aCallThatWasGivenUpIsNoDifference(Result result) {
        assertThat(withAnchor(
                                WHOLE,
                                List.of(logged("a", 900, ClaimedEnd.UNCERTAIN), logged("", 960, ClaimedEnd.UNCERTAIN)),
                                List.of(provided("a", 902, result), provided("x", 962, result)))
                        .total())
                .isZero();
        assertThat(withAnchor(WHOLE, List.of(logged("a", 900, ClaimedEnd.UNCERTAIN)), List.of())
                        .total())
                .isZero();
    }

    @Test
    void countsAnswersOfCallsThatWereGivenUp() {
        assertThat(withAnchor(
                                WHOLE,
                                List.of(logged("a", 900, ClaimedEnd.UNCERTAIN)),
                                List.of(provided("a", 902, Result.SUCCEEDED)))
                        .billedLate())
                .isEqualTo(1);
    }

    @Test
    void aCallThatWasSentAgainMayBeTwo() {
        LoggedCall again = logged("a", 900, ClaimedEnd.SERVED, TOKENS, 2);
        List<ProviderCall> twice =
                List.of(provided("a", 902, Result.SUCCEEDED), provided("first", 900, Result.SUCCEEDED));

        assertThat(withAnchor(WHOLE, List.of(again), twice).total()).isZero();
        assertThat(withAnchor(WHOLE, List.of(again), twice.subList(0, 1)).total())
                .isZero();
        onlyFound(
                withAnchor(WHOLE, List.of(again), plus(twice, provided("third", 901, Result.SUCCEEDED))),
                Kind.NOT_IN_LOG);
    }

    @Test
    void absenceCountsOnlyWhereBothClocksAgreeThatItIsInTheTime() {
        for (int second : new int[] {-3, 0, 59, 3_539, 3_599, 3_700}) {
            assertThat(withAnchor(WHOLE, List.of(logged("a", second, ClaimedEnd.SERVED)), List.of())
                            .total())
                    .as("at %s s", second)
                    .isZero();
        }
        onlyFound(withAnchor(WHOLE, List.of(logged("a", 60, ClaimedEnd.SERVED)), List.of()), Kind.NEVER_SEEN);
        assertThat(withAnchor(
                                WHOLE,
                                List.of(),
                                List.of(provided("x", -1, Result.SUCCEEDED), provided("y", 3_601, Result.SUCCEEDED)))
                        .total())
                .isZero();
    }

    @Test
    void aCallWithoutAnIdIsPairedWithinTheSkewAndNotBeyond() {
        List<LoggedCall> log = List.of(logged("", 900, ClaimedEnd.SERVED));

        assertThat(withAnchor(WHOLE, log, List.of(provided("x", 840, Result.SUCCEEDED)))
                        .total())
                .isZero();
        assertThat(withAnchor(WHOLE, log, List.of(provided("x", 962, Result.SUCCEEDED)))
                        .total())
                .isZero();
        Reconciliation beyond = withAnchor(WHOLE, log, List.of(provided("x", 963, Result.SUCCEEDED)));
        assertThat(beyond.count(Kind.NEVER_SEEN)).isEqualTo(1);
        assertThat(beyond.count(Kind.NOT_IN_LOG)).isEqualTo(1);
    }

    /** A greedy choice would give the answer at 900 to the one that alone can have been at 950, and report two differences. */
    @Test
    void asManyArePairedAsCanBe() {
        List<LoggedCall> log = List.of(logged("", 890, ClaimedEnd.SERVED), logged("", 840, ClaimedEnd.UNCERTAIN));

        assertThat(withAnchor(
                                WHOLE,
                                log,
                                List.of(provided("x", 895, Result.SUCCEEDED), provided("y", 950, Result.SUCCEEDED)))
                        .total())
                .isZero();
    }

    @Test
    void sameEntryTwiceCountsOnceAndTwoThatDifferAreRefused() {
        ProviderCall entry = provided("a", 902, Result.SUCCEEDED);
        List<LoggedCall> log = List.of(logged("a", 900, ClaimedEnd.SERVED));

        assertThat(of(WHOLE, log, List.of(entry, entry)).total()).isZero();
        assertThatThrownBy(() -> CallReconciliation.of(WHOLE, log, List.of(entry, provided("a", 903, Result.REFUSED))))
                .isInstanceOf(AmbiguousId.class);
    }

    @Test
    void idsOfAnotherKindAreNoDifferenceButNoComparison() {
        assertThatThrownBy(() -> CallReconciliation.of(
                        WHOLE,
                        List.of(logged("req_1", 900, ClaimedEnd.SERVED)),
                        List.of(provided("chatcmpl-1", 902, Result.SUCCEEDED))))
                .isInstanceOf(NoCommonIds.class);
    }

    @Test
    void anEndFollowsFromTriggerAndStatus() {
        assertThat(ClaimedEnd.of(Trigger.NONE, 200)).isEqualTo(ClaimedEnd.SERVED);
        // A hedge that was slower, or a client that left: we ended it.
        assertThat(ClaimedEnd.of(Trigger.NONE, 0)).isEqualTo(ClaimedEnd.UNCERTAIN);
        assertThat(ClaimedEnd.of(Trigger.NONE, 400)).isEqualTo(ClaimedEnd.REFUSED);
        assertThat(ClaimedEnd.of(Trigger.RATE_LIMITED, 429)).isEqualTo(ClaimedEnd.REFUSED);
        // Its status is the operator's affair, and absent.
        assertThat(ClaimedEnd.of(Trigger.SERVER_ERROR, 0)).isEqualTo(ClaimedEnd.REFUSED);
        assertThat(ClaimedEnd.of(Trigger.TOTAL_TIMEOUT, 0)).isEqualTo(ClaimedEnd.UNCERTAIN);
        assertThat(ClaimedEnd.of(Trigger.IN_BAND_ERROR, 200)).isEqualTo(ClaimedEnd.UNCERTAIN);
        assertThatThrownBy(() -> ClaimedEnd.of(Trigger.NO_CAPACITY, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
