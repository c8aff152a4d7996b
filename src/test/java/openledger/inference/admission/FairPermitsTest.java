package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FairPermitsTest {
    private final FairPermits places = new FairPermits(8);

    @Test
    void aTenantAloneGetsHalfAndTheNextStillFindsSome() {
        assertThat(taken("one")).isEqualTo(4);
        assertThat(taken("other")).isEqualTo(2);
        assertThat(taken("third")).isEqualTo(1);
        assertThat(taken("one")).isZero();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        taken("one");
        for (int i = 0; i < 4; i++) {
            places.giveBack("one");
        }

        assertThat(taken("other")).isEqualTo(4);
    }

    @Test
    void whoComesBackIsNotTurnedAway() {
        taken("one");

        places.takeInAnyCase("one");
        places.giveBack("one");

        assertThat(places.take("one")).isFalse();
    }

    private int taken(String tenant) {
        int count = 0;
        while (places.take(tenant)) {
            count++;
        }
        return count;
    }
}
