package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import java.util.List;
import openledger.audit.court.ChainTime;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.rpc.NodeAnswers.Block;
import openledger.chain.rpc.NodeAnswers.OfBlock;
import openledger.chain.rpc.NodeValue;

/** Reads how far a chain has come. Thread-safe. */
final class ChainClock {
    private ChainClock() {}

    static Uni<ChainTime> read(ChainNode node) {
        return node.askAll(List.of(ChainNode.block(At.LATEST), ChainNode.block(At.SAFE), ChainNode.block(At.FINALIZED)))
                .chain(blocks -> ChainNode.readable(Uni.createFrom().item(() -> time(blocks))));
    }

    /** The first block whose time is at least that, or the newest if none has it yet: by halves, some 25 questions. */
    static Uni<Long> firstAt(ChainNode node, long seconds) {
        return read(node).chain(time -> between(node, seconds, 0, time.latest()));
    }

    private static Uni<Long> between(ChainNode node, long seconds, long low, long high) {
        if (low >= high) {
            return Uni.createFrom().item(low);
        }
        long middle = low + (high - low) / 2;
        return node.ask(ChainNode.block(middle))
                .chain(answer -> ChainNode.readable(Uni.createFrom().item(() -> at(answer))))
                .chain(time -> time >= seconds
                        ? between(node, seconds, low, middle)
                        : between(node, seconds, middle + 1, high));
    }

    /** A node without its old blocks has none there: what is looked for is later. */
    private static long at(OfBlock answer) {
        Block block = answer.hasError() ? null : answer.getResult();
        return block == null ? 0 : NodeValue.number("block.timestamp", block.timestamp());
    }

    private static ChainTime time(Answers blocks) {
        Block latest = NodeValue.orNone("the newest block", blocks.at(0, OfBlock.class));
        if (latest == null) {
            throw NodeValue.malformed("eth_getBlockByNumber.latest");
        }
        return new ChainTime(
                NodeValue.number("block.number", latest.number()),
                NodeValue.number("block.timestamp", latest.timestamp()),
                tagged(blocks.at(1, OfBlock.class)),
                tagged(blocks.at(2, OfBlock.class)));
    }

    /** A young chain has no such block yet; nodes say so with nothing, or with an error. */
    private static long tagged(OfBlock answer) {
        if (answer.hasError() && NodeValue.saysAbsent(answer.getError())) {
            return 0;
        }
        Block block = NodeValue.orNone("a tagged block", answer);
        return block == null ? 0 : NodeValue.number("block.number", block.number());
    }
}
