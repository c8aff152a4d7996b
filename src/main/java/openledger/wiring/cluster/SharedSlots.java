package openledger.wiring.cluster;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import openledger.cluster.slot.TargetSlots;
import openledger.inference.Timekeeper;
import openledger.store.DatabaseServers;
import openledger.store.cluster.StoredSlots;
import org.jboss.logging.Logger;

/** Slots of targets that this router shares with others, and what they are taken from. Thread-safe. */
public final class SharedSlots {
    private static final Logger LOG = Logger.getLogger(SharedSlots.class);
    private static final Duration LONGEST_OPEN = Duration.ofSeconds(2);

    private final StoredSlots engine;
    private final SlotLoop loop;

    /** Slots of which none can be had before they are opened. */
    SharedSlots(Vertx vertx, DatabaseServers database, Timekeeper time) {
        this.engine = new StoredSlots(vertx, database, this::lacked);
        this.loop = new SlotLoop(vertx, engine, time);
    }

    private void lacked(String target) {
        loop.slots().heard(target);
    }

    TargetSlots slots() {
        return loop.slots();
    }

    /** Whether no part can be renewed. */
    public boolean isDegraded() {
        return loop.slots().isLost();
    }

    /** Blocks until there is a part of each target, for two seconds at most: requests that come before would find none. */
    void open() {
        try {
            loop.open(engine::open).toCompletableFuture().get(LONGEST_OPEN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("there are no slots for each target yet, and requests for those without wait");
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
    }

    void close() {
        loop.close(engine::close);
    }
}
