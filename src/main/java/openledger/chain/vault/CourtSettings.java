package openledger.chain.vault;

import java.time.Duration;
import openledger.chain.FeeSettings;
import openledger.chain.RpcSettings;
import openledger.unit.Address;

/**
 * A vault and how it is reached.
 *
 * @param rpc its chain's nodes; they are checked against the chain's id
 * @param registry whose lanes have a stake there
 * @param vault the contract
 * @param fees the fees that may be paid
 * @param syncWait how long a node may take to answer a transaction with its receipt
 * @param patience how long a transaction is waited for in all
 */
public record CourtSettings(
        RpcSettings rpc, Address registry, Address vault, FeeSettings fees, Duration syncWait, Duration patience) {
    public CourtSettings {
        if (rpc.chainId().isEmpty()) {
            throw new IllegalArgumentException("nodes must be checked against the chain's id");
        }
        if (!syncWait.isPositive() || !patience.isPositive()) {
            throw new IllegalArgumentException("waits must be positive");
        }
    }
}
