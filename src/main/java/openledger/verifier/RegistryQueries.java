package openledger.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.CallData;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.stake.GateEvidence;
import openledger.commitment.verify.ChainEvidence;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;
import openledger.verifier.RpcNode.Question;

/** The registry's functions that a verifier calls ({@code IRoutingBatchRegistry}): call data, and what their answers mean. */
final class RegistryQueries {
    private static final int LANE_WORDS = 5;
    private static final int GATE = 3;
    private static final Address NOBODY = Address.of(new byte[Address.BYTES]);
    private static final Hash32 LARGEST_UINT64 = Hash32.parse("0x" + "00".repeat(24) + "ff".repeat(8));

    private RegistryQueries() {}

    /** A call of the registry, at the newest block. */
    static Question call(Address registry, byte[] data) {
        return Question.of("eth_call", Map.of("to", registry.toString(), "data", hex(data)), "latest");
    }

    static String hex(byte[] bytes) {
        return "0x" + java.util.HexFormat.of().formatHex(bytes);
    }

    static byte[] batchRecord(LaneId lane, long sequence) {
        return CallData.of("batchRecord(uint64,uint64)")
                .number(lane.value())
                .number(sequence)
                .encode();
    }

    static byte[] laneOf(LaneId lane) {
        return CallData.of("laneOf(uint64)").number(lane.value()).encode();
    }

    static byte[] routeOf(LaneId lane, RouteId route) {
        return CallData.of("routeOf(uint64,uint16)")
                .number(lane.value())
                .number(route.value())
                .encode();
    }

    static byte[] signerRetiredAt(LaneId lane, Address signer) {
        return CallData.of("signerRetiredAt(uint64,address)")
                .number(lane.value())
                .address(signer)
                .encode();
    }

    static byte[] verifyLeaf(BatchHeader header, long committedAt, byte[] leaf, InclusionPath proof) {
        CallData path = CallData.nested().number(proof.path().size());
        proof.path().forEach(path::hash);
        return CallData.of("verifyLeaf(" + BatchHeader.ABI_TYPE + ",uint64,bytes,uint64,bytes32[])")
                .words(header.encode())
                .number(committedAt)
                .bytes(leaf)
                .number(proof.index())
                .dynamic(path)
                .encode();
    }

    /** What the registry keeps of a batch; {@link Hash32#ZERO} if nothing. */
    static Hash32 record(byte[] answer) {
        return answer.length == 0
                ? Hash32.ZERO
                : words("batchRecord", answer, 1).getFirst();
    }

    /** Who owns a lane. */
    static Address owner(byte[] answer) {
        Address owner = account(words("laneOf", answer, LANE_WORDS).getFirst());
        if (owner.equals(NOBODY)) {
            throw new NodeSilence("nobody has opened the lane");
        }
        return owner;
    }

    /** The contract that the registry asks before each batch of a lane; {@link GateEvidence#NONE} if there is none. */
    static Address gate(byte[] answer) {
        owner(answer);
        return account(words("laneOf", answer, LANE_WORDS).get(GATE));
    }

    /** Whose signatures bind a lane now. */
    static Address signer(byte[] answer) {
        owner(answer);
        return account(words("laneOf", answer, LANE_WORDS).get(LANE_WORDS - 1));
    }

    /** Cumulative attempts of each tier, best first; empty if the lane has published no such route. */
    static List<Integer> upTo(byte[] answer) {
        List<Integer> upTo = new ArrayList<>();
        if (answer.length != 0) {
            long packed = number("routeOf", words("routeOf", answer, 2).getFirst());
            for (long left = packed; left != 0; left >>>= Byte.SIZE) {
                upTo.add((int) (left & 0xff));
            }
        }
        return upTo;
    }

    /** Until when a key signs: 0 if it never did, {@link ChainEvidence#NOT_RETIRED} while it does, else Unix seconds. */
    static long retiredAt(byte[] answer) {
        Hash32 word = words("signerRetiredAt", answer, 1).getFirst();
        return word.equals(LARGEST_UINT64) ? ChainEvidence.NOT_RETIRED : number("signerRetiredAt", word);
    }

    static boolean truth(String function, byte[] answer) {
        return answer.length != 0 && number(function, words(function, answer, 1).getFirst()) == 1;
    }

    private static List<Hash32> words(String function, byte[] answer, int atLeast) {
        if (answer.length % CallData.WORD != 0 || answer.length < atLeast * CallData.WORD) {
            throw NodeSilence.malformed(function);
        }
        List<Hash32> words = new ArrayList<>();
        for (int at = 0; at < answer.length; at += CallData.WORD) {
            words.add(Hash32.of(answer, at));
        }
        return words;
    }

    private static Address account(Hash32 word) {
        byte[] account = new byte[Address.BYTES];
        System.arraycopy(word.bytes(), CallData.WORD - Address.BYTES, account, 0, Address.BYTES);
        return Address.of(account);
    }

    private static long number(String function, Hash32 word) {
        return NodeAnswer.number(function, word.toString());
    }
}
