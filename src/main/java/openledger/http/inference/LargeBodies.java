package openledger.http.inference;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Reads large bodies on one thread of their own: on an event loop, which shares its time between all clients, a body of 15 MB would block
 * everybody for a tenth of a second, and for longer if it has to be translated. Tenants take turns. How many bodies wait is bounded by the
 * memory for bodies, of which each tenant has a share. Thread-safe.
 *
 * <p>No worker of Vert.x: an idle one keeps the last task, its body and its result.
 */
final class LargeBodies {
    /** An event loop reads so many bytes in less time than other threads take to wake up and answer. */
    private static final int LARGEST_ON_LOOP = 64 * 1024;

    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("openledger-large-bodies").factory());
    /** By tenant, whose turn is next first. */
    private final SequencedMap<String, Queue<Runnable>> waiting = new LinkedHashMap<>();

    /** True for a body that is better read here. */
    static boolean isLarge(byte[] body) {
        return body.length > LARGEST_ON_LOOP;
    }

    /** Completes in the context that asks, which is the calling one. */
    <T> Future<T> read(String tenant, Supplier<T> how) {
        Context home = Objects.requireNonNull(Vertx.currentContext(), "on an event loop");
        Promise<T> read = Promise.promise();
        synchronized (waiting) {
            waiting.computeIfAbsent(tenant, first -> new ArrayDeque<>()).add(() -> {
                try {
                    T result = how.get();
                    home.runOnContext(back -> read.complete(result));
                } catch (RuntimeException bug) {
                    home.runOnContext(back -> read.fail(bug));
                }
            });
        }
        reader.execute(() -> next().run());
        return read.future();
    }

    /** As many are asked for as have been put in. */
    private Runnable next() {
        synchronized (waiting) {
            Map.Entry<String, Queue<Runnable>> turn = Objects.requireNonNull(waiting.pollFirstEntry());
            Runnable task = turn.getValue().remove();
            if (!turn.getValue().isEmpty()) {
                waiting.put(turn.getKey(), turn.getValue());
            }
            return task;
        }
    }
}
