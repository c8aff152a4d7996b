package openledger.audit;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.tree.Keccak256;
import openledger.commitment.tree.MerkleTree;
import openledger.unit.Hash32;

/** Batches as a router can publish them that puts any bytes under a header: the registry holds hashes and looks at nothing. */
public final class Reheaded {
    private Reheaded() {}

    /** The same batch over other leaves. */
    static PublishedBatch with(PublishedBatch batch, byte[] leaves) {
        List<byte[]> snapshots =
                batch.snapshots().stream().map(SnapshotEncoding::encode).toList();
        return with(batch, leaves, snapshots);
    }

    /** The same batch over other leaves and snapshots. */
    static PublishedBatch with(PublishedBatch batch, byte[] leaves, List<byte[]> snapshots) {
        return PublishedBatch.of(
                header(batch.header(), batch.header().previousHead(), leaves, snapshots), leaves, snapshots);
    }

    /** A header like another one, of these data. */
    public static BatchHeader header(BatchHeader like, Hash32 previous, byte[] leaves, List<byte[]> snapshots) {
        return new BatchHeader(
                like.chainId(),
                like.registry(),
                like.lane(),
                like.sequence(),
                previous,
                like.policyHash(),
                like.firstSnapshot(),
                like.firstSnapshot() + snapshots.size() - 1,
                snapshots.isEmpty()
                        ? Hash32.ZERO
                        : MerkleTree.ofTexts(snapshots).root(),
                like.firstCounter(),
                like.lastCounter(),
                leaves.length / LeafEncoding.BYTES,
                like.outcomes(),
                MerkleTree.of(leaves).root(),
                Hash32.of(Keccak256.digest(leaves)),
                like.recordsHash(),
                like.firstMillis(),
                like.lastMillis());
    }
}
