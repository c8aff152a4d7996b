package openledger.settlement.decide;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;

final class FeeBumpTest {
    private static final Wei CAP = Wei.of(1_000);

    @Test
    void offersAnEighthMoreRoundedUp() {
        assertThat(FeeBump.over(fees(1, 1), earlier(100, 9), CAP)).contains(fees(113, 11));
    }

    @Test
    void offersWhatIsAskedNowIfThatIsMore() {
        assertThat(FeeBump.over(fees(500, 50), earlier(100, 9), CAP)).contains(fees(500, 50));
    }

    @Test
    void goesUpToTheCapAsLongAsThatIsATenthMore() {
        assertThat(FeeBump.over(fees(5_000, 10), earlier(900, 9), CAP)).contains(fees(1_000, 11));
        assertThat(FeeBump.over(fees(5_000, 10), earlier(910, 9), CAP)).isEmpty();
        assertThat(FeeBump.over(fees(5_000, 10), earlier(1_000, 9), CAP)).isEmpty();
    }

    @Test
    void thePriorityIsNeverMoreThanTheWhole() {
        assertThat(FeeBump.over(fees(10, 10), earlier(10, 10), CAP)).contains(fees(12, 12));
        assertThat(FeeBump.over(fees(1_000, 5_000), earlier(10, 10), CAP)).contains(fees(1_000, 1_000));
    }

    private static Fees fees(long maxFee, long priority) {
        return new Fees(Wei.of(maxFee), Wei.of(priority));
    }

    private static SignedTransaction earlier(long maxFee, long priority) {
        return new SignedTransaction(Hash32.ZERO, new byte[0], 1, Wei.of(maxFee), Wei.of(priority));
    }
}
