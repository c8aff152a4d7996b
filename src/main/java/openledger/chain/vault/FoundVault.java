package openledger.chain.vault;

import java.util.Optional;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.NodeRevert;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;

/** What is at the address of a vault. Immutable. */
public sealed interface FoundVault {
    /** A vault, for the lanes of that registry. */
    record Vault(VaultTerms terms, Address registry) implements FoundVault {}

    /**
     * Something else, or nothing.
     *
     * @param reason for people, without a full stop
     */
    record Other(String reason) implements FoundVault {}

    /**
     * By the answers to what a vault is asked first. Throws {@link openledger.chain.rpc.RpcFailure} if they are none.
     *
     * @param terms of {@link VaultCalls#terms()}
     * @param registry of {@link CourtCalls#registry}
     */
    static FoundVault read(Address at, Text terms, Text registry) {
        String nothing = "there is no vault at " + at;
        if (terms.hasError() || registry.hasError()) {
            Text refused = terms.hasError() ? terms : registry;
            // A contract that does not know the question reverts; whatever else it is, is the node's.
            if (NodeRevert.of(refused.getError()).isPresent()) {
                return new Other(nothing + ": the contract there does not know its questions");
            }
        }
        Optional<VaultTerms> read = VaultCalls.terms(NodeValue.result("terms", terms));
        return read.isEmpty()
                ? new Other(nothing)
                : new Vault(read.get(), CourtCalls.address("REGISTRY", NodeValue.result("REGISTRY", registry)));
    }
}
