package openledger.chain.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.CallData;
import openledger.commitment.verify.ChainEvidence;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerCall.Commit;
import openledger.settlement.ledger.LedgerCall.OpenLane;
import openledger.settlement.ledger.LedgerCall.PublishPolicy;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.settlement.ledger.LedgerCall.SetSigner;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/** The registry's functions: call data, the gas they may take, and what their answers mean ({@code IRoutingBatchRegistry}). */
public final class RegistryCalls {
    /** With all that a first commit writes, and room for a gate. */
    private static final long COMMIT_GAS = 400_000;

    private static final long OPEN_LANE_GAS = 250_000;
    private static final long SET_SIGNER_GAS = 120_000;
    private static final long PUBLISH_GAS = 200_000;
    /** EIP-7623's floor for a byte of call data, and what hashing or logging it costs beside. */
    private static final long GAS_A_BYTE = 60;

    private static final long GAS_A_ROUTE = 60_000;
    private static final int HEAD_WORDS = 6;
    private static final int LANE_WORDS = 5;
    /** No account has it. */
    private static final Address NOBODY = Address.of(new byte[Address.BYTES]);

    private static final Hash32 LARGEST_UINT64 = Hash32.parse("0x" + "00".repeat(24) + "ff".repeat(8));

    private RegistryCalls() {}

    /** A lane is opened for {@code account}, which commits to it too. */
    public static byte[] encode(LedgerCall call, Address account) {
        return switch (call) {
            case OpenLane(var salt, var signer) ->
                CallData.of("openLane(bytes32,address,address)")
                        .number(salt)
                        .address(account)
                        .address(signer)
                        .encode();
            case SetSigner(var lane, var signer) ->
                CallData.of("setSigner(uint64,address)")
                        .number(lane.value())
                        .address(signer)
                        .encode();
            case PublishPolicy(var lane, var canonical, var routes) ->
                CallData.of("publishPolicy(uint64,bytes,(uint16,uint8[])[])")
                        .number(lane.value())
                        .bytes(canonical)
                        .dynamic(budgets(routes))
                        .encode();
            case Commit(var header, var leaves) ->
                leaves.map(posted -> CallData.of("commitBatchWithData(" + BatchHeader.ABI_TYPE + ",bytes)")
                                .words(header.encode())
                                .bytes(posted))
                        .orElseGet(() -> CallData.of("commitBatch(" + BatchHeader.ABI_TYPE + ")")
                                .words(header.encode()))
                        .encode();
        };
    }

    /** Estimates would refuse a batch whose predecessor is still on its way, so these are bounds. What is not used is not paid. */
    public static long gasLimit(LedgerCall call) {
        return switch (call) {
            case OpenLane open -> OPEN_LANE_GAS;
            case SetSigner signer -> SET_SIGNER_GAS;
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

    /**
     * What a lane is, by three answers. Nothing at all is what an account without code answers.
     *
     * @param head of {@link #headOf}
     * @param accounts of {@link #laneOf}
     * @param retiredAt of {@link #signerRetiredAt} for our own signing key
     */
    public static Lane lane(byte[] head, byte[] accounts, byte[] retiredAt) {
        if (head.length == 0) {
            return new Lane.NoRegistry();
        }
        Words batch = new Words("headOf", head, HEAD_WORDS);
        Words who = new Words("laneOf", accounts, LANE_WORDS);
        Address owner = who.address(0);
        if (owner.equals(NOBODY)) {
            return new Lane.NotOpen();
        }
        long retired = retiredAt(retiredAt);
        SigningKey ours = retired == 0
                ? SigningKey.UNKNOWN
                : retired == ChainEvidence.NOT_RETIRED ? SigningKey.SIGNS : SigningKey.RETIRED;
        return new Lane.Open(owner, who.address(2), who.address(4), ours, batch.number(0), batch.hash(1));
    }

    public static byte[] laneOf(LaneId lane) {
        return CallData.of("laneOf(uint64)").number(lane.value()).encode();
    }

    public static byte[] signerRetiredAt(LaneId lane, Address signer) {
        return CallData.of("signerRetiredAt(uint64,address)")
                .number(lane.value())
                .address(signer)
                .encode();
    }

    /** Until when a key signs: 0 if it never did, {@link ChainEvidence#NOT_RETIRED} while it does, else Unix seconds. */
    static long retiredAt(byte[] answer) {
        Words words = new Words("signerRetiredAt", answer, 1);
        return words.hash(0).equals(LARGEST_UINT64) ? ChainEvidence.NOT_RETIRED : words.number(0);
    }

    public static byte[] policyPublishedAt(LaneId lane, Hash32 policyHash) {
        return CallData.of("policyPublishedAt(uint64,bytes32)")
                .number(lane.value())
                .hash(policyHash)
                .encode();
    }

    /** When a policy was published first, Unix seconds; 0 if it was not. */
    public static long publishedAt(byte[] answer) {
        return answer.length == 0 ? 0 : new Words("policyPublishedAt", answer, 1).number(0);
    }

    /** What {@link #laneOf} gave; empty if nobody has opened the lane. */
    public static Optional<LaneAccounts> accounts(byte[] answer) {
        Words who = new Words("laneOf", answer, LANE_WORDS);
        return Optional.of(new LaneAccounts(who.address(0), who.address(2), who.address(3)))
                .filter(known -> !known.owner.equals(NOBODY));
    }

    /**
     * Who has to do with a lane.
     *
     * @param gate is asked before each commit; the address zero if nobody is
     */
    public record LaneAccounts(Address owner, Address committer, Address gate) {}

    /** Another gate for a lane; the address zero takes it away. */
    public static byte[] setGate(LaneId lane, Address gate) {
        return CallData.of("setGate(uint64,address)")
                .number(lane.value())
                .address(gate)
                .encode();
    }

    public static byte[] routeOf(LaneId lane, RouteId route) {
        return CallData.of("routeOf(uint64,uint16)")
                .number(lane.value())
                .number(route.value())
                .encode();
    }

    /** What {@link #routeOf} gave. */
    public static PublishedRoute route(byte[] answer) {
        Words words = new Words("routeOf", answer, 2);
        byte[] packed = words.hash(0).bytes();
        List<Integer> upTo = new ArrayList<>();
        for (int at = packed.length - 1; at >= packed.length - Long.BYTES && packed[at] != 0; at--) {
            upTo.add(Byte.toUnsignedInt(packed[at]));
        }
        return new PublishedRoute(List.copyOf(upTo), words.number(1));
    }

    /**
     * What a lane has published of a route.
     *
     * @param upTo cumulative attempts up to and including each tier, best first; empty if it has not
     * @param publishedAt Unix s; 0 if it has not
     */
    public record PublishedRoute(List<Integer> upTo, long publishedAt) {}

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
