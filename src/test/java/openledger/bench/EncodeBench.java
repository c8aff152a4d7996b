package openledger.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.TilePath;
import openledger.commitment.log.TiledLog;
import openledger.settlement.TestDecisions;
import openledger.settlement.cut.BatchAssembly;
import openledger.settlement.cut.BatchAssembly.Predecessor;
import openledger.settlement.cut.BatchInput;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.cut.DecisionSource.Placed;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** What it costs to make a batch, with no chain and no database: {@code scripts/tools -- scripts/stack bench.EncodeBench}, or a part of the settlement benchmark. */
final class EncodeBench {
    private static final int LEAVES = 1_200;
    private static final int ENTRY = 1 + LeafEncoding.BYTES;
    private static final int NODE = 1 + 2 * Hash32.BYTES;
    private static final int WARM_UP = 600;
    private static final int ROUNDS = 200;
    private static final double MOST_MILLIS = 1;
    private static final double LEAST_PER_SECOND = 2_000_000;

    private EncodeBench() {}

    /**
     * Figures of one core, medians.
     *
     * @param batchMillis from 1,200 decisions to their batch with all its hashes, and one proof
     * @param treeMillis of that, from 1,200 leaves to their bytes, the tree and one proof
     * @param leavesPerSecond through encoding and tree
     * @param hashMillis of that, what this machine takes for the hashes alone: one of 97 and one of 65 bytes for each leaf
     */
    record Encode(double batchMillis, double treeMillis, double leavesPerSecond, double hashMillis) {}

    public static void main(String[] arguments) {
        BenchStack.machine(JsonNodeFactory.instance.objectNode());
        run();
    }

    /** Leaves, tree, proof and batch; prints and returns the figures. */
    static Encode run() {
        List<Placed> decisions = TestDecisions.placed(LEAVES, 1, 1);
        BatchAssembly assembly = new BatchAssembly(
                901,
                Address.of(new byte[Address.BYTES]),
                new LaneId(TestDecisions.LANE),
                new LaneSecret(new byte[LaneSecret.BYTES]));
        byte[] bytes = assembly.cut(Predecessor.NONE, Hash32.ZERO, BatchInput.of(decisions))
                .leaves();
        List<Leaf> leaves = IntStream.range(0, LEAVES)
                .mapToObj(i -> LeafEncoding.decode(
                        Arrays.copyOfRange(bytes, i * LeafEncoding.BYTES, (i + 1) * LeafEncoding.BYTES)))
                .toList();
        int rounds = BenchPace.isQuick() ? 5 : ROUNDS;
        double[] batch = new double[rounds];
        double[] tree = new double[rounds];
        double[] hashes = new double[rounds];
        for (int i = -(BenchPace.isQuick() ? 5 : WARM_UP); i < rounds; i++) {
            long start = System.nanoTime();
            int proved = batchAndProof(assembly, decisions);
            long between = System.nanoTime();
            proved += treeAndProof(leaves);
            long end = System.nanoTime();
            proved += hashesAlone(bytes);
            long last = System.nanoTime();
            if (i >= 0 && proved != 0) {
                hashes[i] = (last - end) / 1e6;
                batch[i] = (between - start) / 1e6;
                tree[i] = (end - between) / 1e6;
            }
        }
        return tell(new Encode(median(batch), median(tree), LEAVES / median(tree) * 1e3, median(hashes)));
    }

    /** A log of 1,200 leaves has as many hashes of leaves, and one less of nodes. */
    private static int hashesAlone(byte[] bytes) {
        MessageDigest sha256 = sha256();
        byte[] out = new byte[Hash32.BYTES];
        try {
            for (int i = 0; i < LEAVES; i++) {
                sha256.update(bytes, i * LeafEncoding.BYTES - (i == 0 ? 0 : 1), ENTRY);
                sha256.digest(out, 0, out.length);
                sha256.update(bytes, i * LeafEncoding.BYTES, NODE);
                sha256.digest(out, 0, out.length);
            }
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        return out[0] | 1;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int batchAndProof(BatchAssembly assembly, List<Placed> decisions) {
        CutBatch batch = assembly.cut(Predecessor.NONE, Hash32.ZERO, BatchInput.of(decisions));
        return batch.log().tiles().size() + path(batch.log());
    }

    private static int treeAndProof(List<Leaf> leaves) {
        byte[] bytes = new byte[LEAVES * LeafEncoding.BYTES];
        for (int i = 0; i < LEAVES; i++) {
            LeafEncoding.encode(leaves.get(i), bytes, i * LeafEncoding.BYTES);
        }
        return path(LogEdge.EMPTY.append(bytes, LeafEncoding.BYTES));
    }

    /** The proof of a leaf in the middle, from the tiles, as receipts have it. */
    private static int path(LogEdge.Growth log) {
        Map<TilePath, byte[]> tiles = new HashMap<>();
        log.tiles()
                .forEach(tile -> tiles.put(
                        TilePath.of(tile.level(), tile.index(), LEAVES).orElseThrow(), tile.hashes()));
        return new TiledLog(LEAVES, path -> Objects.requireNonNull(tiles.get(path)))
                .inclusion(LEAVES / 2, LEAVES)
                .path()
                .size();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Encode tell(Encode figures) {
        System.out.printf(
                Locale.ROOT,
                "1,200 leaves (medians): encoding, log and a proof %.2f ms (target <= %.0f ms: %s), %.0f leaves/s (target >= %.0f: %s)%n"
                        + "  the hashes alone: %.2f ms, %.0f %% of it; from decisions, with commitments, records and all hashes: %.2f ms%n",
                figures.treeMillis,
                MOST_MILLIS,
                BenchStack.verdict(figures.treeMillis <= MOST_MILLIS),
                figures.leavesPerSecond,
                LEAST_PER_SECOND,
                BenchStack.verdict(figures.leavesPerSecond >= LEAST_PER_SECOND),
                figures.hashMillis,
                100 * figures.hashMillis / figures.treeMillis,
                figures.batchMillis);
        return figures;
    }
}
