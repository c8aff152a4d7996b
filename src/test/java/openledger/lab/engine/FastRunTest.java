package openledger.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import openledger.lab.world.LogNormal;
import org.junit.jupiter.api.Test;

final class FastRunTest {
    private static final FastSetting REFERENCE = FastSetting.REFERENCE;

    private static FastSetting resending(Resending.Kind kind) {
        return REFERENCE.with(new Resending(kind, 0.9, new LogNormal(1_800, 0.6), 4));
    }

    private static RunFigures figures(FastSetting setting, long seed) {
        return FastTrial.REFERENCE.at(100).in(setting).run(seed);
    }

    @Test
    void nobodyFallsBackBeforeItsAttemptsForTheBestTierAreSpent() {
        for (RouterVariant practice : RouterVariant.values()) {
            for (int attempts : new int[] {1, 3, 7}) {
                Requests requests =
                        new FastRun(REFERENCE.attempts(attempts).by(practice)).of(FastTrial.REFERENCE.arrivals(1), 1);

                for (int i = 0; i < FastTrial.REQUESTS; i++) {
                    assertThat(requests.tier[i]).isIn(Requests.BEST, Requests.LOWER);
                    if (requests.tier[i] == Requests.LOWER) {
                        assertThat(requests.attempts(i)).isEqualTo(attempts + 1);
                    } else {
                        assertThat(requests.attempts(i)).isBetween(1, attempts);
                    }
                    assertThat(requests.ended[i])
                            .isGreaterThan(requests.arrived[i])
                            .isFinite();
                }
            }
        }
    }

    @Test
    void everySlotIsFreeAgainInTheEnd() {
        for (Resending.Kind kind : Resending.Kind.values()) {
            for (Stress.Reading reading : Stress.Reading.values()) {
                FastRun run = new FastRun(resending(kind).with(new Stress(200, 0.05, reading, 16)));
                run.of(FastTrial.REFERENCE.at(100).arrivals(3), 3);

                assertThat(run.slotsTaken()).as("%s, %s", kind, reading).isZero();
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameFiguresAndAnotherOneOthers() {
        assertThat(figures(REFERENCE, 5)).isEqualTo(figures(REFERENCE, 5)).isNotEqualTo(figures(REFERENCE, 6));
    }

    @Test
    void aRunThatWasUsedBeforeGivesTheSameAsANewOne() {
        FastRun used = new FastRun(REFERENCE);
        used.of(FastTrial.REFERENCE.at(100).arrivals(1), 1);

        RunFigures again = RunFigures.of(used, used.of(FastTrial.REFERENCE.arrivals(2), 2), FastTrial.REQUESTS);

        assertThat(again).isEqualTo(FastTrial.REFERENCE.run(2));
    }

    @Test
    void aResendThatJoinsChangesNothingButWhatItsClientSends() {
        RunFigures joined = figures(resending(Resending.Kind.JOINED), 1);
        RunFigures never = figures(REFERENCE.with(Resending.NEVER), 1);

        assertThat(joined.again()).isGreaterThan(0.1);
        assertThat(joined.calls()).isEqualTo(never.calls());
        assertThat(joined.fallBack()).isEqualTo(never.fallBack());
    }

    @Test
    void resendsThatDoNotJoinFeedOnThemselves() {
        double joined = figures(resending(Resending.Kind.JOINED), 1).calls();
        double cancelled = figures(resending(Resending.Kind.CANCELLED), 1).calls();
        double anew = figures(resending(Resending.Kind.ANEW), 1).calls();

        assertThat(cancelled).isGreaterThan(joined * 1.2);
        assertThat(anew).isGreaterThan(cancelled);
    }

    @Test
    void onlyThePrivilegedSpendMoreThanTheirRouteSays() {
        FastSetting setting = REFERENCE.with(new FastSetting.Privilege(2, 7));
        Arrivals arrivals = FastTrial.REFERENCE.arrivals(1);
        Requests requests = new FastRun(setting).of(arrivals, 1);

        int[] most = new int[2];
        for (int i = 0; i < arrivals.count(); i++) {
            int group = arrivals.tenants()[i] % 2;
            most[group] = Math.max(most[group], requests.attempts(i));
        }
        assertThat(most).containsExactly(8, 4);
    }

    @Test
    void whatBreaksOffIsTriedAgainIfItIsReadWholeAndLostIfItIsStreamed() {
        RunFigures whole = figures(REFERENCE.with(new Stress(0, 0.05, Stress.Reading.WHOLE, Stress.LIMITLESS)), 1);
        RunFigures streamed =
                figures(REFERENCE.with(new Stress(0, 0.05, Stress.Reading.STREAMED, Stress.LIMITLESS)), 1);

        assertThat(whole.lost()).isZero();
        assertThat(streamed.lost()).isBetween(0.02, 0.05);
    }

    @Test
    void aLowerTierWithoutRoomLeavesRequestsUnserved() {
        assertThat(figures(REFERENCE.with(new Stress(0, 0, Stress.Reading.WHOLE, 4)), 1)
                        .lost())
                .isGreaterThan(0.01);
    }

    @Test
    void arrivalsSurviveBecomingObjects() {
        Arrivals arrivals = FastTrial.REFERENCE.arrivals(1);
        Arrivals back = Arrivals.of(arrivals.asList());

        assertThat(back.millis()).isEqualTo(arrivals.millis());
        assertThat(back.tenants()).isEqualTo(arrivals.tenants());
        assertThat(back.luck()).isEqualTo(arrivals.luck());
        assertThat(Arrays.stream(back.stretch()).distinct()).containsExactly(1.0);
    }
}
