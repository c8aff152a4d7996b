package openledger.audit;

import java.util.ArrayList;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.Keccak256;
import openledger.commitment.Leaf;
import openledger.commitment.LeafEncoding;
import openledger.commitment.MerkleTree;
import openledger.commitment.SnapshotEncoding;
import openledger.routing.Snapshot;
import openledger.unit.Hash32;

/**
 * A batch whose data agree with its header. Immutable.
 *
 * @param header what is on chain
 * @param leaves in order
 * @param snapshots of the header's numbers, in order
 */
public record PublishedBatch(BatchHeader header, List<Leaf> leaves, List<Snapshot> snapshots) {
    public PublishedBatch {
        leaves = List.copyOf(leaves);
        snapshots = List.copyOf(snapshots);
    }

    /**
     * Reads a batch's data and holds them against its header.
     *
     * @param leaves 96 bytes each
     * @param snapshots {@link SnapshotEncoding} each
     * @throws IllegalArgumentException that says what does not agree
     */
    public static PublishedBatch of(BatchHeader header, byte[] leaves, List<byte[]> snapshots) {
        String batch = "batch " + header.sequence() + ": ";
        if (leaves.length != header.count() * LeafEncoding.BYTES) {
            throw new IllegalArgumentException(batch + "its header counts " + header.count() + " leaves, there are "
                    + leaves.length / LeafEncoding.BYTES);
        }
        if (!Hash32.of(Keccak256.digest(leaves)).equals(header.leavesHash())
                || !MerkleTree.of(leaves).root().equals(header.root())) {
            throw new IllegalArgumentException(batch + "its leaves are not those of the header");
        }
        Hash32 root = snapshots.isEmpty()
                ? Hash32.ZERO
                : MerkleTree.ofTexts(snapshots).root();
        if (!root.equals(header.snapshotRoot())) {
            throw new IllegalArgumentException(batch + "its snapshots are not those of the header");
        }
        List<Snapshot> views = new ArrayList<>();
        for (byte[] bytes : snapshots) {
            Snapshot snapshot = SnapshotEncoding.decode(bytes);
            if (snapshot.number() != header.firstSnapshot() + views.size()) {
                throw new IllegalArgumentException(batch + "snapshot " + snapshot.number() + " stands where "
                        + (header.firstSnapshot() + views.size()) + " belongs");
            }
            views.add(snapshot);
        }
        if (views.size() != header.lastSnapshot() - header.firstSnapshot() + 1) {
            throw new IllegalArgumentException(batch + "it does not have all snapshots of its header");
        }
        List<Leaf> all = decoded(leaves);
        long outcomes = all.stream()
                .filter(leaf -> leaf.stage() instanceof Leaf.Stage.Ended)
                .count();
        if (outcomes != header.outcomes()) {
            throw new IllegalArgumentException(
                    batch + "its header counts " + header.outcomes() + " outcomes, there are " + outcomes);
        }
        return new PublishedBatch(header, all, views);
    }

    private static List<Leaf> decoded(byte[] bytes) {
        List<Leaf> leaves = new ArrayList<>(bytes.length / LeafEncoding.BYTES);
        for (int at = 0; at < bytes.length; at += LeafEncoding.BYTES) {
            byte[] leaf = new byte[LeafEncoding.BYTES];
            System.arraycopy(bytes, at, leaf, 0, leaf.length);
            leaves.add(LeafEncoding.decode(leaf));
        }
        return leaves;
    }
}
