package openledger.commitment;

import java.util.List;
import java.util.stream.IntStream;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/** Leaves and headers that are in order, or differ from those in one thing. */
final class FaultLeaves {
    static final long MILLIS = 1_795_600_050_000L;
    static final long COUNTER = 50_000;
    static final long SNAPSHOT = 17;
    static final int[] PLACES = {5, 6, 5, 9};

    private FaultLeaves() {}

    static Leaf end(LeafMode mode, int budget, int attempts, DecisionStatus status, int tier, int target) {
        boolean isFast = mode == LeafMode.FAST;
        return new Leaf(
                RequestKey.of(VectorsWriter.word("request"), COUNTER),
                mode,
                3,
                new RouteId(4),
                budget,
                attempts,
                MILLIS,
                isFast ? Leaf.NO_SNAPSHOT : SNAPSHOT,
                0,
                PLACES[0],
                attempts > 1 ? Trigger.RATE_LIMITED : Trigger.NONE,
                isFast ? List.of() : places(),
                new Stage.Ended(
                        status,
                        tier,
                        target,
                        Attribution.NONE,
                        0,
                        1_250,
                        OutcomeCommitment.of(CommitmentVectors.salt(), new byte[32], List.of(), UsageRecord.NONE)));
    }

    static List<Integer> places() {
        return IntStream.of(PLACES).boxed().toList();
    }

    static Leaf plan(
            long counter, int budget, int attempts, int tier, int target, List<Integer> places, Stage.Planned stage) {
        return plan(counter, 4, SNAPSHOT, budget, attempts, tier, target, places, stage);
    }

    static Leaf plan(
            long counter,
            int route,
            long snapshot,
            int budget,
            int attempts,
            int tier,
            int target,
            List<Integer> places,
            Stage.Planned stage) {
        return new Leaf(
                RequestKey.of(VectorsWriter.word("request"), counter),
                LeafMode.CONFIRMED_DISPATCH,
                3,
                new RouteId(route),
                budget,
                attempts,
                MILLIS,
                snapshot,
                tier,
                target,
                attempts > 0 ? Trigger.NO_CAPACITY : Trigger.NONE,
                places,
                stage);
    }

    static Leaf honestPlan(int attempts) {
        return plan(
                COUNTER,
                4,
                attempts,
                attempts < 3 ? 0 : 1,
                PLACES[attempts],
                places(),
                new Stage.Planned(17, 16, 0, 1));
    }

    static byte[] with(Leaf leaf, LeafField field, long value) {
        byte[] bytes = LeafEncoding.encode(leaf);
        for (int i = 0; i < field.length(); i++) {
            bytes[field.offset() + i] = (byte) (value >>> (Byte.SIZE * (field.length() - 1 - i)));
        }
        return bytes;
    }

    static byte[] changed(Leaf leaf, int offset) {
        byte[] bytes = LeafEncoding.encode(leaf);
        bytes[offset + 1] ^= 1;
        return bytes;
    }

    static BatchHeader header(long sequence, long completeThrough, int count, long size) {
        BatchHeader like = HeaderVectors.ordinary();
        return new BatchHeader(
                like.chainId(),
                like.registry(),
                like.lane(),
                sequence,
                like.previousHead(),
                like.policyHash(),
                1,
                SNAPSHOT + 3,
                like.snapshotRoot(),
                COUNTER - 10,
                COUNTER + 10,
                completeThrough,
                count,
                count,
                size,
                like.root(),
                like.recordsRoot(),
                MILLIS - 1_000,
                MILLIS + 1_000);
    }

    static BatchHeader rooted(BatchHeader like, Hash32 root) {
        return new BatchHeader(
                like.chainId(),
                like.registry(),
                like.lane(),
                like.sequence(),
                like.previousHead(),
                like.policyHash(),
                like.firstSnapshot(),
                like.lastSnapshot(),
                like.snapshotRoot(),
                like.firstCounter(),
                like.lastCounter(),
                like.completeThrough(),
                like.count(),
                like.outcomes(),
                like.size(),
                root,
                like.recordsRoot(),
                like.firstMillis(),
                like.lastMillis());
    }
}
