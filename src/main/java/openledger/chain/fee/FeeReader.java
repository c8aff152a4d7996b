package openledger.chain.fee;

import io.smallrye.mutiny.Uni;
import java.util.List;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.FeeSettings;
import openledger.chain.rpc.NodeAnswers.FeeHistory;
import openledger.chain.rpc.NodeAnswers.OfFees;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.evm.CallData;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Wei;

/**
 * Reads from the chain what a transaction costs now. An OP Stack chain takes a fee for data on L1 beside that for gas; no member of a
 * transaction bounds it, so it is checked before sending. Only the chain's oracle knows it. Thread-safe.
 */
public final class FeeReader {
    /** Predeploy {@code GasPriceOracle} of the OP Stack. */
    private static final Address ORACLE = Address.parse("0x420000000000000000000000000000000000000f");

    private static final int BLOCKS = 10;
    /** A commit without leaves, with all that is around its call data. */
    private static final int COMMIT_BYTES = 800;

    private final ChainNode node;
    private final FeeSettings settings;
    private final int bytes;
    private volatile Wei l1Fee = Wei.ZERO;

    /** For commits. */
    public FeeReader(ChainNode node, FeeSettings settings) {
        this(node, settings, COMMIT_BYTES);
    }

    /**
     * For transactions of other sizes.
     *
     * @param bytes of a transaction, which its fee for data on L1 is asked for
     */
    public FeeReader(ChainNode node, FeeSettings settings, int bytes) {
        this.node = node;
        this.settings = settings;
        this.bytes = bytes;
    }

    public Uni<Fees> offer() {
        byte[] upperBound =
                CallData.of("getL1FeeUpperBound(uint256)").number(bytes).encode();
        return node.askAll(List.of(ChainNode.feeHistory(BLOCKS), ChainNode.call(ORACLE, upperBound, At.LATEST)))
                .chain(answers -> ChainNode.readable(Uni.createFrom().item(() -> offer(answers))));
    }

    private Fees offer(Answers answers) {
        FeeHistory history = NodeValue.orNone("eth_feeHistory", answers.at(0, OfFees.class));
        if (history == null) {
            throw NodeValue.malformed("eth_feeHistory");
        }
        l1Fee = l1Fee(answers);
        return FeeOffer.of(history, settings);
    }

    /** A chain without the oracle takes no such fee. */
    private static Wei l1Fee(Answers answers) {
        String said = answers.text(1).getResult();
        return answers.text(1).hasError() || said == null || said.equals("0x")
                ? Wei.ZERO
                : NodeValue.wei("getL1FeeUpperBound", said);
    }

    /** Whether data on L1 costs no more than the cap. If it was dearer when last seen, it is looked at anew. */
    public Uni<Boolean> mayBeSent() {
        return isL1Fair()
                ? Uni.createFrom().item(true)
                : offer().map(offer -> isL1Fair())
                        .onFailure(LedgerUnavailable.class)
                        .recoverWithItem(false);
    }

    private boolean isL1Fair() {
        return l1Fee.compareTo(settings.l1Cap()) <= 0;
    }
}
