package openledger.commitment.stake;

import openledger.commitment.evm.AbiWords;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * The names of games: {@code keccak256(abi.encode(fault, lane, subject, sequence))}, so that each can be opened once. The game about a
 * promise is named by the promise's digest instead.
 */
public final class GameId {
    private GameId() {}

    /**
     * That of a game.
     *
     * @param subject what is asked for
     * @param sequence of the batch that it is about; 0 if any will do
     */
    public static Hash32 of(VaultFault fault, LaneId lane, Hash32 subject, long sequence) {
        return new AbiWords(4)
                .number(fault.code())
                .number(lane.value())
                .hash(subject)
                .number(sequence)
                .keccak();
    }

    /** That of a game about a number: a place in the log, or a request's. */
    public static Hash32 ofPlace(VaultFault fault, LaneId lane, long number, long sequence) {
        return of(fault, lane, subject(number), sequence);
    }

    /** What a number is as a subject. */
    public static Hash32 subject(long number) {
        return Hash32.of(new AbiWords(1).number(number).bytes());
    }
}
