package openledger.settlement.log;

import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.LogHasher;
import openledger.unit.Hash32;

/** Holds leaves against the tile that has their hashes. */
final class LeafHashes {
    private LeafHashes() {}

    /**
     * Whether leaves have the hashes of a tile.
     *
     * @param leaves one behind the other
     * @param first of those that are compared
     * @param count how many are
     * @param tile of level 0
     * @param at place in the tile of the first
     */
    static boolean match(byte[] leaves, int first, int count, byte[] tile, int at) {
        if (leaves.length < (first + count) * LeafEncoding.BYTES || tile.length < (at + count) * Hash32.BYTES) {
            return false;
        }
        LogHasher hasher = new LogHasher();
        for (int i = 0; i < count; i++) {
            Hash32 hash = hasher.entry(leaves, (first + i) * LeafEncoding.BYTES, LeafEncoding.BYTES);
            if (!hash.equals(Hash32.of(tile, (at + i) * Hash32.BYTES))) {
                return false;
            }
        }
        return true;
    }
}
