package openledger.audit.court;

import static openledger.audit.court.FakeCourt.LANE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import org.junit.jupiter.api.Test;

/** What a challenger, or a node that is wrong, can do to a lane that follows its vault. */
final class StakeWatchTest {
    private static final long LATEST = 50_000;
    private static final long DEADLINE = 2_000_000;

    private final FakeCourt court = new FakeCourt();
    private final StakeWatch watch = new StakeWatch(court, LANE);

    private StakeView step() {
        return watch.step().await().indefinitely();
    }

    private static ChainTime at(long latest) {
        return new ChainTime(latest, 1_000_000, latest - 100, latest - 500);
    }

    @Test
    void moreThanANodeCanTellAtOnceIsReadInSmallerPieces() {
        court.time = at(LATEST);
        for (int i = 0; i < 40; i++) {
            court.open(i, 20_000 + 10 * i, DEADLINE);
        }
        court.mostEvents = 10;

        for (int i = 0; i < 20; i++) {
            try {
                step();
            } catch (LedgerUnavailable tooMuch) {
                assertThat(tooMuch).hasMessage("too much");
            }
        }

        assertThat(step().open()).hasSize(40);
    }

    @Test
    void aNodeThatLiesAboutTheNewestBlockHidesNothingForGood() {
        court.time = at(LATEST);
        step();
        court.time = at(Long.MAX_VALUE / 2);
        step();
        assertThat(court.asked).isLessThan(1_500);

        // What came while we followed it into nowhere.
        court.time = at(LATEST + 400);
        court.open(1, LATEST + 1, DEADLINE);
        assertThat(step().open()).hasSize(1);
    }

    @Test
    void whatAReorganisationOfMoreThanTheOverlapTookIsNotKept() {
        court.time = new ChainTime(LATEST, 1_000_000, LATEST - 2_000, LATEST - 3_000);
        court.open(1, LATEST - 1_000, DEADLINE);
        assertThat(step().open()).hasSize(1);

        court.told.clear();
        assertThat(step().open()).isEmpty();
    }

    @Test
    void openGamesAreKeptHoweverManyOthersThereAre() {
        court.time = at(LATEST);
        court.open(0, 1, DEADLINE);
        for (int i = 1; i <= 15_000; i++) {
            court.open(i, 2, DEADLINE);
            court.answer(i, 3);
        }
        for (int i = 20_000; i < 50_000; i++) {
            court.open(i, 4, DEADLINE);
        }

        StakeView view = step();

        assertThat(view.open()).hasSize(30_001);
        assertThat(view.open().getFirst().challenged().id()).isEqualTo(FakeCourt.id(0));
        assertThat(view.games().size()).isLessThanOrEqualTo(50_001);
    }

    @Test
    void whatLeavesIsToldWithTheLatestTimeAndNobodyCanMoveThatByDoingNothing() {
        court.time = at(LATEST);
        assertThat(step().leavesBy()).isZero();

        court.leaving = BigInteger.TWO;
        long until = 1_000_000 + Duration.ofDays(10).plusHours(1).toSeconds();
        assertThat(step().leavesBy()).isEqualTo(until);
        court.time = new ChainTime(LATEST, 1_000_500, LATEST - 100, LATEST - 500);
        assertThat(step().leavesBy()).isEqualTo(until);
        court.leaving = BigInteger.TEN;
        assertThat(step().leavesBy()).isEqualTo(until + 500);
        court.leaving = BigInteger.ZERO;
        assertThat(step().leavesBy()).isZero();
    }

    /** An old figure must not look like a new one: neither where no node answers nor where the chain stands still. */
    @Test
    void whatWasSeenLongAgoIsStale() {
        AtomicLong nanos = new AtomicLong();
        StakeWatch timed = new StakeWatch(court, LANE, nanos::get);
        assertThat(timed.isStale()).isFalse();
        court.time = at(LATEST);
        timed.step().await().indefinitely();
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(timed.isStale()).isFalse();

        nanos.incrementAndGet();
        assertThat(timed.isStale()).as("nothing was read").isTrue();
        timed.step().await().indefinitely();
        assertThat(timed.isStale()).as("the chain stands still").isTrue();

        court.time = at(LATEST + 1);
        timed.step().await().indefinitely();
        assertThat(timed.isStale()).isFalse();
    }

    @Test
    void whatCannotBeReadIsAFailure() {
        court.time = at(LATEST);
        court.open(1, 10, DEADLINE);
        court.open(2, 10, DEADLINE);
        court.mostEvents = 1;

        assertThatThrownBy(this::step).isInstanceOf(LedgerUnavailable.class);
        assertThat(watch.latest()).isEmpty();
    }
}
