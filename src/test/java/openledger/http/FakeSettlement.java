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
import openledger.commitment.LeafBytes;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.evm.Keccak256;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.ConsistencyPath;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogEdge;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.TilePath;
import openledger.identity.NoteSecret;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.LogReads;
import openledger.settlement.log.LogSigner;
import openledger.settlement.log.ServedLog;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.LevelChange;
import openledger.settlement.receipt.LevelWatch;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
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

    /** Signs the log. */
    public static final NoteSigner LOG = NoteSecret.signer(
            "router.example/openledger/lane/1", NoteKey.Kind.NOTE, "00".repeat(NoteSigner.SEED_BYTES));

    private static final Kept KEPT = new Kept();
    private static final List<UniEmitter<? super Void>> WAITING = new CopyOnWriteArrayList<>();
    private static final List<Promised> PROMISED = new CopyOnWriteArrayList<>();
    private static volatile boolean signs = true;
    private static volatile Optional<ArchivedLog> archive = Optional.empty();

    /** For tests whose router is to settle here. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FakeSettlement.class);
        }
    }

    /** What was promised. */
    public record Promised(RequestKey request, LeafKind kind, Optional<Hash32> leafHash) {}

    @Produces
    @Alternative
    @Singleton
    SettlementAccess access() {
        return new SettlementAccess(Optional.of(new ReceiptPorts(
                LANE,
                KEPT,
                watch(),
                lane -> Uni.createFrom().item(Optional.of(SECRET)),
                FakeSettlement::promise,
                FakeSettlement::head)));
    }

    /** Its log, which everybody may read. */
    @Produces
    @Alternative
    @Singleton
    LogAccess log() {
        return new LogAccess(
                Optional.of(new ServedLog(
                        LANE,
                        KEPT,
                        new LogSigner(LOG, Runnable::run, () -> Instant.ofEpochSecond(ANCHOR_BY)),
                        Optional.empty())),
                LogAccess.Readers.EVERYBODY);
    }

    public static void reset() {
        KEPT.batches.clear();
        KEPT.leaves.clear();
        KEPT.places.clear();
        KEPT.plans.clear();
        KEPT.snapshots.clear();
        KEPT.entries.clear();
        KEPT.log = LogEdge.EMPTY;
        WAITING.clear();
        PROMISED.clear();
        signs = true;
        archive = Optional.empty();
    }

    public static void refuseToSign() {
        signs = false;
    }

    /** Its leaves are in an archive only. */
    public static void drop(ArchivedLog to) {
        archive = Optional.of(to);
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

    private static Uni<SignedPromise> promise(RequestKey request, LeafKind kind, Optional<Hash32> leafHash) {
        if (!signs) {
            return Uni.createFrom().failure(new IllegalStateException("no key"));
        }
        PROMISED.add(new Promised(request, kind, leafHash));
        return Uni.createFrom()
                .item(new SignedPromise(
                        CHAIN,
                        REGISTRY,
                        new LeafPromise(
                                LANE.value(), request, kind, leafHash.orElse(Hash32.ZERO), ANCHOR_BY - 60, ANCHOR_BY),
                        new byte[65],
                        SIGNER));
    }

    private static Uni<Optional<SignedHead>> head(SettledBatch batch) {
        Optional<SignedHead> signed =
                signs ? Optional.of(SignedHead.of(batch.header(), new byte[65], SIGNER)) : Optional.empty();
        return Uni.createFrom().item(signed);
    }

    private static Hash32 hash(String of) {
        return Hash32.of(Keccak256.digest(of.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** Batches in memory. */
    private static final class Kept implements Batches, LogReads {
        private final NavigableMap<Long, SettledBatch> batches = new ConcurrentSkipListMap<>();
        private final Map<Long, byte[]> leaves = new ConcurrentHashMap<>();
        private final Map<RequestId, Long> places = new ConcurrentHashMap<>();
        private final Map<RequestId, Long> plans = new ConcurrentHashMap<>();
        private final List<byte[]> snapshots = new CopyOnWriteArrayList<>();
        private final List<byte[]> entries = new CopyOnWriteArrayList<>();
        private volatile LogEdge log = LogEdge.EMPTY;

        SettledBatch add(RequestId id, Map<RequestId, Long> kind, byte[] bytes, ConfirmationLevel level) {
            long sequence = batches.size() + 1L;
            int count = bytes.length / LeafEncoding.BYTES;
            LogEdge after = log.append(bytes, LeafEncoding.BYTES).edge();
            log = after;
            LeafBytes.split(bytes).forEach(entries::add);
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
                    snapshots.isEmpty() ? Hash32.ZERO : new HashedEntries(snapshots).root(),
                    1,
                    10 * sequence,
                    0,
                    count,
                    count,
                    after.size(),
                    after.root(),
                    hash("records of " + sequence),
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
        public Uni<List<Hash32>> trees(LaneId lane, long size) {
            return Uni.createFrom()
                    .item(LogEdge.EMPTY
                            .append(joined(0, (int) size), LeafEncoding.BYTES)
                            .edge()
                            .trees());
        }

        @Override
        public Uni<Optional<LocatedSnapshot>> snapshot(LaneId lane, long number) {
            return Uni.createFrom()
                    .item(Optional.ofNullable(batches.get(1L))
                            .filter(batch -> lane.equals(LANE) && number <= snapshots.size())
                            .map(batch -> new LocatedSnapshot(batch, snapshots, (int) number - 1)));
        }

        @Override
        public Uni<Head> newest() {
            return Uni.createFrom().item(batches.isEmpty() ? Head.EMPTY : new Head(entries.size(), log.root()));
        }

        @Override
        public Uni<Optional<byte[]>> tile(TilePath path) {
            return Uni.createFrom()
                    .item(LogEdge.EMPTY.append(joined(0, entries.size()), LeafEncoding.BYTES).tiles().stream()
                            .filter(tile -> tile.level() == path.level()
                                    && tile.index() == path.index()
                                    && tile.hashes().length >= path.width() * Hash32.BYTES)
                            .map(tile -> path.of(tile.hashes()))
                            .findFirst());
        }

        @Override
        public Uni<Optional<byte[]>> leaves(long first, int count) {
            if (archive.isPresent()) {
                byte[] hashes = new byte[(int) (first % TilePath.FULL + count) * Hash32.BYTES];
                return archive.get().leaves(LANE, first, count, hashes).map(Optional::of);
            }
            return Uni.createFrom()
                    .item(
                            first + count > entries.size()
                                    ? Optional.empty()
                                    : Optional.of(joined((int) first, (int) first + count)));
        }

        @Override
        public Uni<InclusionPath> inclusion(long index, long size) {
            return Uni.createFrom().item(new HashedEntries(entries).inclusion(index, size));
        }

        @Override
        public Uni<ConsistencyPath> consistency(long earlier, long size) {
            return Uni.createFrom().item(new HashedEntries(entries).consistency(earlier, size));
        }

        private byte[] joined(int first, int end) {
            byte[] all = new byte[(end - first) * LeafEncoding.BYTES];
            for (int i = first; i < end; i++) {
                System.arraycopy(entries.get(i), 0, all, (i - first) * LeafEncoding.BYTES, LeafEncoding.BYTES);
            }
            return all;
        }

        @Override
        public Uni<Leaves> locate(RequestId id) {
            return Uni.createFrom().item(new Leaves(located(id, plans), located(id, places)));
        }

        private Optional<Located> located(RequestId id, Map<RequestId, Long> kind) {
            long sequence = kind.getOrDefault(id, 0L);
            SettledBatch batch = batches.get(sequence);
            if (batch == null) {
                return Optional.empty();
            }
            int size = (int) batch.header().size();
            return Optional.of(new Located(
                    batch, entries.get(size - 1), new HashedEntries(entries.subList(0, size)).inclusion(size - 1)));
        }
    }
}
