package openledger.store.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import openledger.cluster.ClosureNews.Closed;
import openledger.cluster.TargetKey;
import openledger.demo.LocalPostgres;
import openledger.store.DatabaseServers;
import openledger.store.SettlementDatabase;
import openledger.support.BlackHole;
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
    void whatNoRouterSaysIsCountedAndClosesNothing() throws SQLException {
        StoredNews first = news(DATABASE.url(), ofFirst);

        DATABASE.execute("notify openledger_news, 'closed everything for ever'");
        DATABASE.execute("notify openledger_news");

        await(() -> first.unknown() == 2);
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

    private StoredNews news(String url, List<Closed> heard) {
        StoredNews news = new StoredNews(
                DATABASE.vertx,
                DatabaseServers.at(url, Optional.of(LocalPostgres.USER), Optional.of(LocalPostgres.PASSWORD)),
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
