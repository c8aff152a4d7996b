package openledger.commitment.log;

import openledger.unit.Hash32;

/**
 * A tile of a log as it is at some size: C2SP tlog-tiles. A later one with the same level and index begins with the same hashes.
 *
 * @param level 0 to 7
 * @param index among those of its level, from 0
 * @param hashes 1 to 256 of them, 32 bytes each; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // kilobytes that nobody compares
public record Tile(int level, long index, byte[] hashes) {
    /** Bytes of a full one. */
    static final int BYTES = TilePath.FULL * Hash32.BYTES;

    /** True if nothing will be added to it. */
    public boolean isFull() {
        return hashes.length == BYTES;
    }
}
