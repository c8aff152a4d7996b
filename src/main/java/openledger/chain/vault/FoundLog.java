package openledger.chain.vault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import openledger.chain.rpc.NodeValue;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * An event of a contract as a node tells it.
 *
 * @param topics its name, and what can be searched for
 * @param data the rest of it
 * @param block number of its block
 * @param place in the block, from 0
 * @param transaction whose event it is
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record FoundLog(List<Hash32> topics, byte[] data, long block, long place, Hash32 transaction) {
    /** A log has 4 topics at most. */
    private static final int MOST_TOPICS = 4;

    /** As the chain has them. */
    static final Comparator<FoundLog> IN_ORDER =
            Comparator.comparingLong(FoundLog::block).thenComparingLong(FoundLog::place);

    /** Reads one of a list; throws {@link openledger.chain.rpc.RpcFailure} if it is malformed or another contract's. */
    static FoundLog read(JsonNode log, Address contract) {
        JsonNode topics = log.path("topics");
        if (!topics.isArray()
                || topics.size() > MOST_TOPICS
                || !text(log, "address").equalsIgnoreCase(contract.toString())) {
            throw NodeValue.malformed("eth_getLogs");
        }
        List<Hash32> read = new ArrayList<>();
        topics.forEach(topic -> read.add(NodeValue.hash("eth_getLogs.topics", topic.textValue())));
        return new FoundLog(
                List.copyOf(read),
                NodeValue.bytes("eth_getLogs.data", text(log, "data")),
                NodeValue.number("eth_getLogs.blockNumber", text(log, "blockNumber")),
                NodeValue.number("eth_getLogs.logIndex", text(log, "logIndex")),
                NodeValue.hash("eth_getLogs.transactionHash", text(log, "transactionHash")));
    }

    private static String text(JsonNode object, String member) {
        return object.path(member).asText("");
    }
}
