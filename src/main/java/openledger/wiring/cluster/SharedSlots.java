package openledger.wiring.cluster;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.TargetSlots;
import openledger.inference.Timekeeper;
import openledger.store.DatabaseServers;
import openledger.store.cluster.StoredSlots;
import org.jboss.logging.Logger;

/** Slots of targets that this router shares with others, and what they are taken from. Thread-safe. */
public final class SharedSlots {
    private static final Logger LOG = Logger.getLogger(SharedSlots.class);
    private static final Duration LONGEST_OPEN = Duration.ofSeconds(2);

    private static final AskingLoop.Pace PACE = new AskingLoop.Pace(Duration.ofMillis(10), Duration.ofMillis(50));

    private final StoredSlots engine;
    private final TargetSlots slots;
    private final AskingLoop<Question, List<Grant>> loop;
    /** Complete once each target has a part. */
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** Slots of which none can be had before they are opened. */
    SharedSlots(Vertx vertx, DatabaseServers database, Timekeeper time) {
        this.engine = new StoredSlots(vertx, database, this::lacked);
        this.slots = new TargetSlots(time::nanoTime, this::wake);
        this.loop = new AskingLoop<>(vertx, time, PACE, slots, engine::ask, this::heard);
    }

    private void wake() {
        loop.wake();
    }

    private void lacked(String target) {
        slots.heard(target);
    }

    private void heard() {
        if (slots.isReady()) {
            ready.complete(null);
        }
    }

    TargetSlots slots() {
        return slots;
    }

    /** Whether no part can be renewed. */
    public boolean isDegraded() {
        return slots.isLost();
    }

    /** Blocks until there is a part of each target, for two seconds at most: requests that come before would find none. */
    void open() {
        loop.open(engine::open);
        try {
            ready.get(LONGEST_OPEN.toMillis(), TimeUnit.MILLISECONDS);
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
