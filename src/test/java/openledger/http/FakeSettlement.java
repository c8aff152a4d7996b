package openledger.http;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.tree.Keccak256;
import openledger.commitment.tree.MerkleTree;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.LevelChange;
import openledger.settlement.receipt.LevelWatch;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.receipt.SettledBatch;
import openledger.settlement.receipt.SignedReceipt;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.Wei;

/**
 * Settlement of lane 1 as a test wants it, in memory, for the router of that test. Long because a batch has many members.
 */
@Alternative
@Singleton
public final class FakeSettlement {
    static final LaneId LANE = new LaneId(1);
    public static final LaneSecret SECRET = new LaneSecret(new byte[LaneSecret.BYTES]);
    static final long CHAIN = 901;
    public static final Address REGISTRY = Address.parse("0x" + "ab".repeat(Address.BYTES));
    public static final Address SIGNER = Address.parse("0x" + "cd".repeat(Address.BYTES));
    public static final long ANCHOR_BY = 1_767_225_600;

    private static final Kept KEPT = new Kept();
    private static final List<UniEmitter<? super Void>> WAITING = new CopyOnWriteArrayList<>();
    private static final List<Promised> PROMISED = new CopyOnWriteArrayList<>();
    private static volatile boolean signs = true;

    /** For tests whose router is to settle here. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FakeSettlement.class);
        }
    }

    /** What was promised. */
    public record Promised(RequestId request, Hash32 commitment, Optional<Hash32> leafHash) {}

    @Produces
    @Alternative
    @Singleton
    SettlementAccess access() {
        return new SettlementAccess(Optional.of(new ReceiptPorts(
                LANE, KEPT, watch(), lane -> Uni.createFrom().item(Optional.of(SECRET)), FakeSettlement::promise)));
    }

    public static void reset() {
        KEPT.batches.clear();
        KEPT.leaves.clear();
        KEPT.places.clear();
        KEPT.plans.clear();
        KEPT.snapshots.clear();
        WAITING.clear();
        PROMISED.clear();
        signs = true;
    }

    public static void refuseToSign() {
        signs = false;
    }

    public static List<Promised> promised() {
        return List.copyOf(PROMISED);
    }

    public static int waiting() {
        return WAITING.size();
    }

    public static void wake() {
        WAITING.forEach(client -> client.complete(null));
    }

    /** A new batch with a leaf of that request among {@code count}, at a level. */
    public static SettledBatch settle(RequestId id, int count, ConfirmationLevel level) {
        byte[] bytes = new byte[count * LeafEncoding.BYTES];
        new java.util.Random(KEPT.batches.size()).nextBytes(bytes);
        return KEPT.add(id, KEPT.places, bytes, level);
    }

    /** A new batch with the plan of that request, at a level. */
    public static SettledBatch plan(RequestId id, Leaf plan, ConfirmationLevel level) {
        return KEPT.add(id, KEPT.plans, with(plan), level);
    }

    /** A new batch with this outcome of that request, at a level. */
    public static SettledBatch outcome(RequestId id, Leaf outcome, ConfirmationLevel level) {
        return KEPT.add(id, KEPT.places, with(outcome), level);
    }

    /** The next batch has these snapshots, from 1. */
    public static void snapshots(List<byte[]> snapshots) {
        KEPT.snapshots.addAll(snapshots);
    }

    private static byte[] with(Leaf last) {
        byte[] bytes = new byte[3 * LeafEncoding.BYTES];
        LeafEncoding.encode(last, bytes, 2 * LeafEncoding.BYTES);
        return bytes;
    }

    private static LevelWatch watch() {
        return (id, level, longest) -> Uni.createFrom()
                .<Void>emitter(client -> {
                    WAITING.add(client);
                    client.onTermination(() -> WAITING.remove(client));
                })
                .ifNoItem()
                .after(longest.plus(Duration.ofMillis(1)))
                .recoverWithItem((Void) null);
    }

    private static Uni<SignedReceipt> promise(RequestId id, Hash32 commitment, Optional<Hash32> leafHash) {
        if (!signs) {
            return Uni.createFrom().failure(new IllegalStateException("no key"));
        }
        PROMISED.add(new Promised(id, commitment, leafHash));
        return Uni.createFrom()
                .item(new SignedReceipt(
                        CHAIN,
                        REGISTRY,
                        LANE,
                        id,
                        commitment,
                        Instant.ofEpochSecond(ANCHOR_BY),
                        leafHash,
                        new byte[65],
                        SIGNER));
    }

    private static Hash32 hash(String of) {
        return Hash32.of(Keccak256.digest(of.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** Batches in memory. */
    private static final class Kept implements Batches {
        private final NavigableMap<Long, SettledBatch> batches = new ConcurrentSkipListMap<>();
        private final Map<Long, byte[]> leaves = new ConcurrentHashMap<>();
        private final Map<RequestId, Long> places = new ConcurrentHashMap<>();
        private final Map<RequestId, Long> plans = new ConcurrentHashMap<>();
        private final List<byte[]> snapshots = new CopyOnWriteArrayList<>();

        SettledBatch add(RequestId id, Map<RequestId, Long> kind, byte[] bytes, ConfirmationLevel level) {
            long sequence = batches.size() + 1L;
            int count = bytes.length / LeafEncoding.BYTES;
            MerkleTree tree = MerkleTree.of(bytes);
            BatchHeader header = new BatchHeader(
                    CHAIN,
                    REGISTRY,
                    LANE,
                    sequence,
                    batches.isEmpty()
                            ? Hash32.ZERO
                            : batches.lastEntry().getValue().head(),
                    hash("policy"),
                    1,
                    snapshots.size(),
                    snapshots.isEmpty()
                            ? Hash32.ZERO
                            : MerkleTree.ofTexts(snapshots).root(),
                    1,
                    10 * sequence,
                    count,
                    count,
                    tree.root(),
                    Hash32.of(Keccak256.digest(bytes)),
                    Hash32.of(Keccak256.digest(records(sequence))),
                    1,
                    2);
            SettledBatch batch = settled(header, level);
            batches.put(sequence, batch);
            leaves.put(sequence, bytes);
            kind.put(id, sequence);
            return batch;
        }

        private static SettledBatch settled(BatchHeader header, ConfirmationLevel level) {
            BlockRef block = new BlockRef(header.sequence(), hash("block"));
            Instant at = Instant.ofEpochSecond(ANCHOR_BY);
            LevelChange recorded = new LevelChange(ConfirmationLevel.RECORDED, at, Optional.empty());
            if (level == ConfirmationLevel.RECORDED) {
                return new SettledBatch(
                        header, header.head(), level, Optional.empty(), Optional.empty(), List.of(recorded));
            }
            Hash32 transaction = hash("transaction");
            Inclusion inclusion =
                    new Inclusion(transaction, block, at.getEpochSecond(), Inclusion.Effect.DONE, 85_000, Wei.of(1));
            return new SettledBatch(
                    header,
                    header.head(),
                    level,
                    Optional.of(transaction),
                    Optional.of(inclusion),
                    List.of(recorded, new LevelChange(level, at, Optional.of(block))));
        }

        private static byte[] records(long sequence) {
            return ("records of " + sequence).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public Uni<Optional<SettledBatch>> batch(LaneId lane, long sequence) {
            return Uni.createFrom()
                    .item(Optional.ofNullable(batches.get(sequence)).filter(any -> lane.equals(LANE)));
        }

        @Override
        public Uni<List<SettledBatch>> list(LaneId lane, long before, int limit) {
            List<SettledBatch> page =
                    new ArrayList<>(lane.equals(LANE) ? batches.headMap(before).values() : List.of());
            page.sort(Comparator.comparingLong(
                            (SettledBatch batch) -> batch.header().sequence())
                    .reversed());
            return Uni.createFrom().item(page.stream().limit(limit).toList());
        }

        @Override
        public Uni<Optional<byte[]>> leaves(LaneId lane, long sequence) {
            return Uni.createFrom().item(Optional.ofNullable(leaves.get(sequence)));
        }

        @Override
        public Uni<Optional<byte[]>> records(LaneId lane, long sequence) {
            return Uni.createFrom().item(Optional.of(records(sequence)));
        }

        @Override
        public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
            return Uni.createFrom()
                    .item(Optional.ofNullable(batches.get(1L))
                            .filter(batch -> lane.equals(LANE) && number <= snapshots.size())
                            .map(batch -> new LocatedSnapshot(batch, snapshots, (int) number - 1)));
        }

        @Override
        public Uni<Leaves> locate(RequestId id) {
            return Uni.createFrom().item(new Leaves(located(id, plans), located(id, places)));
        }

        private Optional<Located> located(RequestId id, Map<RequestId, Long> kind) {
            long sequence = kind.getOrDefault(id, 0L);
            byte[] all = leaves.get(sequence);
            SettledBatch batch = batches.get(sequence);
            return all == null || batch == null
                    ? Optional.empty()
                    : Optional.of(new Located(batch, all, batch.header().count() - 1));
        }
    }
}
