package openledger.cli.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.archive.PublicDownload;
import openledger.audit.charge.BatchContent;
import openledger.audit.court.LaneChain.Committed;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.TilePath;
import openledger.unit.Hash32;

/**
 * Reads a batch from the lane's log as C2SP tlog-tiles, which a router may serve to everybody although it shows batches to few. Nothing of
 * it is believed either. Blocks.
 */
final class LogTiles {
    private static final int LARGEST_BUNDLE = TilePath.FULL * (Short.BYTES + LeafEncoding.BYTES);
    private static final int LARGEST_TILE = TilePath.FULL * Hash32.BYTES;

    private LogTiles() {}

    /**
     * The batch; empty if what is served is another log.
     *
     * @throws IOException if it is not served
     */
    static Optional<BatchContent> read(PublicDownload router, Committed committed)
            throws IOException, InterruptedException {
        BatchHeader header = committed.header();
        String log = "/log/" + header.lane().value() + "/";
        long first = header.firstIndex();
        if (first < 0 || header.count() < 1 || header.count() > BatchHeader.MOST_LEAVES) {
            return Optional.empty();
        }
        try {
            Map<TilePath, byte[]> tiles = new HashMap<>();
            for (TilePath path : LogEdge.needed(first)) {
                tiles.put(path, router.get(log + path, LARGEST_TILE));
            }
            List<Hash32> before = LogEdge.of(first, path -> tiles.getOrDefault(path, new byte[0]))
                    .trees();
            ByteArrayOutputStream leaves = new ByteArrayOutputStream();
            for (long bundle = first / TilePath.FULL; bundle * TilePath.FULL < header.size(); bundle++) {
                TilePath path =
                        TilePath.of(TilePath.ENTRIES, bundle, header.size()).orElseThrow();
                List<byte[]> entries = EntryBundle.entries(router.get(log + path, LARGEST_BUNDLE), path.width());
                long from = bundle * TilePath.FULL;
                for (int at = (int) Math.max(0, first - from); at < entries.size(); at++) {
                    leaves.writeBytes(entries.get(at));
                }
            }
            return BatchContent.of(committed, before, leaves.toByteArray());
        } catch (IllegalArgumentException notOfALog) {
            return Optional.empty();
        }
    }
}
