package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import openledger.cluster.share.Rate;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import openledger.cluster.share.ShareEngine.RateGrant;
import openledger.cluster.share.ShareEngine.RateWish;
import openledger.cluster.share.ShareEngine.SlotWish;
import openledger.cluster.share.ShareName;
import openledger.cluster.share.ShareName.Kind;
import openledger.cluster.share.Slots;
import openledger.store.SettlementDatabase;
import openledger.support.BlackHole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of keys that routers share through a real database. Long because each rule of its functions is tried. */
final class StoredSharesTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final long SECOND = 1_000_000_000L;
    private static final ShareName KEY = ShareName.of(Kind.REQUESTS, "k");
    private static final ShareName PLACES = ShareName.of(Kind.SLOTS, "k");

    private final List<SharingRouter> routers = new ArrayList<>();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate key_rate, key_slots");
        DATABASE.execute("truncate share_epoch");
        DATABASE.execute("insert into share_epoch (born, noted, clock)"
                + " values (share_clock() - 3600000000000, share_clock(), share_clock())");
    }

    @AfterEach
    void close() {
        routers.forEach(SharingRouter::close);
    }

    @Test
    void allRoutersTogetherLetThroughWhatOneBucketWould() throws InterruptedException {
        int perMinute = 6_000;
        AtomicLong admitted = new AtomicLong();
        long began = System.nanoTime();
        together(router -> {
            Rate rate = router.shares.rate(KEY, perMinute, System.nanoTime());
            while (System.nanoTime() - began < 4 * SECOND) {
                switch (rate.take(1, System.nanoTime())) {
                    case Rate.Granted granted -> admitted.incrementAndGet();
                    case Rate.Refused refused -> Thread.onSpinWait();
                    case Rate.Asked asked -> router.ask();
                    case Rate.Unknown lost -> router.ask();
                }
                if (router.shares.isDue(System.nanoTime())) {
                    router.ask();
                }
            }
        });
        double passed = (System.nanoTime() - began) / 1e9;

        assertThat((double) admitted.get())
                .isLessThanOrEqualTo(perMinute + passed * perMinute / 60)
                .isGreaterThan(0.98 * (perMinute + 3.9 * perMinute / 60));
    }

    @Test
    void allRoutersTogetherHaveNoMorePlacesThanThereAre() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger got = new AtomicInteger();
        long began = System.nanoTime();
        together(router -> {
            Slots slots = router.shares.slots(PLACES, 10, System.nanoTime());
            Random random = new Random(1);
            int mine = 0;
            while (System.nanoTime() - began < 3 * SECOND) {
                if (mine > 0 && random.nextInt(3) == 0) {
                    inside.decrementAndGet();
                    slots.giveBack();
                    mine--;
                } else if (slots.take(System.nanoTime()) instanceof Slots.Free) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    got.incrementAndGet();
                    mine++;
                }
                if (router.shares.isDue(System.nanoTime())) {
                    router.ask();
                }
            }
        });

        assertThat(most.get()).isBetween(8, 10);
        assertThat(got.get()).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600, -1, 3_600})
    void aClockThatIsSetHoldsNobodyUpAndGivesNothingAway(long seconds) throws SQLException {
        SharingRouter router = router();
        long at = router.answer(rates(1, wish(600, 600))).rates().getFirst().at();
        assertThat(router.answer(slots(10, 10)).slots().getFirst().granted()).isEqualTo(10);
        // As if it had been set since, by so much.
        DATABASE.execute("update share_epoch set clock = clock - " + seconds * SECOND);

        RateGrant then = router.answer(rates(1, wish(600, 600))).rates().getFirst();

        assertThat(then.at() - at).isBetween(-SECOND / 2, 5 * SECOND);
        assertThat(then.missing()).isBetween(54 * SECOND, 60 * SECOND + SECOND / 2);
        assertThat(then.granted()).isZero();
        try (SharingRouter other = new SharingRouter(DATABASE.vertx, DATABASE.url())) {
            assertThat(other.answer(slots(0, 10)).slots().getFirst().granted()).isZero();
        }
        long rest = System.nanoTime() + 2 * SECOND;
        while (System.nanoTime() < rest) {
            router.ask();
        }
        assertThat(router.answer(rates(1, wish(600, 1))).rates().getFirst().granted())
                .isOne();
    }

    @Test
    void itsTimeStandsStillWhileNobodyAsks() throws SQLException {
        SharingRouter router = router();
        router.answer(slots(10, 10));
        DATABASE.execute("update share_epoch set clock = clock - " + 600 * SECOND);

        try (SharingRouter other = new SharingRouter(DATABASE.vertx, DATABASE.url())) {
            assertThat(other.answer(slots(0, 1)).slots().getFirst().granted()).isZero();
            DATABASE.execute("update key_slots set expires = share_time(e) - 1 from share_epoch e");
            assertThat(other.answer(slots(0, 1)).slots().getFirst().granted()).isOne();
        }
    }

    @Test
    void nobodyOwesMoreThanAnHour() {
        SharingRouter router = router();
        long epoch = router.answer(question(1)).epoch();

        router.answer(rates(epoch, settled(30_000, 0, 0)));
        long missing = router.answer(rates(epoch, settled(30_000, 0, 0)))
                .rates()
                .getFirst()
                .missing();

        assertThat(missing).isBetween(3_659 * SECOND, 3_660 * SECOND);
    }

    @Test
    void aDatabaseThatHasForgottenGrantsNothingButWhatIsKept() throws SQLException {
        SharingRouter router = router();
        DATABASE.execute("truncate share_epoch, key_rate, key_slots");

        Answer answer =
                router.answer(new Question(1, List.of(wish(600, 1)), List.of(new SlotWish(PLACES, 10, 2, 5, 0, 0))));

        assertThat(answer.epoch()).isGreaterThan(1);
        assertThat(answer.rates().getFirst().granted()).isZero();
        assertThat(answer.slots().getFirst().granted()).isEqualTo(2);
    }

    @Test
    void debtsOfAnotherEpochAreNoneAndWhatIsGivenBackIsThereAgain() {
        SharingRouter router = router();
        long epoch = router.answer(question(1)).epoch();
        long at = router.answer(rates(epoch, wish(600, 500))).rates().getFirst().at();

        long missing = router.answer(rates(epoch, settled(0, 400, at)))
                .rates()
                .getFirst()
                .missing();
        assertThat(missing).isBetween(9 * SECOND, 10 * SECOND);
        missing = router.answer(rates(epoch - 1, settled(600, 0, 0)))
                .rates()
                .getFirst()
                .missing();
        assertThat(missing).isLessThan(10 * SECOND);
        missing = router.answer(rates(epoch, settled(600, 0, 0)))
                .rates()
                .getFirst()
                .missing();
        assertThat(missing).isBetween(68 * SECOND, 70 * SECOND);
        // It was taken before, as far as anybody says, and the bucket was full then.
        missing = router.answer(rates(epoch, settled(0, 100, at - SECOND)))
                .rates()
                .getFirst()
                .missing();
        assertThat(missing).isGreaterThan(67 * SECOND);
    }

    @Test
    void aDatabaseThatIsSilentIsNotWaitedForAndComesBack() throws Exception {
        try (BlackHole hole = BlackHole.before(
                URI.create(DATABASE.url().replace("vertx-reactive:", "")).getPort())) {
            String path = URI.create(DATABASE.url()).getPath();
            SharingRouter router = new SharingRouter(DATABASE.vertx, "postgresql://127.0.0.1:" + hole.port() + path);
            routers.add(router);
            hole.cut();
            long cut = System.nanoTime();

            assertThat(router.ask()).isFalse();
            assertThat(System.nanoTime() - cut).isLessThan(2 * SECOND);
            assertThat(router.shares.isLost()).isTrue();
            assertThat(router.ask()).isFalse();

            hole.heal();
            router.awaitAnswer();
            assertThat(router.shares.isLost()).isFalse();
        }
    }

    private SharingRouter router() {
        SharingRouter router = new SharingRouter(DATABASE.vertx, DATABASE.url());
        routers.add(router);
        return router;
    }

    private interface Work {
        void of(SharingRouter router);
    }

    private void together(Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SharingRouter router = router();
            threads.add(Thread.ofPlatform().start(() -> work.of(router)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Question question(long epoch) {
        return new Question(epoch, List.of(), List.of());
    }

    private static Question rates(long epoch, RateWish wish) {
        return new Question(epoch, List.of(wish), List.of());
    }

    private static Question slots(int kept, int want) {
        return new Question(1, List.of(), List.of(new SlotWish(PLACES, 10, kept, want, 0, 0)));
    }

    private static RateWish wish(int perMinute, long need) {
        long share = 60 * SECOND / perMinute;
        return new RateWish(KEY, share, share * perMinute, need, need, 0, 0, 0, 0, 0);
    }

    private static RateWish settled(long debt, long back, long since) {
        RateWish plain = wish(600, 0);
        return new RateWish(KEY, plain.share(), plain.whole(), 0, 0, 0, 0, debt, back, since);
    }
}
