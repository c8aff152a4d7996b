package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.InclusionPath;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/** Has one batch once it has a level; whoever is looked for is in it. */
public final class ShelvedBatch implements Batches {
    private final CutBatch batch;
    private final Leaf leaf;

    public @Nullable ConfirmationLevel level;
    /** What happens once, between the answer to a question and whoever asked. */
    public Runnable meanwhile = () -> {};

    public ShelvedBatch(CutBatch batch, Leaf leaf) {
        this.batch = batch;
        this.leaf = leaf;
    }

    /** What leaf of a request is in it. */
    public enum Leaf {
        PLAN,
        OUTCOME
    }

    @Override
    public Uni<Leaves> locate(RequestId id) {
        Optional<Located> found = Optional.ofNullable(level).map(this::located);
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
        return Uni.createFrom()
                .item(leaf == Leaf.PLAN ? new Leaves(found, Optional.empty()) : new Leaves(Optional.empty(), found));
    }

    private Located located(ConfirmationLevel reached) {
        return new Located(
                new SettledBatch(batch.header(), batch.head(), reached, Optional.empty(), Optional.empty(), List.of()),
                Arrays.copyOf(batch.leaves(), LeafEncoding.BYTES),
                new InclusionPath(0, batch.header().size(), List.of()));
    }

    @Override
    public Uni<List<Hash32>> trees(LaneId lane, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uni<List<SettledBatch>> list(LaneId lane, long before, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uni<Optional<byte[]>> leaves(LaneId lane, long sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uni<Optional<byte[]>> records(LaneId lane, long sequence) {
        throw new UnsupportedOperationException();
    }
}
