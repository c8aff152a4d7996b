package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import openledger.cluster.ClosureNews.Closed;
import openledger.cluster.ClusterMember;
import openledger.cluster.HopSeal;
import openledger.cluster.RangeMap;
import openledger.cluster.TargetKey;
import openledger.cluster.orphan.ClusterOrphans;
import openledger.cluster.orphan.Orphans.Elsewhere;
import openledger.demo.LocalPostgres;
import openledger.routing.Operation;
import openledger.store.DatabaseServers;
import openledger.store.SettlementDatabase;
import openledger.support.BlackHole;
import openledger.unit.LaneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What routers tell each other through a real database. */
final class StoredNewsTest {
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TargetKey TARGET = TargetKey.of("north", URI.create("https://north.example/v1"), "large");

    private final List<StoredNews> open = new ArrayList<>();
    private final List<Closed> ofFirst = new CopyOnWriteArrayList<>();
    private final List<Closed> ofSecond = new CopyOnWriteArrayList<>();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @AfterEach
    void close() {
        open.forEach(StoredNews::close);
    }

    @Test
    void whatOneTellsTheOthersHearAndNotItself() {
        StoredNews first = news(DATABASE.url(), ofFirst);
        news(DATABASE.url(), ofSecond);

        first.closed(TARGET, Duration.ofSeconds(30));

        await(() -> ofSecond.size() == 1);
        assertThat(ofSecond).containsExactly(new Closed(TARGET, Duration.ofSeconds(30)));
        assertThat(ofFirst).isEmpty();
    }

    @Test
    void whoseClientsHaveLeftAllOthersHear() {
        List<ClusterOrphans> routers = List.of(orphans(1, "aa"), orphans(2, "bb"), orphans(3, "cc"));
        routers.forEach(router -> news(DATABASE.url(), ofFirst, router));
        byte[] digest = new byte[32];
        Duration window = Duration.ofSeconds(60);

        // More than go into one message, from two at once.
        for (int i = 0; i < 250; i++) {
            routers.get(0).left("tenant", Operation.CHAT, numbered(digest, i), window);
            routers.get(1).left("other", Operation.CHAT, numbered(digest, i), window);
        }

        await(() -> routers.get(2).heard() == 500
                && routers.get(0).heard() == 250
                && routers.get(1).heard() == 250
                && routers.get(0).told() == 250);
        assertThat(routers.get(2).find("tenant", Operation.CHAT, numbered(digest, 249)))
                .isInstanceOfSatisfying(
                        Elsewhere.At.class, at -> assertThat(at.holder()).isEqualTo(member(1)));
        assertThat(routers.get(2).find("tenant", Operation.CHAT, numbered(digest, 250)))
                .isInstanceOf(Elsewhere.Unknown.class);
    }

    @Test
    void clientsThatLeaveDuringAnOutageAreToldOfAfterIt() throws IOException {
        try (BlackHole hole = BlackHole.before(URI.create(DATABASE.url()).getPort())) {
            ClusterOrphans cut = orphans(1, "aa");
            ClusterOrphans other = orphans(2, "bb");
            StoredNews news = news(
                    "postgresql://127.0.0.1:" + hole.port()
                            + URI.create(DATABASE.url()).getPath(),
                    ofFirst,
                    cut);
            news(DATABASE.url(), ofSecond, other);
            hole.cut();
            cut.left("tenant", Operation.CHAT, new byte[32], Duration.ofMinutes(5));
            await(news::isDeaf);
            assertThat(other.heard()).isZero();

            hole.heal();
            // The other one may hear it before the one that has told it knows that.
            await(() -> other.heard() == 1 && cut.told() == 1);
        }
    }

    @Test
    void whatNoRouterSaysIsCountedAndClosesNothing() throws SQLException {
        StoredNews first = news(DATABASE.url(), ofFirst);

        DATABASE.execute("notify openledger_news, 'closed everything for ever'");
        DATABASE.execute("notify openledger_news");
        DATABASE.execute("notify openledger_news, 'orphans of everybody'");

        await(() -> first.unknown() == 3);
        assertThat(ofFirst).isEmpty();
        assertThat(first.heard()).isZero();
    }

    @Test
    void whoDoesNotReachTheDatabaseIsDeafAndHearsAgainLater() throws IOException {
        try (BlackHole hole = BlackHole.before(URI.create(DATABASE.url()).getPort())) {
            String path = URI.create(DATABASE.url()).getPath();
            StoredNews cut = news("postgresql://127.0.0.1:" + hole.port() + path, ofFirst);
            StoredNews other = news(DATABASE.url(), ofSecond);
            hole.cut();
            await(cut::isDeaf);

            hole.heal();
            await(() -> !cut.isDeaf());
            other.closed(TARGET, Duration.ofSeconds(1));
            await(() -> ofFirst.size() == 1);
        }
    }

    private static byte[] numbered(byte[] digest, int number) {
        return ByteBuffer.wrap(digest.clone()).putInt(0, number).array();
    }

    private static ClusterMember member(long lane) {
        return new ClusterMember(new LaneId(lane), 1, "10.0.0." + lane + ":8081", true);
    }

    /** Of the router with that lane, of three. */
    private static ClusterOrphans orphans(long lane, String name) {
        RangeMap map = RangeMap.of(1, member(lane), List.of(), List.of(member(1), member(2), member(3)), Set.of());
        HopSeal seal = new HopSeal("0".repeat(32).getBytes(StandardCharsets.US_ASCII), "test");
        return new ClusterOrphans(seal, name.repeat(8), () -> map, System::nanoTime);
    }

    private StoredNews news(String url, List<Closed> heard) {
        String name = "%02x".formatted(open.size());
        return news(url, heard, orphans(1, name));
    }

    private StoredNews news(String url, List<Closed> heard, ClusterOrphans orphans) {
        StoredNews news = new StoredNews(
                DATABASE.vertx,
                DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD)),
                "%016x".formatted(open.size()),
                orphans,
                heard::add);
        open.add(news);
        news.open();
        await(() -> !news.isDeaf());
        return news;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
