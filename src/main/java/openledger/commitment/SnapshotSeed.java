package openledger.commitment;

import java.nio.ByteBuffer;
import openledger.commitment.evm.Keccak256;
import openledger.routing.allocation.Lots;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;

/**
 * The seed of the lots of a snapshot: {@code keccak256(lane(8) ‖ snapshot number(8) ‖ block hash(32))}, which nobody knows before the block
 * is there; and a lot is {@code keccak256(seed ‖ request key)}.
 */
public final class SnapshotSeed {
    /** Draws by keccak-256. Thread-safe. */
    public static final Lots LOTS = SnapshotSeed::lot;

    private SnapshotSeed() {}

    /** The seed of a snapshot. */
    public static Hash32 of(LaneId lane, long snapshot, Hash32 block) {
        byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(lane.value())
                .putLong(snapshot)
                .array();
        return new Keccak256().add(numbers).add(block.bytes()).finish();
    }

    private static Hash32 lot(Hash32 seed, RequestKey request) {
        byte[] both = new byte[2 * Hash32.BYTES];
        seed.copyTo(both, 0);
        request.copyTo(both, Hash32.BYTES);
        return Hash32.of(Keccak256.digest(both));
    }
}
