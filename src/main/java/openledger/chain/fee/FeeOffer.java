package openledger.chain.fee;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import openledger.chain.FeeSettings;
import openledger.chain.rpc.NodeAnswers.FeeHistory;
import openledger.chain.rpc.NodeValue;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.unit.Wei;
import org.jspecify.annotations.Nullable;

/** The fee to offer for a unit of gas, from the fees of the last blocks: the next base fee with a margin, and a usual tip. */
final class FeeOffer {
    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    private FeeOffer() {}

    /** Never more than the cap; a chain that asks for more does not get us. */
    static Fees of(FeeHistory history, FeeSettings settings) {
        Wei priority = min(max(usualPriority(history), settings.leastPriority()), settings.cap());
        BigInteger base = nextBaseFee(history)
                .multiply(HUNDRED.add(BigInteger.valueOf(settings.marginPercent())))
                .divide(HUNDRED);
        return new Fees(min(new Wei(base).plus(priority), settings.cap()), priority);
    }

    /** The history ends with the block that is to come. */
    private static BigInteger nextBaseFee(FeeHistory history) {
        List<@Nullable String> bases = history.baseFeePerGas();
        if (bases == null || bases.isEmpty()) {
            throw NodeValue.malformed("eth_feeHistory.baseFeePerGas");
        }
        return NodeValue.big("eth_feeHistory.baseFeePerGas", bases.getLast());
    }

    /** The median of the blocks' medians; blocks without transactions say nothing. */
    private static Wei usualPriority(FeeHistory history) {
        List<@Nullable List<@Nullable String>> rewards = history.reward();
        if (rewards == null) {
            return Wei.ZERO;
        }
        List<Wei> paid = rewards.stream()
                .map(FeeOffer::first)
                .flatMap(Optional::stream)
                .map(reward -> NodeValue.wei("eth_feeHistory.reward", reward))
                .filter(reward -> reward.value().signum() > 0)
                .sorted()
                .toList();
        return paid.isEmpty() ? Wei.ZERO : paid.get(paid.size() / 2);
    }

    private static Optional<String> first(@Nullable List<@Nullable String> percentiles) {
        return percentiles == null || percentiles.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(percentiles.getFirst());
    }

    private static Wei min(Wei a, Wei b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Wei max(Wei a, Wei b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
