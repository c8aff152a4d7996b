package openledger.audit;

import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogHasher;
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
                header(batch.header(), batch.header().previousHead(), batch.before(), leaves, snapshots),
                batch.before(),
                leaves,
                snapshots);
    }

    /** A header like another one, of these data. */
    public static BatchHeader header(
            BatchHeader like, Hash32 previous, List<Hash32> before, byte[] leaves, List<byte[]> snapshots) {
        CompactRange log = new CompactRange(like.firstIndex(), before);
        for (int at = 0; at < leaves.length; at += LeafEncoding.BYTES) {
            log.append(new LogHasher().entry(leaves, at, LeafEncoding.BYTES), (level, index, root) -> {});
        }
        return new BatchHeader(
                like.chainId(),
                like.registry(),
                like.lane(),
                like.sequence(),
                previous,
                like.policyHash(),
                like.firstSnapshot(),
                like.firstSnapshot() + snapshots.size() - 1,
                snapshots.isEmpty() ? Hash32.ZERO : new HashedEntries(snapshots).root(),
                like.firstCounter(),
                like.lastCounter(),
                like.completeThrough(),
                leaves.length / LeafEncoding.BYTES,
                like.outcomes(),
                log.size(),
                log.root(),
                like.recordsRoot(),
                like.firstMillis(),
                like.lastMillis());
    }
}
