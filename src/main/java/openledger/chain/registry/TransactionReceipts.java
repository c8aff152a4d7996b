package openledger.chain.registry;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.chain.ChainNode;
import openledger.chain.rpc.NodeAnswers.Block;
import openledger.chain.rpc.NodeAnswers.Log;
import openledger.chain.rpc.NodeAnswers.Receipt;
import openledger.chain.rpc.NodeValue;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;

/** Reads receipts. Whether the block they name is canonical is another question. */
public final class TransactionReceipts {
    private final ChainNode node;

    public TransactionReceipts(ChainNode node) {
        this.node = node;
    }

    /** The receipt of a transaction, if a node has one. */
    public Uni<Optional<Inclusion>> inclusion(Hash32 transaction) {
        return node.ask(ChainNode.receipt(transaction))
                .chain(answer -> ChainNode.readable(
                        Uni.createFrom().deferred(() -> read(transaction, NodeValue.orNone("the receipt", answer)))));
    }

    /** What a receipt says; empty if there is none, or if it names no block. */
    Uni<Optional<Inclusion>> read(Hash32 transaction, @Nullable Receipt receipt) {
        if (receipt == null || receipt.blockNumber() == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        OptionalLong time = timeOf(receipt);
        if (time.isPresent()) {
            return Uni.createFrom().item(() -> Optional.of(inclusion(transaction, receipt, time.getAsLong())));
        }
        return node.ask(ChainNode.block(blockOf(receipt).hash()))
                .map(answer -> Optional.of(inclusion(transaction, receipt, timeOf(answer.getResult()))));
    }

    /** Most nodes write the block's time beside each event. */
    private static OptionalLong timeOf(Receipt receipt) {
        List<Log> logs = receipt.logs();
        if (logs == null || logs.isEmpty() || logs.getFirst().blockTimestamp() == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                NodeValue.number("logs.blockTimestamp", logs.getFirst().blockTimestamp()));
    }

    /** A block that is preconfirmed only cannot be read yet. */
    private static long timeOf(@Nullable Block block) {
        return block == null ? 0 : NodeValue.number("block.timestamp", block.timestamp());
    }

    private static Inclusion inclusion(Hash32 transaction, Receipt receipt, long time) {
        if (!NodeValue.hash("receipt.transactionHash", receipt.transactionHash())
                .equals(transaction)) {
            throw NodeValue.malformed("receipt.transactionHash");
        }
        long gas = NodeValue.number("receipt.gasUsed", receipt.gasUsed());
        return new Inclusion(
                transaction,
                blockOf(receipt),
                time,
                NodeValue.number("receipt.status", receipt.status()) == 1 ? Effect.DONE : Effect.REVERTED,
                gas,
                NodeValue.wei("receipt.effectiveGasPrice", receipt.effectiveGasPrice())
                        .times(gas)
                        .plus(receipt.l1Fee() == null ? Wei.ZERO : NodeValue.wei("receipt.l1Fee", receipt.l1Fee())));
    }

    private static BlockRef blockOf(Receipt receipt) {
        return new BlockRef(
                NodeValue.number("receipt.blockNumber", receipt.blockNumber()),
                receipt.blockHash() == null ? Hash32.ZERO : NodeValue.hash("receipt.blockHash", receipt.blockHash()));
    }
}
