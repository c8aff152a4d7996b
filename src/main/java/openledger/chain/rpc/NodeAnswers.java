package openledger.chain.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Response;

/** The answers of nodes, as far as they are read. Numbers and bytes stay text until {@link NodeValue} has looked at them. */
public final class NodeAnswers {
    private NodeAnswers() {}

    /** A text: a number, bytes, a hash. */
    public static final class Text extends Response<String> {}

    /** A block, or none. */
    public static final class OfBlock extends Response<Block> {}

    /** A transaction, or none. */
    public static final class OfTransaction extends Response<Transaction> {}

    /** A receipt, or none. */
    public static final class OfReceipt extends Response<Receipt> {}

    /** Fees of the last blocks. */
    public static final class OfFees extends Response<FeeHistory> {}

    /** Something with many members, which are looked at where they are needed. */
    public static final class OfTree extends Response<JsonNode> {}

    public record Block(
            @Nullable String number,
            @Nullable String hash,
            @Nullable String timestamp) {}

    public record Transaction(@Nullable String hash) {}

    public record Receipt(
            @Nullable String transactionHash,
            @Nullable String blockHash,
            @Nullable String blockNumber,
            @Nullable String status,
            @Nullable String gasUsed,
            @Nullable String effectiveGasPrice,
            @Nullable String l1Fee,
            @Nullable String contractAddress,
            @Nullable List<Log> logs) {}

    public record Log(
            @Nullable String blockTimestamp,
            @Nullable String address,
            @Nullable List<@Nullable String> topics) {}

    public record FeeHistory(
            @Nullable List<@Nullable String> baseFeePerGas,
            @Nullable List<@Nullable List<@Nullable String>> reward) {}
}
