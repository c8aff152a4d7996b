package openledger.store.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import openledger.cluster.ClosureNews;
import openledger.cluster.News;
import openledger.cluster.TargetKey;
import openledger.cluster.orphan.ClusterOrphans;
import openledger.cluster.orphan.OrphanWords;
import openledger.store.DatabaseServers;

/**
 * News by {@code NOTIFY} of PostgreSQL, on a connection of its own. Whoever may use the database may say anything there, so what is heard
 * is bounded, and can do no more than close a target for a day, or have a retry forwarded in vain. Thread-safe.
 */
public final class StoredNews implements News {
    private static final String CHANNEL = "openledger_news";
    private static final ClusterLink.Purpose LINK = new ClusterLink.Purpose(
            CHANNEL,
            Duration.ofSeconds(1),
            "closures of targets cannot be told to other routers, nor which clients have left",
            "closures of targets are told to other routers again, and which clients have left");
    private static final String TELL = "select pg_notify('" + CHANNEL + "', $1)";
    /** A connection that is silent for longer is ended. */
    private static final long BETWEEN_SIGNS_MILLIS = 3_000;

    /** Between two messages about clients that have left: as many of them as may be go into one. */
    private static final long BETWEEN_ORPHANS_MILLIS = 20;

    private static final long AFTER_FAILURE_MILLIS = 250;

    private final Vertx vertx;
    private final Context loop;
    private final ClusterLink link;
    private final ClosureNews words;
    private final ClusterOrphans orphans;
    private final Consumer<ClosureNews.Closed> closes;
    private final LongAdder heard = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private volatile boolean isDeaf;
    private long signs = -1;
    /** Until the message about clients that have left is told, and the next may be. On our loop. */
    private boolean isTellingOrphans;

    private boolean isClosed;

    /**
     * News that are not heard yet.
     *
     * @param ourselves 16 hexadecimal digits that no other router has
     * @param orphans whose clients have left, here and elsewhere
     * @param closes told of the closures that are heard, on an event loop
     */
    public StoredNews(
            Vertx vertx,
            DatabaseServers database,
            String ourselves,
            ClusterOrphans orphans,
            Consumer<ClosureNews.Closed> closes) {
        this.vertx = vertx;
        this.words = new ClosureNews(ourselves);
        this.orphans = orphans;
        this.loop = vertx.getOrCreateContext();
        this.closes = closes;
        this.link = new ClusterLink(vertx, database, LINK, this::inReach, this::hear);
    }

    /** Begins, and goes on for as long as it takes. */
    public void open() {
        isDeaf = true;
        orphans.whenWaiting(() -> loop.runOnContext(go -> tellOrphans()));
        loop.runOnContext(go -> {
            link.open();
            signs = vertx.setPeriodic(BETWEEN_SIGNS_MILLIS, due -> {
                isDeaf = !link.isOpen();
                link.ask("select 1", Tuple.tuple()).onSuccess(fine -> {
                    inReach();
                    // Until we hold a lane there is nothing to be told.
                    tellOrphans();
                });
            });
        });
    }

    public void close() {
        loop.runOnContext(go -> {
            vertx.cancelTimer(signs);
            isClosed = true;
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

    /** One message at a time, so that what comes meanwhile goes into the next. */
    private void tellOrphans() {
        if (isTellingOrphans || isClosed) {
            return;
        }
        orphans.next().ifPresent(message -> {
            isTellingOrphans = true;
            link.ask(TELL, Tuple.of(message.words())).onComplete(said -> {
                if (said.succeeded()) {
                    orphans.told(message);
                } else {
                    orphans.untold(message);
                }
                vertx.setTimer(said.succeeded() ? BETWEEN_ORPHANS_MILLIS : AFTER_FAILURE_MILLIS, due -> {
                    isTellingOrphans = false;
                    tellOrphans();
                });
            });
        });
    }

    private void hear(String said) {
        if (said.startsWith(OrphanWords.FIRST)) {
            if (!orphans.hear(said)) {
                unknown.increment();
            }
            return;
        }
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
