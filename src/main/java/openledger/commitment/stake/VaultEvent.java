package openledger.commitment.stake;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import openledger.commitment.evm.AbiWords;
import openledger.commitment.evm.CallData;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** What a vault tells of a lane ({@code contracts/src/stake/IStakeVault.sol}). Amounts are in wei, times in Unix seconds. Immutable. */
public sealed interface VaultEvent {
    /** Which lane it is about. */
    LaneId lane();

    /** Somebody has added to the lane's stake. */
    record Deposited(LaneId lane, Address staker, BigInteger amount, BigInteger shares, BigInteger active)
            implements VaultEvent {}

    /** Shares leave, and are paid out from that time on. */
    record WithdrawalAsked(LaneId lane, Address staker, BigInteger shares, long leavesAt) implements VaultEvent {}

    /** Stake was paid out. */
    record Withdrawn(LaneId lane, Address staker, Address to, BigInteger amount) implements VaultEvent {}

    /** The lane's active stake is short: it may commit until then. */
    record RanShort(LaneId lane, long until, BigInteger active, BigInteger required) implements VaultEvent {}

    /** The lane's active stake is enough again. */
    record Filled(LaneId lane) implements VaultEvent {}

    /** The lane was silent, and may go until it commits again. */
    record Released(LaneId lane, long sequence) implements VaultEvent {}

    /**
     * A fault was proved, or a game was won.
     *
     * @param sequence its batch; 0 if it is of none
     * @param subject the leaf's place in the log, or the id of the game, promise or head
     * @param taken what the lane's stake has lost
     * @param reward what of it the reporter may claim
     */
    record Penalised(
            LaneId lane,
            long sequence,
            VaultFault fault,
            Hash32 subject,
            Address reporter,
            BigInteger taken,
            BigInteger reward)
            implements VaultEvent {}

    /**
     * A game was opened.
     *
     * @param id its name ({@link GameId})
     * @param subject what is asked for: a place in the log, a request's key, or its number
     */
    record Challenged(Hash32 id, LaneId lane, VaultFault fault, Address challenger, long deadline, Hash32 subject)
            implements VaultEvent {}

    /** A game was answered. */
    record Answered(Hash32 id, LaneId lane) implements VaultEvent {}

    /** A game was not answered in time. */
    record Lost(Hash32 id, LaneId lane) implements VaultEvent {}

    /** The names of events whose first topic is the lane. */
    List<Hash32> BY_LANE = List.of(
            Topics.DEPOSITED,
            Topics.WITHDRAWAL_ASKED,
            Topics.WITHDRAWN,
            Topics.SHORT,
            Topics.FILLED,
            Topics.RELEASED,
            Topics.PENALISED);
    /** Of them those that cost somebody money. */
    List<Hash32> PENALTIES = List.of(Topics.PENALISED);
    /** The names of events whose second topic is the lane; the first is the game. */
    List<Hash32> BY_GAME = List.of(Topics.CHALLENGED, Topics.ANSWERED, Topics.LOST);

    /**
     * Reads an event; empty for those of other names, and for those that are of no lane.
     *
     * @param topics its name, and what can be searched for
     * @throws IllegalArgumentException if it is malformed
     */
    static Optional<VaultEvent> decode(List<Hash32> topics, byte[] data) {
        if (topics.isEmpty()) {
            return Optional.empty();
        }
        Hash32 name = topics.getFirst();
        if (!BY_LANE.contains(name) && !BY_GAME.contains(name)) {
            return Optional.empty();
        }
        return Optional.of(read(name, new Indexed(topics), data));
    }

    private static VaultEvent read(Hash32 name, Indexed topics, byte[] data) {
        if (name.equals(Topics.DEPOSITED)) {
            VaultWords words = new VaultWords(data, 3);
            return new Deposited(topics.lane(1), topics.address(2), words.amount(0), words.amount(1), words.amount(2));
        }
        if (name.equals(Topics.WITHDRAWAL_ASKED)) {
            VaultWords words = new VaultWords(data, 2);
            return new WithdrawalAsked(topics.lane(1), topics.address(2), words.amount(0), words.number(1));
        }
        if (name.equals(Topics.WITHDRAWN)) {
            VaultWords words = new VaultWords(data, 2);
            return new Withdrawn(topics.lane(1), topics.address(2), words.address(0), words.amount(1));
        }
        if (name.equals(Topics.SHORT)) {
            VaultWords words = new VaultWords(data, 3);
            return new RanShort(topics.lane(1), words.number(0), words.amount(1), words.amount(2));
        }
        if (name.equals(Topics.FILLED)) {
            return new Filled(topics.lane(1));
        }
        if (name.equals(Topics.RELEASED)) {
            return new Released(topics.lane(1), new VaultWords(data, 1).number(0));
        }
        if (name.equals(Topics.PENALISED)) {
            VaultWords words = new VaultWords(data, 4);
            return new Penalised(
                    topics.lane(1),
                    topics.number(2),
                    topics.fault(3),
                    words.hash(0),
                    words.address(1),
                    words.amount(2),
                    words.amount(3));
        }
        if (name.equals(Topics.CHALLENGED)) {
            VaultWords words = new VaultWords(data, 3);
            return new Challenged(
                    topics.hash(1), topics.lane(2), topics.fault(3), words.address(0), words.number(1), words.hash(2));
        }
        return name.equals(Topics.ANSWERED)
                ? new Answered(topics.hash(1), topics.lane(2))
                : new Lost(topics.hash(1), topics.lane(2));
    }

    /** The lane as a topic. */
    static Hash32 topic(LaneId lane) {
        return Hash32.of(new AbiWords(1).number(lane.value()).bytes());
    }

    /** Names of events. */
    final class Topics {
        static final Hash32 DEPOSITED = name("Deposited(uint64,address,uint256,uint256,uint256)");
        static final Hash32 WITHDRAWAL_ASKED = name("WithdrawalAsked(uint64,address,uint256,uint64)");
        static final Hash32 WITHDRAWN = name("Withdrawn(uint64,address,address,uint256)");
        static final Hash32 SHORT = name("Short(uint64,uint64,uint256,uint256)");
        static final Hash32 FILLED = name("Filled(uint64)");
        static final Hash32 RELEASED = name("Released(uint64,uint64)");
        static final Hash32 PENALISED = name("Penalised(uint64,uint64,uint8,bytes32,address,uint256,uint256)");
        static final Hash32 CHALLENGED = name("Challenged(bytes32,uint64,uint8,address,uint64,bytes32)");
        static final Hash32 ANSWERED = name("Answered(bytes32,uint64)");
        static final Hash32 LOST = name("Lost(bytes32,uint64)");

        private Topics() {}

        private static Hash32 name(String signature) {
            return Hash32.of(Keccak256.digest(signature.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** The topics of an event as words. */
    final class Indexed {
        private final VaultWords words;
        private final int count;

        private Indexed(List<Hash32> topics) {
            byte[] bytes = new byte[topics.size() * CallData.WORD];
            for (int i = 0; i < topics.size(); i++) {
                topics.get(i).copyTo(bytes, i * CallData.WORD);
            }
            this.words = new VaultWords(bytes, topics.size());
            this.count = topics.size();
        }

        private int there(int topic) {
            if (topic >= count) {
                throw new IllegalArgumentException("an event of the vault has " + count + " topics");
            }
            return topic;
        }

        private LaneId lane(int topic) {
            return words.lane(there(topic));
        }

        private Address address(int topic) {
            return words.address(there(topic));
        }

        private long number(int topic) {
            return words.number(there(topic));
        }

        private VaultFault fault(int topic) {
            return words.fault(there(topic));
        }

        private Hash32 hash(int topic) {
            return words.hash(there(topic));
        }
    }
}
