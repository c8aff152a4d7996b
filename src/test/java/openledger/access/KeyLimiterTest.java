package openledger.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import openledger.access.KeyLimiter.Passed;
import openledger.access.KeyLimiter.Reason;
import openledger.access.KeyLimiter.Reserved;
import openledger.access.KeyLimiter.Stopped;
import openledger.access.KeyLimiter.TooMany;
import openledger.cluster.share.RateShares;
import org.junit.jupiter.api.Test;

final class KeyLimiterTest {
    private static final long MINUTE = 60_000_000_000L;
    private final KeyLimiter keyLimiter = new KeyLimiter(RateShares.WHOLE, () -> 0);

    @Test
    void countsNothingForAKeyWithoutLimits() {
        Caller free = new Caller("t", "free", KeyLimits.NONE, Optional.empty());

        for (int i = 0; i < 1_000; i++) {
            assertThat(keyLimiter.enter(free, 0)).isInstanceOf(Passed.class);
        }

        assertThat(keyLimiter.size()).isZero();
    }

    @Test
    void aSlotGivenBackTwiceIsGivenBackOnce() {
        Caller caller = caller("k", OptionalInt.empty(), OptionalInt.of(2));
        Passed first = (Passed) keyLimiter.enter(caller, 0);
        keyLimiter.enter(caller, 0);

        first.slot().release();
        first.slot().release();

        assertThat(keyLimiter.enter(caller, 0)).isInstanceOf(Passed.class);
        assertThat(((Stopped) keyLimiter.enter(caller, 0)).reason()).isEqualTo(Reason.CONCURRENCY);
    }

    @Test
    void whoIsStoppedByTheRateHoldsNoSlotAndWhoIsStoppedByTheSlotsSpendsNoRate() {
        Caller caller = caller("k", OptionalInt.of(2), OptionalInt.of(1));
        Passed first = (Passed) keyLimiter.enter(caller, 0);

        Stopped second = (Stopped) keyLimiter.enter(caller, 0);
        first.slot().release();
        Passed third = (Passed) keyLimiter.enter(caller, 0);
        third.slot().release();
        Stopped fourth = (Stopped) keyLimiter.enter(caller, 0);

        assertThat(second.reason()).isEqualTo(Reason.CONCURRENCY);
        assertThat(second.standing().orElseThrow().remaining()).isOne();
        assertThat(fourth.reason()).isEqualTo(Reason.RATE);
        assertThat(keyLimiter.enter(caller, MINUTE)).isInstanceOf(Passed.class);
    }

    @Test
    void tokensAreReservedByAnEstimateAndWhatWasNotUsedComesBack() {
        Caller caller = new Caller(
                "t",
                "k",
                new KeyLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(1_000)),
                Optional.empty());
        TokenHold first = reserved(caller, 600);
        assertThat(((TooMany) keyLimiter.reserve(caller, 600, 0)).retryAfter()).isEqualTo(Duration.ofSeconds(12));

        first.called();
        first.used(new TokenHold.Use(100, true));
        first.used(TokenHold.Use.NOTHING);
        TokenHold second = reserved(caller, 900);
        second.called();
        // Nobody knows what it has used: the estimate counts.
        second.over();
        assertThat(keyLimiter.reserve(caller, 1, 0)).isInstanceOf(TooMany.class);
    }

    @Test
    void whoCallsNobodyUsesNoTokensAndWhoUsesMoreOwesThem() {
        Caller caller = new Caller(
                "t",
                "k",
                new KeyLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(1_000)),
                Optional.empty());
        reserved(caller, 1_000).over();
        TokenHold hold = reserved(caller, 1_000);
        hold.called();
        hold.used(new TokenHold.Use(2_000, true));

        TooMany then = (TooMany) keyLimiter.reserve(caller, 1, 0);
        assertThat(then.retryAfter()).isEqualTo(Duration.ofMillis(60_060));
        // More than there ever is at once waits for all of it.
        assertThat(keyLimiter.reserve(caller, 1_000_000, 2 * MINUTE)).isInstanceOf(Reserved.class);
    }

    @Test
    void whatIsNotKnownOfACallCountsAsTheEstimateOrAsWhatIsKnownIfThatIsMore() {
        Caller caller = new Caller(
                "t",
                "k",
                new KeyLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(1_000)),
                Optional.empty());
        reserved(caller, 300).used(new TokenHold.Use(100, false));
        assertThat(left(caller)).isEqualTo(700);

        reserved(caller, 300).used(new TokenHold.Use(500, false));
        assertThat(left(caller)).isEqualTo(200);
    }

    @Test
    void aProviderThatReportsNonsenseClosesAKeyForAnHour() {
        Caller caller = new Caller(
                "t",
                "k",
                new KeyLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(1_000)),
                Optional.empty());
        TokenHold first = reserved(caller, 100);
        TokenHold second = reserved(caller, 100);
        first.used(new TokenHold.Use(Long.MAX_VALUE, true));
        second.used(new TokenHold.Use(Long.MAX_VALUE, true));

        assertThat(((TooMany) keyLimiter.reserve(caller, 1, 0)).retryAfter())
                .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61));
    }

    private int left(Caller caller) {
        Reserved one = (Reserved) keyLimiter.reserve(caller, 1, 0);
        one.hold().over();
        return one.tokens().orElseThrow().remaining() + 1;
    }

    private TokenHold reserved(Caller caller, long estimate) {
        return ((Reserved) keyLimiter.reserve(caller, estimate, 0)).hold();
    }

    @Test
    void keysAreCountedApart() {
        OptionalInt one = OptionalInt.of(1);
        keyLimiter.enter(caller("a", one, one), 0);

        assertThat(keyLimiter.enter(caller("b", one, one), 0)).isInstanceOf(Passed.class);
    }

    @Test
    void whoIsInsideStaysInsideWhenTheLimitsChange() {
        Passed inside = (Passed) keyLimiter.enter(caller("k", OptionalInt.empty(), OptionalInt.of(5)), 0);
        Caller narrower = caller("k", OptionalInt.empty(), OptionalInt.of(1));

        assertThat(keyLimiter.enter(narrower, 0)).isInstanceOf(Stopped.class);
        inside.slot().release();

        assertThat(keyLimiter.enter(narrower, 0)).isInstanceOf(Passed.class);
    }

    @Test
    void forgetsIdleKeysAndNoOthers() {
        Caller busy = caller("busy", OptionalInt.empty(), OptionalInt.of(1));
        keyLimiter.enter(busy, 0);

        for (int i = 0; i < 10_000; i++) {
            Passed passed =
                    (Passed) keyLimiter.enter(caller("k" + i, OptionalInt.of(1), OptionalInt.empty()), i * MINUTE);
            passed.slot().release();
        }

        assertThat(keyLimiter.size()).isLessThan(2_000);
        assertThat(keyLimiter.enter(busy, 0)).isInstanceOf(Stopped.class);
    }

    @Test
    void neverLetsMoreInThanTheLimitWhateverTheThreads() throws InterruptedException {
        Caller caller = caller("k", OptionalInt.empty(), OptionalInt.of(3));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int k = 0; k < 5_000; k++) {
                    if (keyLimiter.enter(caller, 0) instanceof Passed(var slot, var standing)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        slot.release();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(keyLimiter.enter(caller, 0)).isInstanceOf(Passed.class);
    }

    private static Caller caller(String keyId, OptionalInt rate, OptionalInt concurrent) {
        return new Caller("t", keyId, new KeyLimits(rate, concurrent, OptionalInt.empty()), Optional.empty());
    }
}
