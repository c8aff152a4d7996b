package openledger.cluster.share;

import static openledger.cluster.share.SharedKey.MILLI;
import static openledger.cluster.share.SharedKey.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limits of a key that is used at several routers: never above in sum, and little below. Long because rates, amounts and places are lost and
 * found again in the same ways.
 */
final class KeySharesTest {
    private static final int MANY = 1_000_000;
    private static final long MINUTE = 60 * SECOND;

    @ParameterizedTest
    @CsvSource({
        "60, 2, 2, 2",
        "60, 5.4, 0.3, 0.3",
        "6000, 100, 100, 100",
        "6000, 270, 15, 15",
        "120, 5, 5, 5",
        "1, 1, 1, 1",
        "7, 3, 0.1, 0"
    })
    void whatIsAskedForTooOftenIsLetThroughAtTheRate(int perMinute, double a, double b, double c) {
        SharedKey key = new SharedKey(perMinute, MANY, 3, 1);

        key.run(5 * MINUTE, a, b, c);

        // A minute's worth at once, and five that flow in; SharedKey sees that it is never more at any time.
        assertThat((double) key.admitted).isGreaterThan(0.98 * 6 * perMinute - 1);
    }

    @Test
    void aKeyThatIsUsedBelowItsRateIsNeverRefused() {
        SharedKey key = new SharedKey(6_000, MANY, 3, 2);

        key.run(2 * MINUTE, 70, 10, 5);

        assertThat(key.refused).isZero();
        assertThat((double) key.admitted).isCloseTo(85 * 120, within(500.0));
    }

    @Test
    void whatIsLeasedAndNotUsedIsThereForOthersASecondLater() {
        SharedKey key = new SharedKey(6_000, MANY, 2, 3);
        key.run(30 * SECOND, 500, 0);
        long before = key.admitted;
        key.run(2 * SECOND, 0, 0);
        key.run(10 * SECOND, 0, 500);

        // Nothing but what was on its way in a lease is lost.
        assertThat((double) key.admitted - before).isCloseTo(12 * 100, within(80.0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutTheEngineNothingIsLetThroughButWhatWasLeased(boolean forgets) {
        SharedKey key = new SharedKey(600, MANY, 3, 4);
        key.run(MINUTE, 20, 20, 20);
        long before = key.admitted;

        key.isEngineDown = true;
        key.run(MINUTE, 20, 20, 20);
        long meanwhile = key.admitted - before;
        key.isEngineDown = false;
        if (forgets) {
            key.engine.forget(key.now);
        }
        key.run(3 * MINUTE, 20, 20, 20);

        assertThat(meanwhile).isLessThan(10);
        assertThat((double) key.admitted - before).isGreaterThan(0.97 * 3 * 600);
    }

    /** SharedKey sees that it is never more than one bucket would let through. */
    @Test
    void aRouterThatAloneIsCutOffLetsNothingThroughOnTopOfTheOthers() {
        SharedKey key = new SharedKey(600, 10, 3, 11);
        key.run(MINUTE, 20, 20, 20);
        SharedKey.Router alone = key.routers.getFirst();
        long before = key.admitted;
        alone.isCutOff = true;
        key.run(MINUTE, 20, 20, 20);
        long let = alone.let;
        key.run(MINUTE, 20, 20, 20);

        assertThat(alone.let).isEqualTo(let);
        assertThat((double) key.admitted - before).isBetween(0.97 * 2 * 600, 2.0 * 600);
        assertThat(key.mostInside).isLessThanOrEqualTo(10);
        alone.isCutOff = false;
        key.run(SECOND, 20, 20, 20);
        key.run(MINUTE, 20, 20, 20);
        assertThat(alone.let).isGreaterThan(let + 100);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600, -2})
    void aClockThatIsSetBackHoldsNobodyUpAndGivesNothingAway(long seconds) {
        SharedKey key = new SharedKey(600, 10, 3, 12);
        key.run(MINUTE, 20, 20, 20);
        long before = key.admitted;

        key.clockOff = seconds * SECOND;
        key.run(MINUTE, 20, 20, 20);

        assertThat((double) key.admitted - before).isGreaterThan(0.97 * 600);
        assertThat(key.mostInside).isLessThanOrEqualTo(10);
    }

    @Test
    void whoAsksWhileTheEngineIsAwayForAMomentIsNotRefused() {
        SharedKey key = new SharedKey(6_000, MANY, 3, 13);
        key.run(10 * SECOND, 10, 10, 10);
        key.isEngineDown = true;
        key.run(SECOND, 10, 10, 10);
        key.isEngineDown = false;
        key.run(10 * SECOND, 10, 10, 10);

        assertThat(key.refused).isZero();
    }

    @Test
    void placesAreThereAtOnceWhenTheEngineIsBackWhereNobodyIsInside() {
        SharedKey key = new SharedKey(MANY, 10, 3, 14);
        key.run(10 * SECOND, 20, 20, 20);
        key.isEngineDown = true;
        key.run(20 * SECOND, 0, 0, 0);
        key.isEngineDown = false;
        key.run(SECOND, 0, 0, 0);
        long before = key.admitted;
        key.run(2 * SECOND, 20, 20, 20);

        assertThat(key.admitted - before).isGreaterThan(60);
    }

    @Test
    void anEngineThatForgetsIsTakenForEmpty() {
        SharedKey key = new SharedKey(600, MANY, 3, 5);
        key.run(MINUTE, 20, 20, 20);

        key.engine.forget(key.now);
        key.run(MINUTE, 20, 20, 20);

        assertThat((double) key.admitted).isGreaterThan(0.97 * 3 * 600);
    }

    @Test
    void whatADeadRouterHeldIsLostAndNoMore() {
        SharedKey key = new SharedKey(6_000, MANY, 3, 6);
        key.run(30 * SECOND, 60, 20, 10);
        key.routers.getFirst().isDead = true;
        long before = key.admitted;

        key.run(4 * MINUTE, 0, 100, 100);

        assertThat((double) key.admitted - before).isGreaterThan(0.98 * 4 * 6_000);
    }

    @ParameterizedTest
    @CsvSource({"10, 100, 100, 100", "1, 20, 20, 20", "100, 700, 40, 40", "3, 5, 1, 1"})
    void placesAreNeverMoreThanThereAreAndAreUsed(int most, double a, double b, double c) {
        SharedKey key = new SharedKey(MANY, most, 3, 7);

        key.run(MINUTE, a, b, c);

        assertThat(key.mostInside).isEqualTo(most);
        // A request takes a fifth of a second: of the places that are asked for, most are in use.
        double asked = Math.min(most, (a + b + c) * 0.2);
        assertThat((double) key.admitted).isGreaterThan(0.6 * 60 * asked / 0.2);
    }

    @Test
    void placesOfADeadRouterComeBackAfterTheTerm() {
        SharedKey key = new SharedKey(MANY, 10, 2, 8);
        key.run(10 * SECOND, 200, 0);
        key.routers.getFirst().isDead = true;
        long before = key.admitted;
        key.run(9 * SECOND, 0, 200);
        long early = key.admitted - before;
        key.run(10 * SECOND, 0, 200);

        assertThat(early).isLessThan(50);
        assertThat(key.admitted - before - early).isGreaterThan(300);
        assertThat(key.mostInside).isLessThanOrEqualTo(10);
    }

    @Test
    void placesAreNeverMoreThanThereAreWithoutTheEngineAndAfterIt() {
        SharedKey key = new SharedKey(MANY, 10, 3, 9);
        key.run(10 * SECOND, 100, 5, 5);
        key.isEngineDown = true;
        key.run(30 * SECOND, 100, 5, 5);
        key.isEngineDown = false;
        key.engine.forget(key.now);
        key.run(30 * SECOND, 100, 100, 100);

        assertThat(key.mostInside).isEqualTo(10);
    }

    @Test
    void whoIsInsideIsSaidAgainToAnEngineThatWasAwayForLong() {
        SharedKey key = new SharedKey(MANY, 10, 2, 10);
        key.longestMillis = 100_000;
        key.run(5 * SECOND, 100, 0);
        key.isEngineDown = true;
        key.run(8 * SECOND, 0, 0);
        key.isEngineDown = false;
        key.run(MINUTE, 0, 20);

        assertThat(key.mostInside).isEqualTo(10);
    }

    @Test
    void whoHasLostItsPlacesSaysWhoIsInsideWithTheNextQuestion() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        Slots slots = shares.slots(ShareName.of(ShareName.Kind.SLOTS, "k"), 10, 0);
        assertThat(slots.take(0)).isInstanceOf(Slots.Asked.class);
        ask(shares, engine, 0);
        assertThat(slots.take(0)).isInstanceOf(Slots.Free.class);
        shares.look(20 * SECOND);
        shares.unanswered(shares.question(20 * SECOND), 20 * SECOND);

        assertThat(slots.take(22 * SECOND)).isInstanceOf(Slots.Unknown.class);
        assertThat(shares.question(22 * SECOND).slots())
                .singleElement()
                .extracting(ShareEngine.SlotWish::kept)
                .isEqualTo(1);
    }

    @Test
    void beforeTheFirstAnswerNothingIsGivenAndNothingIsLost() {
        KeyShares shares = new KeyShares(() -> 1, () -> {});
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.REQUESTS, "k"), 600, 0);

        assertThat(rate.take(1, 0)).isInstanceOf(Rate.Asked.class);
        assertThat(shares.isLost()).isFalse();
        shares.unanswered(shares.question(0), SECOND);
        assertThat(shares.isLost()).isTrue();
        assertThat(rate.take(1, SECOND)).isInstanceOf(Rate.Asked.class);
        assertThat(rate.take(1, 2 * SECOND)).isInstanceOf(Rate.Unknown.class);
    }

    @Test
    void whoWantsLittleIsNotRefusedBecauseSomebodyWantedMuch() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.TOKENS, "k"), 6_000, 0);
        take(shares, engine, rate, 5_000, 0);
        assertThat(rate.take(5_000, MILLI)).isInstanceOf(Rate.Asked.class);
        ask(shares, engine, MILLI);

        assertThat(rate.take(5_000, 2 * MILLI)).isInstanceOf(Rate.Refused.class);
        take(shares, engine, rate, 100, 2 * MILLI);
    }

    @Test
    void whoIsRefusedIsHeardAgainWhenOthersMayHaveGivenBack() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        KeyShares others = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        ShareName name = ShareName.of(ShareName.Kind.TOKENS, "k");
        Rate rate = shares.rate(name, 6_000, 0);
        Rate other = others.rate(name, 6_000, 0);
        long at = take(others, engine, other, 5_900, 0);
        assertThat(rate.take(1_000, MILLI)).isInstanceOf(Rate.Asked.class);
        ask(shares, engine, MILLI);
        assertThat(rate.take(1_000, 2 * MILLI)).isInstanceOf(Rate.Refused.class);

        other.settle(at, 5_900, 100, 3 * MILLI);
        ask(others, engine, 3 * MILLI);

        take(shares, engine, rate, 1_000, 300 * MILLI);
    }

    @Test
    void whatWasGrantedLongerThanAMinuteAgoIsNotGivenBack() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.TOKENS, "k"), 6_000, 0);
        long old = take(shares, engine, rate, 5_900, 0);
        engine.pass(30 * SECOND);
        long young = take(shares, engine, rate, 2_900, 30 * SECOND);
        engine.pass(MINUTE + MILLI);
        take(shares, engine, rate, 2_900, MINUTE + MILLI);

        rate.settle(old, 5_900, 0, MINUTE + 2 * MILLI);
        rate.settle(young, 2_900, 0, MINUTE + 2 * MILLI);
        ask(shares, engine, MINUTE + 2 * MILLI);

        assertThat(rate.standing(MINUTE + 2 * MILLI).remaining()).isBetween(3_050, 3_150);
    }

    @Test
    void nobodyOwesMoreThanAnHour() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.TOKENS, "k"), 1, 0);
        long at = take(shares, engine, rate, 1, 0);
        for (int i = 0; i < 3; i++) {
            rate.settle(at, 1, Long.MAX_VALUE, MILLI);
            ask(shares, engine, MILLI);
        }

        assertThat(rate.standing(MILLI).reset().toMinutes()).isEqualTo(61);
    }

    @Test
    void whatIsLeasedAheadAndNotUsedComesBack() {
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        KeyShares busy = new KeyShares(() -> 2, () -> {});
        KeyShares other = new KeyShares(() -> 2, () -> {});
        ShareName name = ShareName.of(ShareName.Kind.REQUESTS, "k");
        Rate rate = busy.rate(name, 6_000, 0);
        take(other, engine, other.rate(name, 6_000, 0), 3_000, 0);
        int used = 0;
        for (long now = 0; now < SECOND; now += 10 * MILLI) {
            if (rate.take(1, now) instanceof Rate.Granted) {
                used++;
            }
            ask(busy, engine, now);
        }
        long idle = SECOND + 1_200 * MILLI;
        busy.look(idle);
        ask(busy, engine, idle);

        // As if nothing had been leased but what was used.
        assertThat(used).isGreaterThan(90);
        assertThat(rate.standing(idle).remaining()).isBetween(2_899 - used + 219, 2_901 - used + 221);
    }

    @Test
    void whatWasTakenAndNotUsedComesBackAndWhatWasUsedBeyondIsOwed() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.TOKENS, "k"), 6_000, 0);
        long at = take(shares, engine, rate, 5_000, 0);
        assertThat(rate.standing(MILLI).remaining()).isBetween(800, 1_000);

        rate.settle(at, 5_000, 1_000, 2 * MILLI);
        ask(shares, engine, 2 * MILLI);
        assertThat(rate.standing(2 * MILLI).remaining()).isBetween(4_800, 5_000);

        rate.settle(take(shares, engine, rate, 4_000, 3 * MILLI), 4_000, 6_000, 4 * MILLI);
        ask(shares, engine, 4 * MILLI);
        assertThat(rate.standing(4 * MILLI).remaining()).isZero();
        assertThat(rate.standing(4 * MILLI).reset().toSeconds()).isBetween(60L, 71L);
    }

    @Test
    void whatTheBucketHasGotBackByItselfIsNotGivenBackOnceMore() {
        KeyShares shares = new KeyShares(() -> 2, () -> {});
        SimulatedEngine engine = new SimulatedEngine(-100 * MINUTE, 0);
        Rate rate = shares.rate(ShareName.of(ShareName.Kind.TOKENS, "k"), 6_000, 0);
        long at = take(shares, engine, rate, 5_000, 0);
        engine.pass(2 * MINUTE);
        take(shares, engine, rate, 5_000, 2 * MINUTE);

        rate.settle(at, 5_000, 0, 2 * MINUTE + MILLI);
        ask(shares, engine, 2 * MINUTE + MILLI);

        assertThat(rate.standing(2 * MINUTE + MILLI).remaining()).isLessThan(1_000);
    }

    private static long take(KeyShares shares, SimulatedEngine engine, Rate rate, long amount, long now) {
        assertThat(rate.take(amount, now)).isInstanceOf(Rate.Asked.class);
        ask(shares, engine, now);
        return ((Rate.Granted) rate.take(amount, now)).at();
    }

    private static void ask(KeyShares shares, SimulatedEngine engine, long now) {
        ShareEngine.Question question = shares.question(now);
        shares.answered(question, engine.answer("r", question, now), now, now);
    }
}
