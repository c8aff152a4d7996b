package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FairDealsTest {
    private static final int[] TEN_EACH = {10, 10};

    @Test
    void aDrawOfManyStretchesHasTheVarianceOfThePermutation() {
        Random random = new Random(1);
        FairDeals deals = new FairDeals(1, 2);
        for (int i = 0; i < 200; i++) {
            int own = (int)
                    IntStream.range(0, 10).filter(j -> random.nextBoolean()).count();
            deals.add(stretch(own, (int)
                    IntStream.range(0, 10).filter(j -> random.nextBoolean()).count()));
        }

        // Of 200 strata of 20 with about half of them marked: 10 × 10 / 19 / 4 each, and a little less for those that
        // are not half.
        assertThat(deviation(deals)).isCloseTo(Math.sqrt(200 * 10 * 10 / 19.0 / 4), within(2.0));
    }

    @Test
    void burstsThatShareTheirFateMakeADrawWider() {
        FairDeals deals = new FairDeals(1, 2);
        for (int i = 0; i < 200; i++) {
            deals.add(i % 2 == 0 ? stretch(10, 0) : stretch(0, 10));
        }

        assertThat(deviation(deals)).isCloseTo(Math.sqrt(200 * 25), within(8.0));
    }

    @Test
    void whatIsTheSameInAllStretchesDoesNotWidenTheDraw() {
        FairDeals deals = new FairDeals(1, 2);
        for (int i = 0; i < 200; i++) {
            deals.add(i % 2 == 0 ? stretch(9, 1) : stretch(7, 1));
        }

        assertThat(deviation(deals)).isLessThan(20);
        assertThat(deals.surplus()[0][0]).isCloseTo(700, within(1e-3));
    }

    @Test
    void whatOneCohortGetsInADrawTheOthersDoNot() {
        FairDeals deals = new FairDeals(1, 2);
        for (int i = 0; i < 30; i++) {
            deals.add(stretch(i % 5, 3));
        }

        double[] more = deals.draws().draw(new Random(3))[0];

        assertThat(more[0] + more[1]).isCloseTo(0, within(1e-3));
    }

    @Test
    void nothingIsBeyondWhatFewStretchesShow() {
        FairDeals deals = new FairDeals(1, 2);
        for (int i = 0; i < 5; i++) {
            deals.add(stretch(10, 0));
        }
        FairDeals.Draws draws = deals.draws();
        Random random = new Random(4);

        // As likely as one of 32, and so in some of 200.
        assertThat(Chance.floor(random, chance -> deals.surplus()[0][0] + draws.draw(chance)[0][0]))
                .isCloseTo(25, within(1e-3));
    }

    private static FairDeal stretch(int one, int other) {
        FairDeal stretch = new FairDeal(1, 2);
        stretch.add(TEN_EACH, new int[] {one, other});
        return stretch;
    }

    /** Of what the first cohort gets in draws. */
    private static double deviation(FairDeals deals) {
        FairDeals.Draws draws = deals.draws();
        Random random = new Random(2);
        double[] drawn = IntStream.range(0, 4_000)
                .mapToDouble(i -> draws.draw(random)[0][0])
                .toArray();
        double mean = Arrays.stream(drawn).average().orElseThrow();
        return Math.sqrt(Arrays.stream(drawn)
                .map(one -> (one - mean) * (one - mean))
                .average()
                .orElseThrow());
    }
}
