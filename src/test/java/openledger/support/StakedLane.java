package openledger.support;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import openledger.chain.LaneSigner;
import openledger.chain.LocalChain;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.CompactRange;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.BatchPaths;
import openledger.commitment.stake.ShownLeaf;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerCall;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/**
 * A lane on a local chain whose batches are made leaf by leaf, as {@code contracts/test/stake/Leaves.sol} makes them: honest ones, and one
 * for each fault. Its route 4 has three attempts at the best tier and one at the next. Long because leaves are made byte by byte.
 * Confined to one thread.
 */
public final class StakedLane {
    private static final int ROUTE = 4;
    /** Now, because promises of long ago bind nobody. */
    private static final long MILLIS = System.currentTimeMillis();

    private static final byte[] POLICY = "{\"routes\":[4]}".getBytes(StandardCharsets.UTF_8);
    private static final int NOTHING = 0xff;
    private static final byte[] NO_PLAN = new byte[16];
    private static final byte[] PLAN = {
        0,
        11,
        0,
        12,
        0,
        11,
        0,
        21,
        (byte) NOTHING,
        (byte) NOTHING,
        (byte) NOTHING,
        (byte) NOTHING,
        (byte) NOTHING,
        (byte) NOTHING,
        (byte) NOTHING,
        (byte) NOTHING
    };

    static {
        Arrays.fill(NO_PLAN, (byte) NOTHING);
    }

    private final LocalChain chain;
    private final Web3jLedger ledger;
    private CompactRange log = new CompactRange();
    private long sequence;
    private Hash32 head = Hash32.ZERO;
    private long completeThrough;

    /** Opens the lane of {@link LocalChain#ACCOUNT}, which commits and signs, and publishes its route. */
    public StakedLane(LocalChain chain, Web3jLedger ledger) {
        this.chain = chain;
        this.ledger = ledger;
        chain.include(ledger, LocalChain.opening());
        chain.include(
                ledger,
                new LedgerCall.PublishPolicy(
                        LocalChain.LANE,
                        POLICY,
                        List.of(new LedgerCall.RouteBudget(new RouteId(ROUTE), List.of(3, 4)))));
    }

    /**
     * A batch that was committed.
     *
     * @param inclusion where it is on chain
     * @param before roots of the trees that the log was made of before it
     * @param leaves all of them, in order
     * @param recordBytes one a leaf
     */
    public record Batch(
            BatchHeader header,
            Inclusion inclusion,
            List<Hash32> before,
            List<byte[]> leaves,
            List<byte[]> recordBytes,
            BatchPaths paths,
            BatchPaths records) {
        /** Time of its block, Unix s. */
        public long committedAt() {
            return inclusion.committedAt();
        }

        /** A leaf by its place in the batch. */
        public ShownLeaf shown(int place) {
            return paths.shown(place);
        }

        /** The record of a leaf, as the vault is shown it: its way is within the batch. */
        public ShownLeaf record(int place) {
            return records.shown(place);
        }
    }

    /** Commits a batch. */
    public Batch commit(byte[]... leaves) {
        return commit(completeThrough, leaves);
    }

    /** Commits a batch that calls requests ended. */
    public Batch commit(long complete, byte[]... leaves) {
        completeThrough = complete;
        List<Hash32> before = log.trees();
        LogHasher hasher = new LogHasher();
        for (byte[] leaf : leaves) {
            log.append(hasher.entry(leaf), (level, index, node) -> {});
        }
        return commit(before, List.of(leaves));
    }

    /** Commits a batch whose log has another leaf than before at the place of the leaf that came last. */
    public Batch fork(byte[] instead, byte[] next) {
        CompactRange forked = new CompactRange();
        LogHasher hasher = new LogHasher();
        if (log.size() != 1) {
            throw new IllegalStateException("only a log of one leaf is forked here");
        }
        forked.append(hasher.entry(instead), (level, index, node) -> {});
        List<Hash32> before = forked.trees();
        forked.append(hasher.entry(next), (level, index, node) -> {});
        log = forked;
        return commit(before, List.of(next));
    }

    /** What would commit a batch of one leaf next; nothing is sent. */
    public LedgerCall.Commit next(byte[] leaf) {
        CompactRange longer = new CompactRange(log.size(), log.trees());
        longer.append(new LogHasher().entry(leaf), (level, index, node) -> {});
        return new LedgerCall.Commit(header(longer, List.of(leaf), List.of(leaf)), Optional.empty());
    }

    private Batch commit(List<Hash32> before, List<byte[]> leaves) {
        List<byte[]> records =
                leaves.stream().map(leaf -> Keccak256.digest(leaf)).toList();
        BatchHeader header = header(log, leaves, records);
        Inclusion inclusion = chain.include(ledger, new LedgerCall.Commit(header, Optional.empty()))
                .inclusion();
        if (inclusion.effect() != Inclusion.Effect.DONE) {
            throw new IllegalStateException("batch " + header.sequence() + " was refused: " + inclusion);
        }
        sequence++;
        head = header.head();
        return new Batch(
                header,
                inclusion,
                before,
                leaves,
                records,
                new BatchPaths(header, inclusion.committedAt(), before, leaves),
                BatchPaths.ofRecords(header, inclusion.committedAt(), records));
    }

    private BatchHeader header(CompactRange longer, List<byte[]> leaves, List<byte[]> records) {
        return new BatchHeader(
                AnvilNode.CHAIN_ID,
                chain.registry,
                LocalChain.LANE,
                sequence + 1,
                head,
                Hash32.of(Keccak256.digest(POLICY)),
                firstSnapshot(),
                firstSnapshot() + 30,
                Hash32.of(Keccak256.digest(new byte[1])),
                1,
                1_000_000,
                completeThrough,
                leaves.size(),
                0,
                longer.size(),
                longer.root(),
                HashedEntries.rootOf(records),
                MILLIS - 1_000,
                MILLIS + 600_000);
    }

    private long firstSnapshot() {
        return 1 + sequence * 31;
    }

    /** That a leaf will be committed, signed by the lane's key. */
    public SignedPromise promise(byte[] leaf, Hash32 leafHash, long signedAt) {
        LeafPromise promise = new LeafPromise(
                LocalChain.LANE.value(),
                RequestKey.read(leaf, 0),
                LeafKind.of(leaf, 0),
                leafHash,
                signedAt,
                signedAt + LeafPromise.LONGEST);
        Hash32 digest = promise.digest(AnvilNode.CHAIN_ID, chain.registry);
        return new SignedPromise(AnvilNode.CHAIN_ID, chain.registry, promise, sign(digest), chain.account.address());
    }

    /** A signature of the lane's key. */
    public byte[] sign(Hash32 digest) {
        return LocalChain.await(new LaneSigner(chain.vertx, chain.account).sign(digest));
    }

    /** Mode fast, served by the first attempt. */
    public static byte[] fast(long counter) {
        return leaf(new Fields(counter, 2, 1, 1, 0xffff_ffffL, 0, 11, 1), end(counter));
    }

    /** Served by the second tier after one attempt of three: it fell back early. */
    public static byte[] lazy(long counter) {
        return leaf(new Fields(counter, 2, 1, 1, 0xffff_ffffL, 1, 21, 2), end(counter));
    }

    /** Pinned in snapshot 5, with turn and arrival 5. */
    public static byte[] plan(long counter) {
        return planOf(counter, 5, 5, 5);
    }

    /** A plan that waited. */
    public static byte[] planOf(long counter, long snapshot, int turn, int arrival) {
        byte[] end = ByteBuffer.allocate(16)
                .putInt(turn)
                .putInt(arrival)
                .putInt(0)
                .putInt(9)
                .array();
        return leaf(new Fields(counter, 1, 2, 0, snapshot, NOTHING, 0xffff, 0), end);
    }

    /** The end of {@link #plan}: served by what was pinned for the first attempt. */
    public static byte[] followed(long counter) {
        return leaf(new Fields(counter, 2, 2, 1, 5, 0, 11, 1), end(counter));
    }

    /** An end of {@link #plan} of another snapshot: it is not as planned, but only beside the plan. */
    public static byte[] strayed(long counter) {
        return leaf(new Fields(counter, 2, 2, 1, 6, 0, 11, 1), end(counter));
    }

    private static byte[] leaf(Fields fields, byte[] end) {
        ByteBuffer leaf = ByteBuffer.allocate(96);
        leaf.put(Keccak256.digest(("request " + fields.counter).getBytes(StandardCharsets.UTF_8)), 0, 24);
        leaf.putLong(fields.counter).put((byte) 2).put((byte) fields.kind).put((byte) fields.mode);
        leaf.put((byte) 7).putShort((short) ROUTE).put((byte) 4).put((byte) fields.attempts);
        leaf.putShort((short) (MILLIS >>> 32)).putInt((int) MILLIS).putInt((int) fields.snapshot);
        leaf.put((byte) 0).put((byte) fields.servedTier).putShort((short) 11);
        leaf.putShort((short) fields.servedTarget).put((byte) 0).put((byte) fields.status);
        leaf.put((byte) 0).put((byte) 0).putInt(0);
        return leaf.put(fields.mode == 1 ? NO_PLAN : PLAN).put(end).array();
    }

    private static byte[] end(long counter) {
        byte[] end = new byte[16];
        byte[] hash = Keccak256.digest(("outcome " + counter).getBytes(StandardCharsets.UTF_8));
        System.arraycopy(hash, 0, end, 0, end.length);
        return end;
    }

    /** What differs between leaves. */
    private record Fields(
            long counter,
            int kind,
            int mode,
            int attempts,
            long snapshot,
            int servedTier,
            int servedTarget,
            int status) {}
}
