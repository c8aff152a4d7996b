package openledger.chaos.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.LogNodes;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;

/** A log of leaves that grows as a router's does, its tiles in memory. Confined to one thread. */
final class GrowingLog {
    private final Map<TilePath, byte[]> tiles = new HashMap<>();
    private LogEdge edge = LogEdge.EMPTY;

    /** Appends leaves, one behind the other. */
    void append(byte[] leaves) {
        LogEdge.Growth growth = edge.append(leaves, LeafEncoding.BYTES);
        growth.tiles().forEach(tile -> tiles.put(whole(tile.level(), tile.index()), tile.hashes()));
        edge = growth.edge();
    }

    private static TilePath whole(int level, long index) {
        return new TilePath(level, index, TilePath.FULL);
    }

    long size() {
        return edge.size();
    }

    /** Its nodes as they are. */
    LogNodes nodes() {
        return new TiledLog(
                edge.size(), path -> path.of(Objects.requireNonNull(tiles.get(whole(path.level(), path.index())))));
    }

    /** What it says of itself, signed. */
    SignedNote checkpoint(NoteSigner signer) {
        String text = new Checkpoint(signer.key().name(), edge.size(), edge.root()).toString();
        return new SignedNote(text, List.of(signer.sign(text, 0)));
    }
}
