package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.SlotEngine.Wish;
import openledger.routing.SlotBounds;
import openledger.store.SettlementDatabase;
import openledger.support.BlackHole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Slots of a target that routers share through a real database. Long because all that the one statement promises is asked of it here.
 */
final class StoredSlotsTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final long SECOND = 1_000_000_000L;
    private static final TargetKey TARGET = TargetKey.of("north", URI.create("http://north/v1"), "large");
    private static final TargetKey OTHER = TargetKey.of("north", URI.create("http://north/v1"), "small");
    private static final TargetKey UNSEEN = TargetKey.of("south", URI.create("http://south/v1"), "large");
    private static final SlotBounds TEN = new SlotBounds(10, 10, 10);
    private static final String GRANTED =
            "select coalesce(sum(slots), 0) from target_lease where target = '\\x" + TARGET.hex() + "'";

    private final List<SlottedRouter> routers = new ArrayList<>();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute("truncate target_total, target_lease");
        DATABASE.execute("update slot_epoch set born = slot_time() - 3600000000000");
    }

    @AfterEach
    void close() {
        routers.forEach(SlottedRouter::close);
    }

    @Test
    void allRoutersTogetherHaveNoMoreSlotsThanThereAreAndUseThem() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        AtomicLong used = new AtomicLong();
        long began = System.nanoTime();
        AtomicInteger seeds = new AtomicInteger();
        together(router -> {
            Random random = new Random(seeds.incrementAndGet());
            int mine = 0;
            int wanted = 5;
            while (System.nanoTime() - began < 5 * SECOND) {
                if (random.nextInt(2_000) == 0) {
                    wanted = random.nextInt(15);
                }
                if (mine > wanted || (mine > 0 && random.nextInt(5) == 0)) {
                    inside.decrementAndGet();
                    router.limit.giveBack();
                    mine--;
                }
                while (mine < wanted && router.limit.take()) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    mine++;
                }
                looks.incrementAndGet();
                used.addAndGet(inside.get());
                router.askIfDue();
            }
        });

        assertThat(most.get()).isEqualTo(10);
        assertThat((double) used.get() / looks.get()).isGreaterThan(6);
    }

    @Test
    void aPartGrowsOnlyByWhatIsConfirmedToBeFree() throws SQLException {
        SlottedRouter one = router();
        SlottedRouter two = router();
        assertThat(one.answer(question(1, wish(0, 20)))).containsExactly(new Grant(10, 10));

        assertThat(two.answer(question(1, wish(0, 20)))).containsExactly(new Grant(0, 5));
        assertThat(one.answer(question(2, wish(8, 20)))).containsExactly(new Grant(8, 5));
        assertThat(two.answer(question(2, wish(0, 20)))).containsExactly(new Grant(2, 5));
        assertThat(one.answer(question(3, wish(5, 20)))).containsExactly(new Grant(5, 5));
        assertThat(two.answer(question(3, wish(2, 20)))).containsExactly(new Grant(5, 5));
        assertThat(granted()).isEqualTo(10);
    }

    @Test
    void aQuestionThatComesAfterItsSuccessorIsNotHeard() throws SQLException {
        SlottedRouter one = router();
        one.answer(question(7, wish(0, 20)));

        one.answer(question(6, wish(1, 1)));

        assertThat(granted()).isEqualTo(10);
    }

    @Test
    void whatHasExpiredIsForOthers() throws SQLException {
        SlottedRouter one = router();
        SlottedRouter two = router();
        one.answer(question(1, wish(0, 20)));
        DATABASE.execute("update target_lease set expires = slot_time()");

        assertThat(two.answer(question(1, wish(0, 20)))).containsExactly(new Grant(10, 10));
    }

    @Test
    void aDatabaseThatHasForgottenHearsFirstWhatEachHas() throws SQLException {
        SlottedRouter one = router();
        DATABASE.execute("truncate slot_epoch, target_total, target_lease");

        assertThat(one.answer(question(1, wish(3, 20)))).containsExactly(new Grant(3, 10));
        DATABASE.execute("update slot_epoch set born = born - 10000000000");
        assertThat(one.answer(question(2, wish(3, 20)))).containsExactly(new Grant(10, 10));
    }

    @Test
    void whoLacksSlotsIsHeardByTheOthersAlone() throws InterruptedException {
        SlottedRouter one = router();
        SlottedRouter two = router();
        one.answer(question(1, wish(0, 20)));
        long until = System.nanoTime() + 10 * SECOND;

        two.answer(question(1, wish(0, 20)));
        while (!one.heard.contains(TARGET.hex()) && System.nanoTime() < until) {
            Thread.sleep(5);
        }

        assertThat(one.heard).contains(TARGET.hex());
        assertThat(two.heard).doesNotContain(TARGET.hex());
    }

    @Test
    void refusalsCutTheTotalOnceInAFifthOfASecondAndAnswersLetItGrow() throws Exception {
        SlottedRouter one = router();
        SlotBounds bounds = new SlotBounds(4, 40, 100);
        assertThat(share(one, 1, said(bounds, 40, 0, 0))).isEqualTo(40);
        assertThat(share(one, 2, said(bounds, 40, 0, 5))).isEqualTo(34);
        assertThat(share(one, 3, said(bounds, 34, 9, 5))).isEqualTo(34);
        Thread.sleep(250);
        assertThat(share(one, 4, said(bounds, 34, 9, 0))).isEqualTo(36);
        DATABASE.execute("update target_total set grown = slot_time() + 1000000000");
        assertThat(share(one, 5, said(bounds, 36, 9, 0))).isEqualTo(36);
        DATABASE.execute("update target_total set cut = 0, grown = 0");
        assertThat(share(one, 6, said(bounds, 10, 9, 0))).isEqualTo(36);
        assertThat(share(one, 7, said(bounds, 36, 1, 0))).isEqualTo(38);
        DATABASE.execute("update target_total set grown = 0");
        assertThat(share(one, 8, said(bounds, 38, 9, 0))).isEqualTo(41);
    }

    @Test
    void whereThereIsNotOneForEachWhoNeedsNoneGetsNone() {
        SlottedRouter one = router();
        SlottedRouter two = router();
        Wish idle = new Wish(OTHER, 1, 1, 1, 0, 0, 0, 0, 0);
        Wish busy = new Wish(OTHER, 1, 1, 1, 0, 5, 0, 0, 0);
        one.answer(question(1, idle));
        two.answer(question(1, busy));

        assertThat(one.answer(question(2, idle))).containsExactly(new Grant(0, 0));
        assertThat(two.answer(question(2, busy))).containsExactly(new Grant(1, 1));
    }

    @Test
    void whoStopsGivesBackWhatItHas() throws Exception {
        SlottedRouter one = router();
        one.answer(question(1, wish(0, 20)));
        routers.remove(one);
        one.close();
        long until = System.nanoTime() + 10 * SECOND;
        while (granted() > 0 && System.nanoTime() < until) {
            Thread.sleep(5);
        }

        assertThat(granted()).isZero();
    }

    @Test
    void aDatabaseThatIsSilentIsNotWaitedForAndComesBack() throws Exception {
        try (BlackHole hole = BlackHole.before(
                URI.create(DATABASE.url().replace("vertx-reactive:", "")).getPort())) {
            String path = URI.create(DATABASE.url()).getPath();
            SlottedRouter router =
                    new SlottedRouter(DATABASE.vertx, "postgresql://127.0.0.1:" + hole.port() + path, TARGET, TEN);
            routers.add(router);
            hole.cut();
            long cut = System.nanoTime();

            assertThat(router.ask()).isFalse();
            assertThat(System.nanoTime() - cut).isLessThan(2 * SECOND);
            assertThat(router.slots.isLost()).isTrue();
            assertThat(router.ask()).isFalse();

            hole.heal();
            router.awaitAnswer();
            assertThat(router.slots.isLost()).isFalse();
        }
    }

    private int share(SlottedRouter router, long number, Wish wish) {
        return router.answer(question(number, wish)).getFirst().share();
    }

    private static int granted() throws SQLException {
        return Integer.parseInt(DATABASE.text(GRANTED));
    }

    /** One that has asked nothing of the targets that are looked at. */
    private SlottedRouter router() {
        SlottedRouter router = new SlottedRouter(DATABASE.vertx, DATABASE.url(), UNSEEN, TEN);
        routers.add(router);
        return router;
    }

    private interface Work {
        void of(SlottedRouter router);
    }

    private void together(Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SlottedRouter router = new SlottedRouter(DATABASE.vertx, DATABASE.url(), TARGET, TEN);
            routers.add(router);
            threads.add(Thread.ofPlatform().start(() -> work.of(router)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Question question(long number, Wish wish) {
        return new Question(number, List.of(wish));
    }

    private static Wish wish(int kept, int need) {
        return new Wish(TARGET, 10, 10, 10, kept, need, kept, 0, 0);
    }

    private static Wish said(SlotBounds bounds, int kept, int answered, int refused) {
        return new Wish(TARGET, bounds.min(), bounds.initial(), bounds.max(), kept, 60, kept, answered, refused);
    }
}
