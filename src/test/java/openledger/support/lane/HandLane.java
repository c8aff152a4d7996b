package openledger.support.lane;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import openledger.audit.charge.BatchContent;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.LaneChain.RouteTerms;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.LogEdge;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/**
 * A lane whose batches are made by hand, leaf by leaf: what a router would never write can be planted. Its route 1 has two attempts at
 * the best tier and one at the next. Confined to one thread. Long because leaves and headers have many fields.
 */
public final class HandLane {
    /** Attempts of its route, as they are published. */
    public static final List<Integer> UP_TO = List.of(2, 3);

    public static final RouteId ROUTE = new RouteId(1);
    private static final List<Integer> PLACES = List.of(1, 1, 2);
    private static final int BUDGET = 3;

    private final long chainId;
    private final Address registry;
    private final LaneId lane;
    private final Hash32 policy;
    private final Random random = new Random(7);
    /** Time of all leaves, Unix ms. */
    private final long millis;

    private long sequence;
    private Hash32 head = Hash32.ZERO;
    private LogEdge log = LogEdge.EMPTY;
    private long lastSnapshot;
    private long counter;
    private long complete;

    /**
     * What is served of a batch.
     *
     * @param before trees of the log before it
     * @param leaves one behind the other
     * @param records as they are served: each behind its length
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Batch(BatchHeader header, List<Hash32> before, byte[] leaves, byte[] records) {
        /** The same as it is on chain. */
        public BatchContent content(long committedAt, long block) {
            return new BatchContent(new Committed(header, committedAt, block), before, leaves);
        }
    }

    public HandLane(long chainId, Address registry, LaneId lane, Hash32 policy, long millis) {
        this.chainId = chainId;
        this.registry = registry;
        this.lane = lane;
        this.policy = policy;
        this.millis = millis;
    }

    /** What the lane has published of a route. */
    public static Optional<RouteTerms> published(RouteId route) {
        return Optional.of(route.equals(ROUTE) ? new RouteTerms(UP_TO, 1) : new RouteTerms(List.of(), 0));
    }

    /** The number of the next request. */
    public long next() {
        return ++counter;
    }

    /** The number that the next snapshot has: that of the next batch. */
    public long snapshot() {
        return lastSnapshot + 1;
    }

    /** A new key of a request. */
    public RequestKey key(long number) {
        byte[] commitment = new byte[RequestKey.COMMITMENT_BYTES];
        random.nextBytes(commitment);
        return RequestKey.of(commitment, number);
    }

    /** An honest end in mode FAST, at the first attempt. */
    public Leaf fast(RequestKey key) {
        return ended(key, LeafMode.FAST, ROUTE, BUDGET, 1, Leaf.NO_SNAPSHOT, DecisionStatus.SERVED, 0, 1);
    }

    /** An honest plan of a snapshot. */
    public Leaf plan(RequestKey key, long snapshot) {
        return plan(key, snapshot, snapshot, snapshot, 0);
    }

    /** A plan. */
    public Leaf plan(RequestKey key, long snapshot, long turn, long arrival, long rank) {
        return new Leaf(
                key,
                LeafMode.CONFIRMED_RESPONSE,
                1,
                ROUTE,
                BUDGET,
                0,
                millis,
                snapshot,
                0,
                1,
                Trigger.NONE,
                PLACES,
                new Stage.Planned(turn, arrival, rank, 5));
    }

    /** The honest end of a plan: the first place serves. */
    public Leaf confirmed(RequestKey key, long snapshot) {
        return ended(key, LeafMode.CONFIRMED_RESPONSE, ROUTE, BUDGET, 1, snapshot, DecisionStatus.SERVED, 0, 1);
    }

    /** Any end. */
    public Leaf ended(
            RequestKey key,
            LeafMode mode,
            RouteId route,
            int budget,
            int attempts,
            long snapshot,
            DecisionStatus status,
            int tier,
            int target) {
        byte[] answer = new byte[Hash32.BYTES];
        random.nextBytes(answer);
        OutcomeCommitment outcome = OutcomeCommitment.of(new byte[16], answer, List.of(), UsageRecord.NONE);
        return new Leaf(
                key,
                mode,
                1,
                route,
                budget,
                attempts,
                millis,
                snapshot,
                0,
                1,
                Trigger.NONE,
                snapshot == Leaf.NO_SNAPSHOT ? List.of() : PLACES,
                new Stage.Ended(status, tier, target, Attribution.NONE, 0, 5, outcome));
    }

    /** Bytes that are no leaf. */
    public byte[] noise() {
        byte[] bytes = new byte[LeafEncoding.BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The next batch, of these leaves and one snapshot. */
    public Batch batch(Leaf... leaves) {
        List<byte[]> bytes = new ArrayList<>();
        for (Leaf leaf : leaves) {
            bytes.add(LeafEncoding.encode(leaf));
        }
        return batch(bytes);
    }

    /** The next batch, of these bytes. */
    public Batch batch(List<byte[]> leaves) {
        return batch(leaves, header -> header);
    }

    /** The next batch, with a header that somebody has bent; the log goes on with the leaves whatever it says. */
    public Batch batch(List<byte[]> leaves, UnaryOperator<BatchHeader> bent) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        List<byte[]> entries = new ArrayList<>();
        long first = Long.MAX_VALUE;
        long last = 1;
        int outcomes = 0;
        for (byte[] leaf : leaves) {
            all.writeBytes(leaf);
            byte[] record = ("record " + entries.size()).getBytes(StandardCharsets.US_ASCII);
            entries.add(record);
            records.write(record.length >>> Byte.SIZE);
            records.write(record.length);
            records.writeBytes(record);
            try {
                Leaf read = LeafEncoding.decode(leaf);
                outcomes += read.stage() instanceof Stage.Ended ? 1 : 0;
                first = Math.min(first, read.request().counter());
                last = Math.max(last, read.request().counter());
            } catch (IllegalArgumentException notALeaf) {
                outcomes++;
            }
        }
        List<Hash32> before = log.trees();
        LogEdge.Growth growth = log.append(all.toByteArray(), LeafEncoding.BYTES);
        BatchHeader header = bent.apply(new BatchHeader(
                chainId,
                registry,
                lane,
                sequence + 1,
                head,
                policy,
                lastSnapshot + 1,
                lastSnapshot + 1,
                HashedEntries.rootOf(List.of(new byte[] {1})),
                Math.min(first, last),
                last,
                complete,
                leaves.size(),
                outcomes,
                growth.edge().size(),
                growth.edge().root(),
                HashedEntries.rootOf(entries),
                millis,
                millis + 1_000));
        sequence = header.sequence();
        head = header.head();
        lastSnapshot = header.lastSnapshot();
        complete = header.completeThrough();
        log = growth.edge();
        return new Batch(header, before, all.toByteArray(), records.toByteArray());
    }

    /** The log as it is now. */
    public LogEdge log() {
        return log;
    }

    /** Goes on as if the log had been another: what the next batch is made of. */
    public void rewrite(LogEdge other) {
        log = other;
    }

    /** The same header that calls more requests ended. */
    public static BatchHeader complete(BatchHeader of, long through) {
        return new BatchHeader(
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
                through,
                of.count(),
                of.outcomes(),
                of.size(),
                of.root(),
                of.recordsRoot(),
                of.firstMillis(),
                of.lastMillis());
    }
}
