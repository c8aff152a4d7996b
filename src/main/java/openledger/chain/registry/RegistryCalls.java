package openledger.chain.registry;

import java.util.ArrayList;
import java.util.List;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.BatchHeader;
import openledger.commitment.tree.InclusionProof;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerCall.Commit;
import openledger.settlement.ledger.LedgerCall.OpenLane;
import openledger.settlement.ledger.LedgerCall.PublishPolicy;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/** The registry's functions: call data, the gas they may take, and what their answers mean ({@code IRoutingBatchRegistry}). */
public final class RegistryCalls {
    private static final String HEADER = "(uint256,uint256,address,uint64,uint64,bytes32,bytes32,uint64,uint64,bytes32,"
            + "uint64,uint64,uint32,uint32,bytes32,bytes32,bytes32,uint64,uint64)";

    /** With all that a first commit writes, and room for a gate. */
    private static final long COMMIT_GAS = 400_000;

    private static final long OPEN_LANE_GAS = 250_000;
    private static final long PUBLISH_GAS = 200_000;
    /** EIP-7623's floor for a byte of call data, and what hashing or logging it costs beside. */
    private static final long GAS_A_BYTE = 60;

    private static final long GAS_A_ROUTE = 60_000;
    private static final int LANE_WORDS = 4;
    private static final int MOST_TIERS = 8;

    private RegistryCalls() {}

    /** A lane is opened for {@code account}, which commits to it too. */
    public static byte[] encode(LedgerCall call, Address account) {
        return switch (call) {
            case OpenLane(var lane) ->
                CallData.of("openLane(uint64,address)")
                        .number(lane.value())
                        .address(account)
                        .encode();
            case PublishPolicy(var lane, var canonical, var routes) ->
                CallData.of("publishPolicy(uint64,bytes,(uint16,uint8[])[])")
                        .number(lane.value())
                        .bytes(canonical)
                        .dynamic(budgets(routes))
                        .encode();
            case Commit(var header, var leaves) ->
                leaves.map(posted -> CallData.of("commitBatchWithData(" + HEADER + ",bytes)")
                                .words(header.encode())
                                .bytes(posted))
                        .orElseGet(
                                () -> CallData.of("commitBatch(" + HEADER + ")").words(header.encode()))
                        .encode();
        };
    }

    /** Estimates would refuse a batch whose predecessor is still on its way, so these are bounds. What is not used is not paid. */
    public static long gasLimit(LedgerCall call) {
        return switch (call) {
            case OpenLane open -> OPEN_LANE_GAS;
            case PublishPolicy policy ->
                PUBLISH_GAS
                        + GAS_A_BYTE * policy.canonical().length
                        + GAS_A_ROUTE * policy.routes().size();
            case Commit commit ->
                COMMIT_GAS
                        + GAS_A_BYTE
                                * commit.leaves().map(leaves -> leaves.length).orElse(0);
        };
    }

    private static CallData budgets(List<RouteBudget> routes) {
        CallData elements = CallData.nested();
        for (RouteBudget route : routes) {
            CallData upTo = CallData.nested().number(route.upTo().size());
            route.upTo().forEach(upTo::number);
            elements.dynamic(CallData.nested().number(route.route().value()).dynamic(upTo));
        }
        return CallData.nested().number(routes.size()).words(elements.encode());
    }

    public static byte[] headOf(LaneId lane) {
        return CallData.of("headOf(uint64)").number(lane.value()).encode();
    }

    /** Nothing at all is what an account without code answers. */
    public static Lane lane(byte[] answer) {
        if (answer.length == 0) {
            return new Lane.NoRegistry();
        }
        Words words = new Words("headOf", answer, LANE_WORDS);
        Address committer = words.address(3);
        if (committer.equals(Address.of(new byte[Address.BYTES]))) {
            return new Lane.NotOpen();
        }
        return new Lane.Open(committer, words.number(0), words.hash(1), words.number(2));
    }

    static byte[] laneOf(LaneId lane) {
        return CallData.of("laneOf(uint64)").number(lane.value()).encode();
    }

    /** Who owns a lane; zero if nobody has opened it. */
    static Address owner(byte[] answer) {
        return new Words("laneOf", answer, LANE_WORDS).address(0);
    }

    public static byte[] policyPublished(LaneId lane, Hash32 policyHash) {
        return CallData.of("policyPublished(uint64,bytes32)")
                .number(lane.value())
                .hash(policyHash)
                .encode();
    }

    public static boolean truth(String function, byte[] answer) {
        return answer.length != 0 && new Words(function, answer, 1).number(0) == 1;
    }

    static byte[] batchRecord(LaneId lane, long sequence) {
        return CallData.of("batchRecord(uint64,uint64)")
                .number(lane.value())
                .number(sequence)
                .encode();
    }

    static Hash32 word(String function, byte[] answer) {
        return answer.length == 0 ? Hash32.ZERO : new Words(function, answer, 1).hash(0);
    }

    static byte[] budgetOf(LaneId lane, RouteId route) {
        return CallData.of("budgetOf(uint64,uint16)")
                .number(lane.value())
                .number(route.value())
                .encode();
    }

    /** Cumulative attempts of each tier. */
    static List<Integer> upTo(byte[] answer) {
        Words words = new Words("budgetOf", answer, 3);
        long tiers = words.number(2);
        if (tiers < 1 || tiers > MOST_TIERS || words.count() < 3 + tiers) {
            throw NodeValue.malformed("budgetOf");
        }
        List<Integer> upTo = new ArrayList<>();
        for (int i = 0; i < tiers; i++) {
            upTo.add(Math.toIntExact(Math.min(words.number(3 + i), Integer.MAX_VALUE)));
        }
        return upTo;
    }

    static byte[] verifyLeaf(BatchHeader header, long committedAt, byte[] leaf, InclusionProof proof) {
        CallData siblings = CallData.nested().number(proof.siblings().size());
        proof.siblings().forEach(siblings::hash);
        return CallData.of("verifyLeaf(" + HEADER + ",uint64,bytes,uint256,bytes32[])")
                .words(header.encode())
                .number(committedAt)
                .bytes(leaf)
                .number(proof.index())
                .dynamic(siblings)
                .encode();
    }

    /** The words of an answer. */
    private static final class Words {
        private final String function;
        private final byte[] bytes;

        Words(String function, byte[] bytes, int atLeast) {
            this.function = function;
            this.bytes = bytes;
            if (bytes.length % CallData.WORD != 0 || bytes.length < atLeast * CallData.WORD) {
                throw NodeValue.malformed(function);
            }
        }

        int count() {
            return bytes.length / CallData.WORD;
        }

        Hash32 hash(int word) {
            return Hash32.of(bytes, word * CallData.WORD);
        }

        Address address(int word) {
            byte[] value = new byte[Address.BYTES];
            System.arraycopy(bytes, (word + 1) * CallData.WORD - Address.BYTES, value, 0, Address.BYTES);
            return Address.of(value);
        }

        long number(int word) {
            return NodeValue.number(function, hash(word).toString());
        }
    }
}
