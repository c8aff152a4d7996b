package openledger.audit.charge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.stake.BatchPaths;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;

/** Looks for the place at which the log of a batch is not that of the batch before. Pure. */
public final class ForkSearch {
    private ForkSearch() {}

    /** Whether the log of a batch goes on where the one before ended; nobody can tell without having both. */
    public static boolean isForked(BatchContent earlier, BatchContent later) {
        return earlier.header().size() == later.header().firstIndex()
                && !earlier.after().equals(later.before());
    }

    /**
     * What proves it: a leaf of the batch before, as it was then and as the later log has it.
     *
     * @param others the leaves of the batch before as the later log has them; whoever serves them may be wrong
     */
    public static Optional<Charge> between(BatchContent earlier, BatchContent later, byte[] others) {
        BatchHeader first = earlier.header();
        if (!isForked(earlier, later)
                || others.length != earlier.bytes().length
                || !BatchContent.grown(first.firstIndex(), earlier.before(), others)
                        .trees()
                        .equals(later.before())) {
            return Optional.empty();
        }
        for (int place = 0; place < first.count(); place++) {
            byte[] other = Arrays.copyOfRange(others, place * LeafEncoding.BYTES, (place + 1) * LeafEncoding.BYTES);
            if (!Arrays.equals(other, earlier.leaf(place))) {
                ShownLeaf then = earlier.paths().shown(place);
                ShownLeaf now = both(earlier, later, others).shown(place);
                return Optional.of(MisrouteFinder.about(
                        VaultFault.LOG_FORKED,
                        later.committed(),
                        VaultFault.LOG_FORKED.sentence(),
                        new VaultCall.ProveForked(
                                then,
                                new ShownLeaf(
                                        later.header(),
                                        later.committed().committedAt(),
                                        now.leaf(),
                                        now.index(),
                                        now.path()))));
            }
        }
        return Optional.empty();
    }

    /** The ways to the later root from the leaves of both batches, as if they were one. */
    private static BatchPaths both(BatchContent earlier, BatchContent later, byte[] others) {
        BatchHeader of = later.header();
        List<byte[]> leaves = new ArrayList<>();
        for (int at = 0; at < others.length; at += LeafEncoding.BYTES) {
            leaves.add(Arrays.copyOfRange(others, at, at + LeafEncoding.BYTES));
        }
        leaves.addAll(later.leaves());
        BatchHeader together = new BatchHeader(
                of.chainId(),
                of.registry(),
                of.lane(),
                of.sequence(),
                of.previousHead(),
                of.policyHash(),
                of.firstSnapshot(),
                of.lastSnapshot(),
                of.snapshotRoot(),
                of.firstCounter(),
                of.lastCounter(),
                of.completeThrough(),
                leaves.size(),
                of.outcomes(),
                of.size(),
                of.root(),
                of.recordsRoot(),
                of.firstMillis(),
                of.lastMillis());
        return new BatchPaths(together, later.committed().committedAt(), earlier.before(), leaves);
    }
}
