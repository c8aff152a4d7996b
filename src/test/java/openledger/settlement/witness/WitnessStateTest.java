package openledger.settlement.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import openledger.commitment.log.LogHasher;
import openledger.settlement.log.LogReads.Head;
import openledger.settlement.witness.WitnessState.Step;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom to ask from where, after every answer. */
final class WitnessStateTest {
    private static final Instant NOW = Instant.parse("2026-11-29T16:00:00Z");
    private static final Hash32 ROOT = new LogHasher().entry(new byte[1]);
    private static final WitnessAnswer COSIGNED =
            new WitnessAnswer.Cosigned(ActedWitness.signer(1).sign("text\n", ActedWitness.SECONDS));

    private static Head head(long size) {
        return new Head(size, ROOT);
    }

    private static WitnessAnswer of(WitnessOutcome outcome, long size) {
        return switch (outcome) {
            case COSIGNED -> COSIGNED;
            case CONFLICT -> new WitnessAnswer.Knows(size - 1);
            case AHEAD -> new WitnessAnswer.Knows(size + 1);
            case INCONSISTENT -> new WitnessAnswer.Inconsistent();
            case REFUSED -> new WitnessAnswer.Refused(403);
            case INVALID -> new WitnessAnswer.Invalid("no");
            case SILENT -> new WitnessAnswer.Silent("no");
        };
    }

    @ParameterizedTest
    @EnumSource(WitnessOutcome.class)
    void everyAnswerHasItsOutcome(WitnessOutcome outcome) {
        assertThat(WitnessState.of(0).after(head(9), of(outcome, 9), NOW).outcome())
                .isEqualTo(outcome);
    }

    @Test
    void whoHasCosignedIsDueOnceTheLogIsLonger() {
        WitnessState state = WitnessState.of(0);
        assertThat(state.isDue(head(9), NOW)).isTrue();

        WitnessState next = state.after(head(9), COSIGNED, NOW).next();

        assertThat(next.known()).isEqualTo(9);
        assertThat(next.isDue(head(9), NOW)).isFalse();
        assertThat(next.isDue(head(10), NOW)).isTrue();
        assertThat(WitnessState.of(9)).isEqualTo(next);
    }

    @Test
    void aLogWithoutLeavesIsNotCosigned() {
        assertThat(WitnessState.of(0).isDue(Head.EMPTY, NOW)).isFalse();
    }

    @Test
    void whoKnowsAnotherSizeIsAskedFromThereAtOnce() {
        WitnessState next = WitnessState.of(0)
                .after(head(9), new WitnessAnswer.Knows(5), NOW)
                .next();

        assertThat(next.known()).isEqualTo(5);
        assertThat(next.failures()).isZero();
        assertThat(next.isDue(head(9), NOW)).isTrue();
    }

    /** Also one that we hold for further than it is: it may have lost its answer, but it may not lose a cosignature unnoticed. */
    @Test
    void whoKnowsTheSameSizeCosignsItAgain() {
        WitnessState told = WitnessState.of(0)
                .after(head(9), new WitnessAnswer.Knows(9), NOW)
                .next();

        assertThat(told.known()).isEqualTo(9);
        assertThat(told.isDue(head(9), NOW)).isTrue();
        assertThat(told.after(head(9), COSIGNED, NOW).next()).isEqualTo(WitnessState.of(9));
    }

    @Test
    void whoKnowsAnotherRootOfOurSizeHasSeenAFork() {
        WitnessState told = WitnessState.of(0)
                .after(head(9), new WitnessAnswer.Knows(9), NOW)
                .next();

        Step step = told.after(head(9), new WitnessAnswer.Knows(9), NOW);

        assertThat(step.outcome()).isEqualTo(WitnessOutcome.INCONSISTENT);
        assertThat(step.next().isDue(head(9), NOW)).isFalse();
    }

    /** However it answers: each conflict but the first of a row costs a pause. */
    @Test
    void aWitnessThatConflictsAgainAndAgainIsLeftAlone() {
        Random random = new Random(1);
        WitnessState state = WitnessState.of(0);
        Instant now = NOW;
        int asked = 0;
        while (now.isBefore(NOW.plus(Duration.ofHours(1)))) {
            while (state.isDue(head(100), now)) {
                asked++;
                state = state.after(head(100), new WitnessAnswer.Knows(random.nextInt(101)), now)
                        .next();
            }
            now = now.plusSeconds(1);
        }

        // 9 doublings to five minutes, then 12 pauses an hour; at most two requests between pauses.
        assertThat(asked).isLessThan(2 * (10 + 12));
    }

    @Test
    void pausesDoubleUpToFiveMinutesAndEndWithACosignature() {
        WitnessState state = WitnessState.of(0);
        for (long pause : List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L, 300L)) {
            state = state.after(head(9), new WitnessAnswer.Refused(404), NOW).next();
            assertThat(state.isDue(head(9), NOW.plusSeconds(pause).minusMillis(1)))
                    .isFalse();
            assertThat(state.isDue(head(9), NOW.plusSeconds(pause))).isTrue();
        }

        WitnessState well = state.after(head(9), COSIGNED, NOW).next();

        assertThat(well.failures()).isZero();
        assertThat(well.isDue(head(10), NOW)).isTrue();
    }

    /** It may be back at any time, and plans may wait for it. */
    @Test
    void whoDoesNotAnswerIsAskedAgainWithinAQuarterOfAMinute() {
        WitnessState state = WitnessState.of(0);
        for (long pause : List.of(1L, 2L, 4L, 8L, 15L, 15L, 15L)) {
            state = state.after(head(9), new WitnessAnswer.Silent("no"), NOW).next();
            assertThat(state.isDue(head(9), NOW.plusSeconds(pause).minusMillis(1)))
                    .isFalse();
            assertThat(state.isDue(head(9), NOW.plusSeconds(pause))).isTrue();
        }
    }

    /** A witness that claims a longer log is asked as before, once its pause is over: it may have been wrong. */
    @Test
    void whoIsAheadIsAskedAgainFromWhereItWas() {
        WitnessState next = WitnessState.of(4)
                .after(head(9), new WitnessAnswer.Knows(1L << 60), NOW)
                .next();

        assertThat(next.known()).isEqualTo(4);
        assertThat(next.isDue(head(9), NOW.plusSeconds(1))).isTrue();
    }
}
