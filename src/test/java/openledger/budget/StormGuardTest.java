package openledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import openledger.budget.StormGuard.Grant;
import openledger.routing.StormLimits;
import openledger.unit.BasisPoints;
import org.junit.jupiter.api.Test;

final class StormGuardTest {
    private static final StormLimits LIMITS = new StormLimits(new BasisPoints(2_000), 1, Duration.ofSeconds(10));

    @Test
    void grantsTheReserveAndTheRatioAndNoMore() {
        StormGuard guard = new StormGuard(LIMITS);
        for (int i = 0; i < 100; i++) {
            guard.request(0);
        }

        int granted = 0;
        while (guard.retry("a", 0) == Grant.GRANTED) {
            granted++;
        }

        assertThat(granted).isEqualTo(20 + 10);
        assertThat(guard.retry("a", 0)).isEqualTo(Grant.DENIED_EMPTY);
    }

    @Test
    void aRouterOfSeveralHasItsPartOfTheReserveAndAllOfItsDeposits() {
        StormGuard guard = new StormGuard(LIMITS, () -> 3);
        for (int i = 0; i < 100; i++) {
            guard.request(0);
        }
        int granted = 0;
        while (guard.retry("a", 0) == Grant.GRANTED) {
            granted++;
        }

        // 20 of the requests, and of 1 retry a second over 10 s a third, rounded up to 1 a second.
        assertThat(granted).isEqualTo(20 + 10);
        assertThat(allowed(new StormLimits(new BasisPoints(0), 10, Duration.ofSeconds(10)), 3))
                .isEqualTo(40);
        assertThat(allowed(new StormLimits(new BasisPoints(0), 0, Duration.ofSeconds(10)), 3))
                .isZero();
    }

    private static int allowed(StormLimits limits, int routers) {
        StormGuard guard = new StormGuard(limits, () -> routers);
        int granted = 0;
        while (guard.retry("a", 0) == Grant.GRANTED) {
            granted++;
        }
        return granted;
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        StormGuard guard = new StormGuard(LIMITS);
        while (guard.retry("a", 0) == Grant.GRANTED) {
            assertThat(guard.left(0).value()).isLessThan(10_000);
        }

        assertThat(guard.retry("a", 9_999)).isEqualTo(Grant.DENIED_EMPTY);
        assertThat(guard.retry("a", 10_000)).isEqualTo(Grant.GRANTED);
    }

    @Test
    void keepsWhatIsLeftForTenantsThatHaveHadLess() {
        StormGuard guard = new StormGuard(LIMITS);
        guard.retry("quiet", 0);
        Grant greedy = Grant.GRANTED;
        while (greedy == Grant.GRANTED) {
            greedy = guard.retry("greedy", 0);
        }

        assertThat(greedy).isEqualTo(Grant.DENIED_ABOVE_SHARE);
        assertThat(guard.retry("quiet", 0)).isEqualTo(Grant.GRANTED);
        assertThat(guard.retry("newcomer", 0)).isEqualTo(Grant.GRANTED);
    }

    @Test
    void deniesNobodyWhileThereIsPlenty() {
        StormGuard guard = new StormGuard(LIMITS);
        guard.retry("quiet", 0);

        for (int i = 0; i < 5; i++) {
            assertThat(guard.retry("greedy", 0)).isEqualTo(Grant.GRANTED);
        }
    }
}
