package openledger.store.key;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.KeyDirectory;
import openledger.inference.Timekeeper;
import openledger.store.DatabaseServers;

/**
 * The live keys of the database, in memory: an immutable snapshot that is swapped whole, so a look-up takes no lock. A
 * revoked key is refused within two seconds of the revocation's commit for as long as we reach the database (see
 * {@link KeyWatch}); beyond {@code maxStaleness} without it, all keys of the database are. Thread-safe.
 */
public final class StoredKeys implements KeyDirectory {
    private final Timekeeper time;
    private final long maxStalenessNanos;
    private final KeyWatch watch;
    private volatile Snapshot snapshot;

    /** Keys of the database that {@code database}; none until they have been read. */
    public StoredKeys(Vertx vertx, DatabaseServers database, Timekeeper time, Duration maxStaleness) {
        this.time = time;
        this.maxStalenessNanos = maxStaleness.toNanos();
        this.snapshot = new Snapshot(Map.of(), time.nanoTime() - maxStalenessNanos - 1);
        this.watch = new KeyWatch(vertx, database, time, this::take);
    }

    /** Starts to follow the database; completes when the keys have been read for the first time. */
    public Uni<Void> open() {
        return Uni.createFrom().completionStage(() -> watch.open().toCompletionStage());
    }

    /** Follows it no longer. */
    public void close() {
        watch.close();
    }

    @Override
    public Optional<Caller> byDigest(KeyDigest digest) {
        Snapshot now = snapshot;
        StoredKey key = now.keys.get(digest);
        if (key == null) {
            return Optional.empty();
        }
        long nanos = time.nanoTime();
        boolean live = key.endsAtNanos() - nanos > 0 && nanos - now.seenNanos <= maxStalenessNanos;
        return live ? Optional.of(key.caller()) : Optional.empty();
    }

    /** Whether the keys are known as they were within {@code maxStaleness}. */
    public boolean isFresh() {
        return time.nanoTime() - snapshot.seenNanos <= maxStalenessNanos;
    }

    /** Live keys at the last look. */
    public int size() {
        return snapshot.keys.size();
    }

    private void take(KeyWatch.Seen seen) {
        snapshot = switch (seen) {
            case KeyWatch.Unchanged(var at) -> new Snapshot(snapshot.keys, at);
            case KeyWatch.Changed(var version, var keys, var at) -> new Snapshot(keys, at);
        };
    }

    /**
     * A key that was live when it was read.
     *
     * @param endsAtNanos when it ends by itself, by our monotonic clock; far ahead if it does not
     */
    record StoredKey(Caller caller, long endsAtNanos) {}

    /** What was found at {@code seenNanos}, the moment before the question was sent. */
    private record Snapshot(Map<KeyDigest, StoredKey> keys, long seenNanos) {}
}
