package openledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import openledger.routing.Route;
import openledger.routing.TestRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttemptLedgerTest {
    @Test
    void givesExactlyTheBudget() {
        AttemptLedger ledger = new AttemptLedger(TestRoutes.of(3, 1));

        int taken = 0;
        while (ledger.take().isPresent()) {
            taken++;
        }

        assertThat(taken).isEqualTo(4);
        assertThat(ledger.left()).isZero();
    }

    @Test
    void refusesAnAttemptWhenItIsClosed() {
        AttemptLedger ledger = new AttemptLedger(TestRoutes.of(3, 1));
        ledger.take();

        ledger.close();

        assertThat(ledger.take()).isEmpty();
        assertThat(ledger.spent()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void conservesTheBudgetAndDescendsOnlyWhenATierIsSpent(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            Route route = TestRoutes.of(random.ints(1 + random.nextInt(4), 1, 6).toArray());
            AttemptLedger ledger = new AttemptLedger(route);
            boolean closed = false;
            for (int step = 0; step < 40; step++) {
                if (random.nextInt(30) == 0) {
                    ledger.close();
                    closed = true;
                }
                boolean open = ledger.isOpen();
                int announced = ledger.nextTier();
                Optional<AttemptPermit> permit = ledger.take();

                assertThat(permit.isPresent()).isEqualTo(open);
                assertThat(ledger.spent() + ledger.left()).isEqualTo(route.budget());
                if (permit.isPresent()) {
                    assertThat(closed).isFalse();
                    int tier = permit.get().tier();
                    assertThat(tier).isEqualTo(announced);
                    assertThat(permit.get().number()).isLessThanOrEqualTo(route.upTo(tier));
                    assertThat(permit.get().number()).isGreaterThan(tier == 0 ? 0 : route.upTo(tier - 1));
                }
            }
        }
    }
}
