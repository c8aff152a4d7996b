package openledger.store.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import openledger.cluster.ClosureNews;
import openledger.cluster.News;
import openledger.cluster.TargetKey;
import openledger.store.DatabaseServers;

/**
 * News by {@code NOTIFY} of PostgreSQL, on a connection of its own. Whoever may use the database may say anything there, so what is heard
 * is bounded, and can do no more than close a target for a day. Thread-safe.
 */
public final class StoredNews implements News {
    private static final String CHANNEL = "openledger_news";
    private static final ClusterLink.Purpose LINK = new ClusterLink.Purpose(
            CHANNEL,
            Duration.ofSeconds(1),
            "closures of targets cannot be told to other routers",
            "closures of targets are told to other routers again");
    private static final String TELL = "select pg_notify('" + CHANNEL + "', $1)";
    /** A connection that is silent for longer is ended. */
    private static final long BETWEEN_SIGNS_MILLIS = 3_000;

    private static final int DIGITS = 16;

    private final Vertx vertx;
    private final Context loop;
    private final ClusterLink link;
    private final ClosureNews words = new ClosureNews(
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(), DIGITS));
    private final Consumer<ClosureNews.Closed> closes;
    private final LongAdder heard = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private volatile boolean isDeaf;
    private long signs = -1;

    /**
     * News that are not heard yet.
     *
     * @param closes told of what is heard, on an event loop
     */
    public StoredNews(Vertx vertx, DatabaseServers database, Consumer<ClosureNews.Closed> closes) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.closes = closes;
        this.link = new ClusterLink(vertx, database, LINK, this::inReach, this::hear);
    }

    /** Begins, and goes on for as long as it takes. */
    public void open() {
        isDeaf = true;
        loop.runOnContext(go -> {
            link.open();
            signs = vertx.setPeriodic(BETWEEN_SIGNS_MILLIS, due -> {
                isDeaf = !link.isOpen();
                link.ask("select 1", Tuple.tuple()).onSuccess(fine -> inReach());
            });
        });
    }

    public void close() {
        loop.runOnContext(go -> {
            vertx.cancelTimer(signs);
            link.close();
        });
    }

    private void inReach() {
        isDeaf = false;
        link.followed();
    }

    /** Whether nothing is told or heard. */
    public boolean isDeaf() {
        return isDeaf;
    }

    /** Closures that other routers have told us. */
    public long heard() {
        return heard.sum();
    }

    /** What was said that no router says. */
    public long unknown() {
        return unknown.sum();
    }

    @Override
    public void closed(TargetKey target, Duration left) {
        words.tell(target, left, System.nanoTime())
                .ifPresent(said -> loop.runOnContext(go -> link.ask(TELL, Tuple.of(said))));
    }

    private void hear(String said) {
        switch (words.read(said)) {
            case ClosureNews.Closed closed -> {
                heard.increment();
                closes.accept(closed);
            }
            case ClosureNews.Ours ours -> {}
            case ClosureNews.Unknown nothing -> unknown.increment();
        }
    }
}
