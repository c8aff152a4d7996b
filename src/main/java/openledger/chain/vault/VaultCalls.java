package openledger.chain.vault;

import java.util.Optional;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailure;
import openledger.commitment.evm.CallData;
import openledger.commitment.stake.VaultTerms;

/** The vault's functions ({@code IStakeVault}): call data, and what their answers mean. */
public final class VaultCalls {
    private VaultCalls() {}

    public static byte[] terms() {
        return CallData.of("terms()").encode();
    }

    /**
     * What {@link #terms} gave. Nothing at all is what an account without code answers, and it is empty here too; throws
     * {@link RpcFailure} for what are not terms.
     */
    public static Optional<VaultTerms> terms(byte[] answer) {
        if (answer.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(VaultTerms.decode(answer));
        } catch (IllegalArgumentException notTerms) {
            throw NodeValue.malformed("terms");
        }
    }
}
