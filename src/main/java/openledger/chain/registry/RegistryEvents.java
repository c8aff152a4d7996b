package openledger.chain.registry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.BatchHeader;
import openledger.commitment.evm.AbiWords;
import openledger.commitment.evm.CallData;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** What the registry tells of a lane's batches ({@code IRoutingBatchRegistry}). */
public final class RegistryEvents {
    private static final int TOPICS = 4;
    private static final int HEADER_BYTES = 20 * CallData.WORD;
    private static final Hash32 BATCH_COMMITTED =
            Hash32.of(Keccak256.digest(("BatchCommitted(uint64,uint64,bytes32," + BatchHeader.ABI_TYPE + ",uint64)")
                    .getBytes(StandardCharsets.US_ASCII)));

    private RegistryEvents() {}

    /** What each topic of a lane's batches may be, from the first. */
    public static List<List<Hash32>> committed(LaneId lane) {
        return List.of(
                List.of(BATCH_COMMITTED),
                List.of(Hash32.of(new AbiWords(1).number(lane.value()).bytes())));
    }

    /** The batch of such an event. Its head is a topic: a header that has another is malformed. */
    public static CommittedBatch committed(List<Hash32> topics, byte[] data) {
        if (topics.size() != TOPICS || data.length != HEADER_BYTES + CallData.WORD) {
            throw NodeValue.malformed("BatchCommitted");
        }
        BatchHeader header;
        try {
            header = BatchHeader.decode(Arrays.copyOf(data, HEADER_BYTES));
        } catch (IllegalArgumentException other) {
            throw NodeValue.malformed("BatchCommitted");
        }
        if (!header.head().equals(topics.getLast())) {
            throw NodeValue.malformed("BatchCommitted");
        }
        return new CommittedBatch(
                header,
                NodeValue.number(
                        "BatchCommitted.committedAt",
                        Hash32.of(data, HEADER_BYTES).toString()));
    }

    /**
     * A batch as the registry tells of it.
     *
     * @param committedAt time of its block, Unix s
     */
    public record CommittedBatch(BatchHeader header, long committedAt) {}
}
