package openledger.settlement.log;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.TilePath;
import openledger.settlement.log.ArchiveUnavailable.Why;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Reads back what was dropped from the database. Nothing is believed: leaves are held against the hashes of their tile, a batch against
 * its header, and the database keeps both. Fails with {@link ArchiveUnavailable}. Thread-safe; completes on any thread.
 */
public final class ArchivedLog {
    /** Of a router that has no archive. */
    public static final ArchivedLog NONE = new ArchivedLog(Optional.empty(), Runnable::run);

    private static final Duration LONGEST = Duration.ofSeconds(10);
    /** Bundles in memory, 25 kB each: whoever reads receipts or a batch wants neighbours. */
    private static final int MOST_KEPT = 64;

    private static final int BUNDLE_BYTES = TilePath.FULL * (Short.BYTES + LeafEncoding.BYTES);

    private final Optional<LogArchive> archive;
    private final Executor workers;
    /** Whoever may write the archive decides how large a batch is there, so one at a time is in memory until it is checked. */
    private final Semaphore large = new Semaphore(1);

    private final Map<String, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * Reads from an archive.
     *
     * @param workers that may wait; when they have too much to do and refuse, a read fails
     */
    public ArchivedLog(LogArchive archive, Executor workers) {
        this(Optional.of(archive), workers);
    }

    private ArchivedLog(Optional<LogArchive> archive, Executor workers) {
        this.archive = archive;
        this.workers = workers;
    }

    /**
     * Leaves of one bundle, one behind the other.
     *
     * @param first index in the log, from 0
     * @param count 1 to 256, none of them of the next bundle
     * @param hashes of the tile of level 0 with the same index, from its first to that of the last leaf at least
     */
    public Uni<byte[]> leaves(LaneId lane, long first, int count, byte[] hashes) {
        int from = (int) (first % TilePath.FULL);
        if (count < 1 || from + count > TilePath.FULL || hashes.length < (from + count) * Hash32.BYTES) {
            throw new IllegalArgumentException("no part of one bundle: " + first + ", " + count);
        }
        String name = ArchiveNames.tile(lane, bundle(first));
        return ask(() -> {
            LogArchive there = archive();
            byte[] all = leavesOf(there, name);
            byte[] part = Arrays.copyOfRange(all, from * LeafEncoding.BYTES, (from + count) * LeafEncoding.BYTES);
            if (!LeafHashes.match(part, 0, count, hashes, from)) {
                forget(name);
                throw unreadable(name, "it has other leaves than the log");
            }
            return part;
        });
    }

    /** Records and snapshots of a batch. */
    public Uni<ArchivedBatch> batch(BatchHeader header) {
        String name = ArchiveNames.batch(header.lane(), header.sequence());
        return ask(() -> alone(() -> {
            LogArchive there = archive();
            byte[] bytes = read(there, name, ArchivedBatch.MOST_BYTES);
            try {
                return ArchivedBatch.read(header, bytes);
            } catch (IllegalArgumentException wrong) {
                throw unreadable(name, String.valueOf(wrong.getMessage()));
            }
        }));
    }

    private <T> T alone(Supplier<T> work) {
        try {
            if (!large.tryAcquire(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ArchiveUnavailable(Why.UNREADABLE, "the archive is busy with another batch");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveUnavailable(Why.UNREADABLE, "interrupted", e);
        }
        try {
            return work.get();
        } finally {
            large.release();
        }
    }

    /**
     * Compares, byte for byte, what the archive returns now with a batch of the database; empty if all is there, else what is not.
     *
     * @param tiles of level 0 with the hashes of the batch's leaves, in order
     */
    Uni<Optional<String>> difference(BatchHeader header, BatchData.Data data, List<byte[]> tiles) {
        return ask(() -> {
            try {
                return alone(() -> {
                    compare(header, data, tiles);
                    return Optional.<String>empty();
                });
            } catch (ArchiveUnavailable lacking) {
                return Optional.of(String.valueOf(lacking.getMessage()));
            }
        });
    }

    private void compare(BatchHeader header, BatchData.Data data, List<byte[]> tiles) {
        LogArchive there = archive();
        String name = ArchiveNames.batch(header.lane(), header.sequence());
        byte[] wanted = new ArchivedBatch(header, data.records(), data.snapshots()).encode();
        if (!Arrays.equals(read(there, name, wanted.length), wanted)) {
            throw unreadable(name, "it is not what the database has");
        }
        int length = LeafEncoding.BYTES;
        for (long at = header.firstIndex(); at < header.size(); ) {
            String bundle = ArchiveNames.tile(header.lane(), bundle(at));
            int from = (int) (at % TilePath.FULL);
            int count = (int) Math.min(TilePath.FULL - from, header.size() - at);
            int done = (int) (at - header.firstIndex());
            byte[] hashes = tiles.get((int) (at / TilePath.FULL - header.firstIndex() / TilePath.FULL));
            if (!LeafHashes.match(data.leaves(), done, count, hashes, from)) {
                throw new ArchiveUnavailable(
                        Why.UNREADABLE, "the leaves in the database have not the hashes of its tiles");
            }
            byte[] leaves = split(read(there, bundle, BUNDLE_BYTES), bundle);
            if (!Arrays.equals(
                    leaves,
                    from * length,
                    (from + count) * length,
                    data.leaves(),
                    done * length,
                    (done + count) * length)) {
                throw unreadable(bundle, "it is not what the database has");
            }
            at += count;
        }
    }

    private static TilePath bundle(long leaf) {
        return new TilePath(TilePath.ENTRIES, leaf / TilePath.FULL, TilePath.FULL);
    }

    private byte[] leavesOf(LogArchive there, String bundle) {
        synchronized (kept) {
            byte[] known = kept.get(bundle);
            if (known != null) {
                return known;
            }
        }
        byte[] leaves = split(read(there, bundle, BUNDLE_BYTES), bundle);
        synchronized (kept) {
            kept.put(bundle, leaves);
        }
        return leaves;
    }

    private void forget(String bundle) {
        synchronized (kept) {
            kept.remove(bundle);
        }
    }

    /** The leaves of a full bundle, without their lengths. */
    private static byte[] split(byte[] bundle, String name) {
        byte[] leaves = new byte[TilePath.FULL * LeafEncoding.BYTES];
        int at = 0;
        try {
            for (byte[] leaf : EntryBundle.entries(bundle, TilePath.FULL)) {
                if (leaf.length != LeafEncoding.BYTES) {
                    throw unreadable(name, "it has an entry that is no leaf");
                }
                System.arraycopy(leaf, 0, leaves, at, leaf.length);
                at += leaf.length;
            }
        } catch (IllegalArgumentException wrong) {
            throw unreadable(name, String.valueOf(wrong.getMessage()));
        }
        return leaves;
    }

    private LogArchive archive() {
        return archive.orElseThrow(() -> new ArchiveUnavailable(
                Why.NOT_CONFIGURED, "these data were exported and dropped, and there is no openledger.log.archive"));
    }

    private static byte[] read(LogArchive there, String name, int most) {
        try {
            return there.read(name, most).orElseThrow(() -> unreadable(name, "it is not there"));
        } catch (IOException e) {
            throw new ArchiveUnavailable(Why.UNREADABLE, name + ": " + e.getMessage(), e);
        }
    }

    private static ArchiveUnavailable unreadable(String name, String reason) {
        return new ArchiveUnavailable(Why.UNREADABLE, "the archive's " + name + ": " + reason);
    }

    private <T> Uni<T> ask(Supplier<T> work) {
        return Uni.createFrom()
                .item(work)
                .runSubscriptionOn(workers)
                .ifNoItem()
                .after(LONGEST)
                .fail()
                .onFailure(late -> late instanceof TimeoutException || late instanceof RejectedExecutionException)
                .transform(late -> new ArchiveUnavailable(Why.UNREADABLE, "the archive does not answer in time", late));
    }
}
