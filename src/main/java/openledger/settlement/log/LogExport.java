package openledger.settlement.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.Tile;
import openledger.commitment.log.TilePath;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Copies a lane's log into an archive, batch by batch. Nothing of the database is believed: tiles are computed from the leaves again, and
 * each batch has to lead to the root in its header. Each object is read back after it was written; one that is there already must be the
 * same, and is never replaced. So an export may end anywhere and be begun again, and two at once do no harm. Blocks. Confined to one thread.
 * Long because whatever is read or written is compared.
 */
public final class LogExport {
    private static final int LEAF = LeafEncoding.BYTES;
    /** Against others who write the same object. */
    private static final int TRIES = 16;

    private final LogArchive archive;
    private final LaneId lane;
    private final Map<Integer, Tile> openTiles = new HashMap<>();
    private Optional<BatchHeader> last;
    private LogEdge edge;
    /** Of the bundle that is not full. */
    private byte[] openLeaves;

    private Copied copied = new Copied(0, 0, 0);

    /**
     * What was done so far.
     *
     * @param objects written
     * @param bytes in them
     * @param found objects that were there already
     */
    public record Copied(long objects, long bytes, long found) {}

    /**
     * An export that goes on behind a batch.
     *
     * @param last that is in the archive, with all before it; empty for a new one
     * @param tiles of the log at the size of that batch; only those are asked for that are not full
     * @param openLeaves those of the bundle that is not full at that size, one behind the other
     * @throws IOException if tiles or leaves are not those of the log that the batch ends
     */
    public LogExport(
            LogArchive archive,
            LaneId lane,
            Optional<BatchHeader> last,
            Function<TilePath, byte[]> tiles,
            byte[] openLeaves)
            throws IOException {
        this.archive = archive;
        this.lane = lane;
        this.last = last;
        long size = last.map(BatchHeader::size).orElse(0L);
        this.openLeaves = openLeaves.clone();
        try {
            this.edge = LogEdge.of(size, tiles);
            for (TilePath path : LogEdge.needed(size)) {
                openTiles.put(path.level(), new Tile(path.level(), path.index(), tiles.apply(path)));
            }
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            throw new IOException(String.valueOf(wrong.getMessage()), wrong);
        }
        if (last.isPresent() && !edge.root().equals(last.get().root())) {
            throw new IOException("the tiles in the database do not lead to the root of batch "
                    + last.get().sequence());
        }
        int open = (int) (size % TilePath.FULL);
        byte[] hashes = Optional.ofNullable(open == 0 ? null : openTiles.get(0))
                .map(Tile::hashes)
                .orElse(new byte[0]);
        if (openLeaves.length != open * LEAF || !LeafHashes.match(openLeaves, 0, open, hashes, 0)) {
            throw new IOException("the leaves in the database before " + size + " have not the hashes of its tiles");
        }
    }

    /**
     * How far the export of a lane in an archive is; empty if there is none.
     *
     * @throws IOException if that cannot be read
     */
    public static Optional<ExportedLog> before(LogArchive archive, LaneId lane) throws IOException {
        String name = ArchiveNames.exported(lane);
        Optional<byte[]> there = archive.read(name, ExportedLog.MOST_BYTES);
        try {
            return there.map(ExportedLog::read);
        } catch (IllegalArgumentException wrong) {
            throw new IOException(name + " of the archive cannot be read: " + wrong.getMessage(), wrong);
        }
    }

    /** Whether an export of before ended with that batch of that log. */
    public static boolean isOf(ExportedLog before, BatchHeader header) {
        return before.equals(ExportedLog.of(header));
    }

    public Copied copied() {
        return copied;
    }

    /**
     * Copies the next batch.
     *
     * @throws IOException if it does not continue the one before, does not lead to its own roots, or cannot be put into the archive
     */
    public void add(BatchHeader header, BatchData.Data data) throws IOException {
        byte[] leaves = data.leaves();
        if (header.sequence() != last.map(BatchHeader::sequence).orElse(0L) + 1
                || !header.previousHead().equals(last.map(BatchHeader::head).orElse(Hash32.ZERO))
                || !header.lane().equals(lane)
                || header.firstIndex() != edge.size()) {
            throw new IOException("batch " + header.sequence() + " does not continue the one before");
        }
        LogEdge.Growth growth = edge.append(leaves, LEAF);
        if (leaves.length != header.count() * LEAF || !growth.edge().root().equals(header.root())) {
            throw new IOException("batch " + header.sequence() + ": its leaves do not match its header");
        }
        ArchivedBatch batch = new ArchivedBatch(header, data.records(), data.snapshots());
        try {
            batch.check();
        } catch (IllegalArgumentException wrong) {
            throw new IOException("batch " + header.sequence() + ": " + wrong.getMessage(), wrong);
        }
        put(ArchiveNames.batch(lane, header.sequence()), batch.encode());
        for (Tile tile : growth.tiles()) {
            if (tile.isFull()) {
                put(tile);
                openTiles.remove(tile.level());
            }
        }
        for (Tile tile : growth.tiles()) {
            if (!tile.isFull()) {
                openTiles.put(tile.level(), tile);
            }
        }
        bundles(leaves);
        edge = growth.edge();
        last = Optional.of(header);
    }

    private void bundles(byte[] leaves) throws IOException {
        byte[] all = Arrays.copyOf(openLeaves, openLeaves.length + leaves.length);
        System.arraycopy(leaves, 0, all, openLeaves.length, leaves.length);
        long bundle = edge.size() / TilePath.FULL;
        int full = TilePath.FULL * LEAF;
        int at = 0;
        for (; all.length - at >= full; at += full) {
            put(new TilePath(TilePath.ENTRIES, bundle++, TilePath.FULL), Arrays.copyOfRange(all, at, at + full));
        }
        openLeaves = Arrays.copyOfRange(all, at, all.length);
    }

    /** Notes that all batches so far are there; an export that ends goes on from here. */
    public void mark() throws IOException {
        if (last.isPresent()) {
            byte[] exported = ExportedLog.of(last.get()).toString().getBytes(StandardCharsets.UTF_8);
            advance(ArchiveNames.exported(lane), ExportedLog.MOST_BYTES, LogExport::exportedSize, exported);
        }
    }

    /**
     * Completes the log at its present size: what is not full of tiles and bundle, and then the checkpoint. Who reads the archive as a log
     * never sees a checkpoint that tiles are missing for.
     *
     * @param signer makes the signed checkpoint; without one the checkpoint of before stays, and so does that of a longer log
     */
    public void finish(Optional<Signer> signer) throws IOException {
        for (Tile tile : openTiles.values()) {
            put(tile);
        }
        if (openLeaves.length > 0) {
            long bundle = edge.size() / TilePath.FULL;
            put(new TilePath(TilePath.ENTRIES, bundle, openLeaves.length / LEAF), openLeaves);
        }
        if (last.isPresent() && signer.isPresent()) {
            SignedNote checkpoint = signer.get().sign(edge.size(), edge.root());
            byte[] signed = checkpoint.toString().getBytes(StandardCharsets.UTF_8);
            advance(ArchiveNames.checkpoint(lane), SignedNote.LONGEST, LogExport::checkpointSize, signed);
        }
        mark();
    }

    private static long exportedSize(byte[] exported) {
        return ExportedLog.read(exported).size();
    }

    private static long checkpointSize(byte[] note) {
        return Checkpoint.parse(SignedNote.parse(new String(note, StandardCharsets.UTF_8))
                        .text())
                .size();
    }

    /** Replaces what says how far the archive is, but never by less: another export may be ahead. */
    private void advance(String name, int most, ToLongFunction<byte[]> size, byte[] content) throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<byte[]> there = archive.read(name, most);
            try {
                if (there.isPresent()
                        && (Arrays.equals(there.get(), content) || size.applyAsLong(there.get()) > edge.size())) {
                    return;
                }
            } catch (IllegalArgumentException wrong) {
                throw new IOException(name + " of the archive cannot be read: " + wrong.getMessage(), wrong);
            }
            if (archive.write(name, there, content)) {
                return;
            }
        }
        throw new IOException(name + " of the archive is written by others all the time");
    }

    /** Signs the log at a size. */
    @FunctionalInterface
    public interface Signer {
        SignedNote sign(long size, Hash32 root);
    }

    private void put(Tile tile) throws IOException {
        int width = tile.hashes().length / Hash32.BYTES;
        put(ArchiveNames.tile(lane, new TilePath(tile.level(), tile.index(), width)), tile.hashes());
    }

    private void put(TilePath bundle, byte[] leaves) throws IOException {
        put(ArchiveNames.tile(lane, bundle), EntryBundle.of(leaves, LEAF));
    }

    private void put(String name, byte[] content) throws IOException {
        Optional<byte[]> there = archive.read(name, content.length);
        if (there.isPresent()) {
            found(name, there.get(), content);
            return;
        }
        boolean isOurs = archive.write(name, Optional.empty(), content);
        byte[] back = archive.read(name, content.length).orElse(new byte[0]);
        if (!isOurs) {
            found(name, back, content);
            return;
        }
        if (!Arrays.equals(back, content)) {
            throw new IOException(name + " was written, but the archive returns something else");
        }
        copied = new Copied(copied.objects + 1, copied.bytes + content.length, copied.found);
    }

    private void found(String name, byte[] there, byte[] content) throws IOException {
        if (!Arrays.equals(there, content)) {
            throw new IOException(name + " is in the archive with other content: it is damaged, or of another log");
        }
        copied = new Copied(copied.objects, copied.bytes, copied.found + 1);
    }
}
