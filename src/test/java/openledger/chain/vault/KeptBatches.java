package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.stake.ShownLeaf;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.SettledBatch;
import openledger.support.StakedLane;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/** What a router keeps of a lane whose batches a test has made; as long as the test lets it. Confined to one thread. */
final class KeptBatches implements Batches {
    final List<StakedLane.Batch> batches = new ArrayList<>();

    private Optional<StakedLane.Batch> of(long sequence) {
        return batches.stream()
                .filter(batch -> batch.header().sequence() == sequence)
                .findFirst();
    }

    private static SettledBatch settled(StakedLane.Batch batch) {
        return new SettledBatch(
                batch.header(),
                batch.header().head(),
                ConfirmationLevel.SEQUENCED,
                Optional.empty(),
                Optional.of(batch.inclusion()),
                List.of());
    }

    @Override
    public Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence) {
        return Uni.createFrom().item(of(sequence).map(KeptBatches::settled));
    }

    @Override
    public Uni<List<SettledBatch>> list(LaneId lane, long before, int limit) {
        return Uni.createFrom().failure(new UnsupportedOperationException("nobody lists here"));
    }

    @Override
    public Uni<Optional<byte[]>> leaves(LaneId lane, long sequence) {
        return Uni.createFrom().item(of(sequence).map(batch -> {
            ByteBuffer all =
                    ByteBuffer.allocate(LeafEncoding.BYTES * batch.leaves().size());
            batch.leaves().forEach(all::put);
            return all.array();
        }));
    }

    @Override
    public Uni<Optional<byte[]>> records(LaneId lane, long sequence) {
        return Uni.createFrom().item(of(sequence).map(batch -> {
            ByteBuffer all = ByteBuffer.allocate(batch.recordBytes().stream()
                    .mapToInt(record -> Short.BYTES + record.length)
                    .sum());
            batch.recordBytes()
                    .forEach(record -> all.putShort((short) record.length).put(record));
            return all.array();
        }));
    }

    @Override
    public Uni<List<Hash32>> trees(LaneId lane, long size) {
        return Uni.createFrom()
                .item(batches.stream()
                        .filter(batch -> batch.header().firstIndex() == size)
                        .findFirst()
                        .orElseThrow()
                        .before());
    }

    @Override
    public Uni<Leaves> locate(RequestId id) {
        return Uni.createFrom().item(new Leaves(located(id, LeafKind.PLAN), located(id, LeafKind.OUTCOME)));
    }

    private Optional<Located> located(RequestId id, LeafKind kind) {
        for (StakedLane.Batch batch : batches) {
            for (int place = 0; place < batch.leaves().size(); place++) {
                byte[] leaf = batch.leaves().get(place);
                if (RequestKey.read(leaf, 0).counter() == id.counter() && LeafKind.of(leaf, 0) == kind) {
                    ShownLeaf shown = batch.shown(place);
                    return Optional.of(new Located(
                            settled(batch),
                            leaf,
                            new InclusionPath(shown.index(), batch.header().size(), shown.path())));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
        return Uni.createFrom().item(Optional.empty());
    }
}
