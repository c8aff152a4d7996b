package openledger.cli.log;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import openledger.cli.log.CheckpointKey.Signing;
import openledger.cli.log.CheckpointKey.Signing.Signs;
import openledger.cli.log.CheckpointKey.Signing.SignsNot;
import openledger.commitment.BatchHeader;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.TilePath;
import openledger.settlement.log.ArchivedBatch;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.BatchData;
import openledger.settlement.log.BatchData.Data;
import openledger.settlement.log.BatchData.Kept;
import openledger.settlement.log.ExportedLog;
import openledger.settlement.log.LogArchive;
import openledger.settlement.log.LogExport;
import openledger.settlement.log.LogReads;
import openledger.store.LaneDatabase;
import openledger.unit.LaneId;

/** Copies a lane from the database to an archive, page by page: no more than some batches are in memory. Confined to one thread. */
public final class LaneExport {
    /** Batches are 100 kB as a rule, and 80 MB at most. */
    private static final int PAGE = 4;

    private static final int MARK_EVERY = 256;
    private static final Duration SAY_EVERY = Duration.ofSeconds(5);

    private final LaneDatabase database;
    private final LogArchive target;
    private final ArchivedLog dropped;
    private final Consumer<String> say;
    private long saidNanos;

    /** Where an export begins. */
    public enum Begin {
        /** Behind the last batch that is in the archive. */
        WHERE_IT_STOPPED,
        /** So that all that is there is compared again. */
        FIRST_BATCH
    }

    /**
     * An export.
     *
     * @param dropped that has what is in the database no more
     * @param say prints a line
     */
    public LaneExport(LaneDatabase database, LogArchive target, LogArchive dropped, Consumer<String> say) {
        this.database = database;
        this.target = target;
        this.dropped = new ArchivedLog(dropped, Thread::startVirtualThread);
        this.say = say;
        this.saidNanos = System.nanoTime();
    }

    /** The lanes that can be exported. */
    public List<LaneId> lanes() throws IOException {
        return now(database.lanes());
    }

    /**
     * Copies all batches that the lane has now.
     *
     * @param signing of the log that a batch is of
     * @throws IOException with a reason for people, if not all of them are there; what is there stays, and may be gone on from
     */
    public void run(LaneId lane, Begin begin, Function<BatchHeader, Signing> signing) throws IOException {
        BatchData batches = database.batches(lane);
        LogReads log = database.log(lane, dropped);
        Optional<BatchHeader> last =
                begin == Begin.FIRST_BATCH ? Optional.empty() : last(batches, LogExport.before(target, lane));
        long first = sequence(last) + 1;
        long end = now(log.newest()).size();
        LogExport export = open(lane, last, log);
        for (long size = size(last); size < end; size = size(last)) {
            List<Kept> page = now(batches.after(sequence(last), PAGE));
            if (page.isEmpty()) {
                throw new IOException("the database has a log of " + end + " leaves, and batches for " + size);
            }
            for (Kept batch : page) {
                export.add(batch.header(), data(batch, log));
                last = Optional.of(batch.header());
                if (batch.header().sequence() % MARK_EVERY == 0) {
                    export.mark();
                }
                progress(batch.header(), end);
            }
        }
        Signing signed = last.map(signing).orElseGet(() -> new SignsNot("there is no batch"));
        export.finish(signed instanceof Signs(LogExport.Signer signer) ? Optional.of(signer) : Optional.empty());
        LogExport.Copied copied = export.copied();
        String batch = first > sequence(last) ? "no new batch" : "batches " + first + " to " + sequence(last);
        say.accept("Lane " + lane.value() + ": " + batch + ", log of " + size(last) + " leaves, at " + target + ": "
                + copied.objects() + " objects written (" + copied.bytes() + " bytes), " + copied.found()
                + " were there; "
                + (signed instanceof SignsNot(String why)
                        ? "the checkpoint is not signed: " + why + "."
                        : "checkpoint signed."));
    }

    private static long sequence(Optional<BatchHeader> last) {
        return last.map(BatchHeader::sequence).orElse(0L);
    }

    private static long size(Optional<BatchHeader> last) {
        return last.map(BatchHeader::size).orElse(0L);
    }

    private Optional<BatchHeader> last(BatchData batches, Optional<ExportedLog> before) throws IOException {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        ExportedLog exported = before.get();
        List<Kept> found = now(batches.after(exported.sequence() - 1, 1));
        if (found.isEmpty() || !LogExport.isOf(exported, found.getFirst().header())) {
            throw new IOException("there is an export of another log at " + target + ": batch " + exported.sequence()
                    + " of lane " + exported.lane().value() + " is another in this database");
        }
        return Optional.of(found.getFirst().header());
    }

    private LogExport open(LaneId lane, Optional<BatchHeader> last, LogReads log) throws IOException {
        long size = size(last);
        int open = (int) (size % TilePath.FULL);
        byte[] leaves = open == 0 ? new byte[0] : leaves(log, size - open, open);
        Map<TilePath, byte[]> tiles = new HashMap<>();
        for (TilePath path : LogEdge.needed(size)) {
            tiles.put(path, now(log.tile(path)).orElseThrow(() -> new IOException("the database has no " + path)));
        }
        return new LogExport(target, lane, last, path -> Objects.requireNonNull(tiles.get(path)), leaves);
    }

    private byte[] leaves(LogReads log, long first, int count) throws IOException {
        return now(log.leaves(first, count))
                .orElseThrow(() -> new IOException("the database has not all leaves from " + first + " on"));
    }

    private Data data(Kept batch, LogReads log) throws IOException {
        if (batch.data().isPresent()) {
            return batch.data().get();
        }
        BatchHeader header = batch.header();
        ArchivedBatch archived = now(dropped.batch(header));
        return new Data(leaves(log, header.firstIndex(), header.count()), archived.records(), archived.snapshots());
    }

    private void progress(BatchHeader batch, long end) {
        long now = System.nanoTime();
        if (now - saidNanos > SAY_EVERY.toNanos()) {
            saidNanos = now;
            say.accept("Batch " + batch.sequence() + ", " + batch.size() + " of " + end + " leaves ...");
        }
    }

    /** Whatever goes wrong with the database or the archive is for people to read. */
    private <T> T now(Uni<T> answer) throws IOException {
        try {
            return answer.await().indefinitely();
        } catch (RuntimeException e) {
            throw new IOException(database.trouble(e), e);
        }
    }
}
