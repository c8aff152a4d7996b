package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FairPoolTest {
    private static final long MOST = 1_000;

    private final FairPool pool = new FairPool(MOST);

    @Test
    void aTenantAloneGetsHalfHoweverLargeItsPiecesAre() {
        assertThat(pool.take("one", 501)).isFalse();
        assertThat(pool.take("one", 500)).isTrue();
        assertThat(pool.take("one", 1)).isFalse();
        assertThat(pool.take("other", 250)).isTrue();
        assertThat(pool.take("other", 1)).isFalse();
    }

    @Test
    void aShareGrowsAndIsGivenBackOnce() {
        FairPool.Share share = pool.share("one");
        assertThat(share.grow(300)).isTrue();
        assertThat(share.grow(300)).isFalse();
        assertThat(share.grow(100)).isTrue();

        share.giveBack();
        share.giveBack();

        assertThat(pool.taken()).isZero();
        assertThat(share.grow(1)).isFalse();
    }

    @Test
    void whateverIsTakenNeverExceedsThePoolAndLeavesSomethingForANewTenant() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            FairPool shared = new FairPool(MOST);
            List<FairPool.Share> shares = new ArrayList<>();
            long taken = 0;
            for (int step = 0; step < 500; step++) {
                long before = shared.taken();
                FairPool.Share share = shared.share("tenant-" + random.nextInt(5));
                long amount = random.nextInt(200);
                boolean granted = share.grow(amount);
                assertThat(shared.taken()).isEqualTo(before + (granted ? amount : 0));
                shares.add(share);
                if (random.nextInt(3) == 0) {
                    shares.remove(random.nextInt(shares.size())).giveBack();
                }
                taken = Math.max(taken, shared.taken());
                assertThat(shared.taken()).isLessThan(MOST);
                assertThat(shared.take("newcomer", 1)).isTrue();
                shared.giveBack("newcomer", 1);
            }
            shares.forEach(FairPool.Share::giveBack);
            assertThat(taken).isGreaterThan(MOST / 2);
            assertThat(shared.taken()).isZero();
        }
    }
}
