package openledger.commitment.stake;

import java.math.BigInteger;
import java.util.Optional;
import openledger.unit.Address;
import openledger.unit.LaneId;

/**
 * Where a game stands ({@code Challenge} in {@code contracts/src/stake/StakeTypes.sol}).
 *
 * @param challenger who has opened it
 * @param deadline last second for an answer, Unix s
 * @param state from ANSWERED and LOST no way leads back
 * @param fault what it is if nobody answers
 * @param lane whose answer is asked for
 * @param sequence batch that it is about, and after which no leaf is an answer; 0 if any batch will do
 * @param bond wei
 */
public record Game(
        Address challenger, long deadline, State state, VaultFault fault, LaneId lane, long sequence, BigInteger bond) {
    private static final int WORDS = 7;

    /** In the order of the contract's numbers, behind the one that stands for no game. */
    public enum State {
        OPEN,
        ANSWERED,
        LOST
    }

    /**
     * Reads the answer of {@code challengeOf}; empty if there is no such game.
     *
     * @throws IllegalArgumentException if these are not the words of a game
     */
    public static Optional<Game> decode(byte[] answer) {
        VaultWords words = new VaultWords(answer, WORDS);
        long state = words.number(2);
        if (state == 0) {
            return Optional.empty();
        }
        if (state > State.values().length) {
            throw new IllegalArgumentException("no game has the state " + state);
        }
        return Optional.of(new Game(
                words.address(0),
                words.number(1),
                State.values()[(int) state - 1],
                words.fault(3),
                words.lane(4),
                words.number(5),
                words.amount(6)));
    }
}
