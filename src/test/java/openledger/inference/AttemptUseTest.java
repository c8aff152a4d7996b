package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import openledger.access.TokenHold.Use;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.TokenUsage;
import openledger.inference.retry.AttemptUse;
import openledger.inference.upstream.ConnectionFault;
import openledger.routing.Trigger;
import openledger.unit.TargetId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls count as, whatever their providers and clients do. */
final class AttemptUseTest {
    private static final int TARGET = 3;

    @Test
    void whatProvidersSayIsAddedUpAndWhatTheyDoNotSayIsNothing() {
        AttemptRecord failed = attempt(1, TARGET, Trigger.SERVER_ERROR, 503, AttemptDetail.NONE);
        AttemptRecord served = attempt(2, TARGET, Trigger.NONE, 200, usage(30, 7));
        AttemptRecord half = attempt(3, TARGET, Trigger.NONE, 200, usage(5, TokenUsage.UNKNOWN));

        assertThat(AttemptUse.of(List.of(failed, served, half), 0, 3)).isEqualTo(new Use(42, true));
        assertThat(AttemptUse.of(List.of(failed, served, half), 2, 3)).isEqualTo(new Use(5, true));
        assertThat(AttemptUse.of(List.of(), 0, 0)).isEqualTo(Use.NOTHING);
    }

    @Test
    void oneThatHasNoRecordYetIsNotKnown() {
        AttemptRecord served = attempt(1, TARGET, Trigger.NONE, 200, usage(30, 7));

        assertThat(AttemptUse.of(List.of(served), 0, 2)).isEqualTo(new Use(37, false));
        assertThat(AttemptUse.of(List.of(), 0, 1)).isEqualTo(Use.UNKNOWN);
    }

    @Test
    void nonsenseIsBounded() {
        List<AttemptRecord> absurd = List.of(
                attempt(1, TARGET, Trigger.NONE, 200, usage(Long.MAX_VALUE, Long.MAX_VALUE)),
                attempt(2, TARGET, Trigger.NONE, 200, usage(Long.MIN_VALUE, -7)));

        assertThat(AttemptUse.of(absurd, 0, 2)).isEqualTo(new Use(200_000_000, true));
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, 200, NONE, false",
        "FIRST_TOKEN_TIMEOUT, 0, NONE, false",
        "IDLE_TIMEOUT, 200, NONE, false",
        "TOTAL_TIMEOUT, 0, NONE, false",
        "IN_BAND_ERROR, 200, NONE, false",
        "CONNECTION_LOST, 0, RESET, false",
        "CONNECTION_LOST, 200, NONE, false",
        "CONNECTION_LOST, 0, REFUSED, true",
        "CONNECTION_LOST, 0, DNS, true",
        "CONNECT_TIMEOUT, 0, NONE, true",
        "SERVER_ERROR, 500, NONE, true",
        "SERVER_ERROR, 400, NONE, true",
        "RATE_LIMITED, 429, NONE, true",
        "NO_CAPACITY, 0, NONE, true",
        "STORM_GUARD, 0, NONE, true",
        "UNTRANSLATABLE, 0, NONE, true",
        "ORIGIN_ELSEWHERE, 0, NONE, true"
    })
    void aCallThatMayHaveUsedSomethingIsNotKnown(Trigger trigger, int status, ConnectionFault fault, boolean isKnown) {
        AttemptDetail detail = new AttemptDetail(fault, false, "", Optional.empty(), List.of());

        assertThat(AttemptUse.of(List.of(attempt(1, TARGET, trigger, status, detail)), 0, 1))
                .isEqualTo(new Use(0, isKnown));
    }

    @Test
    void whatAnotherRouterHasCalledIsCountedThere() {
        AttemptRecord elsewhere = attempt(1, TargetId.NONE, Trigger.CONNECTION_LOST, 0, AttemptDetail.NONE);

        assertThat(AttemptUse.of(List.of(elsewhere), 0, 1)).isEqualTo(Use.NOTHING);
    }

    private static AttemptDetail usage(long input, long output) {
        return AttemptDetail.NONE.with(Optional.of(new TokenUsage(input, 0, 0, output, 0)));
    }

    private static AttemptRecord attempt(int number, int target, Trigger trigger, int status, AttemptDetail detail) {
        return new AttemptRecord(number, 0, target, trigger, status, 0, 1, "", detail);
    }
}
