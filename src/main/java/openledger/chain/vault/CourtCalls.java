package openledger.chain.vault;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.evm.CallData;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultCall;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/** The vault's questions that need no account, and what their answers mean. Each reader refuses an answer that is malformed. */
final class CourtCalls {
    private CourtCalls() {}

    static byte[] registry() {
        return CallData.of("REGISTRY()").encode();
    }

    static byte[] active(LaneId lane) {
        return CallData.of("active(uint64)").number(lane.value()).encode();
    }

    static byte[] required(LaneId lane) {
        return CallData.of("required(uint64)").number(lane.value()).encode();
    }

    static byte[] pool(LaneId lane) {
        return CallData.of("poolOf(uint64)").number(lane.value()).encode();
    }

    static byte[] position(LaneId lane, Address staker) {
        return CallData.of("positionOf(uint64,address)")
                .number(lane.value())
                .address(staker)
                .encode();
    }

    static byte[] credit(Address holder) {
        return CallData.of("creditOf(address)").address(holder).encode();
    }

    static byte[] challenge(Hash32 id) {
        return CallData.of("challengeOf(bytes32)").hash(id).encode();
    }

    static byte[] isPunished(LaneId lane, long sequence, long place) {
        return CallData.of("isPunished(uint64,uint64,uint256)")
                .number(lane.value())
                .number(sequence)
                .number(place)
                .encode();
    }

    /** Of the contract {@code Answers}, not of the vault. */
    static byte[] answerMany(Address vault, List<VaultCall.Answer> answers) {
        CallData elements = CallData.nested();
        answers.forEach(answer -> elements.bytes(answer.encode()));
        return CallData.of("answerMany(address,bytes[])")
                .address(vault)
                .dynamic(CallData.nested().number(answers.size()).words(elements.encode()))
                .encode();
    }

    static byte[] bond() {
        return CallData.of("bondNow()").encode();
    }

    /** Of {@link #active}, {@link #required}, {@link #credit} and {@link #bond}. */
    static Wei amount(String function, byte[] answer) {
        return new Wei(new BigInteger(1, word(function, answer)));
    }

    /** Of {@link #registry}. */
    static Address address(String function, byte[] answer) {
        byte[] word = word(function, answer);
        byte[] address = new byte[Address.BYTES];
        System.arraycopy(word, word.length - address.length, address, 0, address.length);
        return Address.of(address);
    }

    /** Of {@link #isPunished}. */
    static boolean flag(String function, byte[] answer) {
        return new BigInteger(1, word(function, answer)).signum() != 0;
    }

    /** Of {@link #pool}. */
    static LanePool pool(byte[] answer) {
        return read("poolOf", answer, LanePool::decode);
    }

    /** Of {@link #position}. */
    static StakePosition position(byte[] answer) {
        return read("positionOf", answer, StakePosition::decode);
    }

    /** Of {@link #challenge}. */
    static Optional<Game> game(byte[] answer) {
        return read("challengeOf", answer, Game::decode);
    }

    private static byte[] word(String function, byte[] answer) {
        if (answer.length != CallData.WORD) {
            throw NodeValue.malformed(function);
        }
        return answer;
    }

    private static <T> T read(String function, byte[] answer, Function<byte[], T> reader) {
        try {
            return reader.apply(answer);
        } catch (IllegalArgumentException malformed) {
            throw NodeValue.malformed(function);
        }
    }
}
