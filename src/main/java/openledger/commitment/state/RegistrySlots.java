package openledger.commitment.state;

import openledger.commitment.evm.AbiWords;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RouteId;

/**
 * Where {@code RoutingBatchRegistry} keeps what, by Solidity's layout of mappings: what stands under a key is at {@code
 * keccak256(abi.encode(key, slot of the mapping))}. True of the code that ships with this program, and of no other.
 */
public final class RegistrySlots {
    private static final long LANES = 0;
    private static final long RECORDS = 1;
    private static final long ROUTES = 3;
    private static final long SIGNERS = 4;
    /** Words of a lane before its owner: committer and counts, head, log. */
    private static final int OWNER = 3;

    private RegistrySlots() {}

    /** Of the account that owns a lane: the lower 20 bytes of its word. */
    public static Hash32 owner(LaneId lane) {
        byte[] slot =
                new AbiWords(2).number(lane.value()).number(LANES).keccak().bytes();
        for (int at = slot.length - 1, carry = OWNER; carry != 0 && at >= 0; at--) {
            int sum = (slot[at] & 0xff) + carry;
            slot[at] = (byte) sum;
            carry = sum >>> Byte.SIZE;
        }
        return Hash32.of(slot);
    }

    /** Of what is kept of a batch: a whole word. */
    public static Hash32 record(LaneId lane, long sequence) {
        return new AbiWords(2).number(sequence).hash(of(lane, RECORDS)).keccak();
    }

    /** Of a route's cumulative attempts of each tier: the lower 8 bytes of its word, best tier lowest. */
    public static Hash32 route(LaneId lane, RouteId route) {
        return new AbiWords(2).number(route.value()).hash(of(lane, ROUTES)).keccak();
    }

    /** Of the time until when a key signs for a lane, Unix seconds: the lower 8 bytes of its word. */
    public static Hash32 signer(LaneId lane, Address signer) {
        return new AbiWords(2).address(signer).hash(of(lane, SIGNERS)).keccak();
    }

    private static Hash32 of(LaneId lane, long mapping) {
        return new AbiWords(2).number(lane.value()).number(mapping).keccak();
    }
}
