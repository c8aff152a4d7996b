package openledger.commitment;

import java.nio.ByteBuffer;
import openledger.commitment.evm.AbiWords;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * The number of a lane on a registry. It follows from the account that opens the lane and a salt, so nobody can open a lane under the number
 * that another account is about to use. The same as {@code laneNumber} of the contract.
 */
public final class LaneNumber {
    /** A number has 53 bits, so that readers of JSON whose numbers are doubles keep all of them. */
    private static final int BITS_PAST_A_DOUBLE = 11;

    private LaneNumber() {}

    /**
     * The lane that an account opens with a salt.
     *
     * @param salt as a word of 32 bytes; not negative
     * @throws IllegalArgumentException if it comes out as 0, which no lane has: another salt is needed. One salt in 2^53
     */
    public static LaneId of(Address opener, long salt) {
        Hash32 hash = new AbiWords(2).address(opener).number(salt).keccak();
        long low = ByteBuffer.wrap(hash.bytes()).getLong(Hash32.BYTES - Long.BYTES);
        return new LaneId(low >>> BITS_PAST_A_DOUBLE);
    }
}
