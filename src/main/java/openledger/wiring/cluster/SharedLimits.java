package openledger.wiring.cluster;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.IntSupplier;
import openledger.cluster.share.KeyShares;
import openledger.cluster.share.ShareEngine.Answer;
import openledger.cluster.share.ShareEngine.Question;
import openledger.inference.Timekeeper;
import openledger.store.DatabaseServers;
import openledger.store.cluster.StoredShares;

/**
 * Limits of keys that this router shares with others, and what they are taken from: without that nothing is granted, so that whoever is cut
 * off never lets through what the others have as well. Thread-safe.
 */
public final class SharedLimits {
    private static final AskingLoop.Pace PACE = new AskingLoop.Pace(Duration.ofMillis(5), Duration.ofMillis(100));

    private final StoredShares engine;
    private final KeyShares shares;
    private final AskingLoop<Question, Answer> loop;

    /**
     * Limits of which nothing can be had before they are opened.
     *
     * @param routers how many there are
     */
    SharedLimits(Vertx vertx, DatabaseServers database, Timekeeper time, IntSupplier routers) {
        this.engine = new StoredShares(vertx, database);
        this.shares = new KeyShares(routers, this::wake);
        this.loop = new AskingLoop<>(vertx, time, PACE, shares, engine::ask, () -> {});
    }

    private void wake() {
        loop.wake();
    }

    KeyShares shares() {
        return shares;
    }

    /** Whether requests of keys that have limits are refused, because nobody knows how the limits stand. */
    public boolean isDegraded() {
        return shares.isLost();
    }

    void open() {
        loop.open(engine::open);
    }

    void close() {
        loop.close(engine::close);
    }
}
