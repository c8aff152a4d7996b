package openledger.chain;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import openledger.chain.rpc.NodeAddress;
import openledger.unit.Address;
import openledger.unit.LaneId;

/**
 * The chain that a lane settles on.
 *
 * @param rpc how its nodes are reached
 * @param chainId EIP-155
 * @param registry the contract
 * @param lane ours
 * @param signer of our promises
 * @param fees the fees that may be paid
 * @param syncWait how long a node may take to answer a transaction with its receipt
 * @param webSockets nodes that announce new blocks ({@code ws} or {@code wss}), the preferred one first; may be empty
 * @param pollInterval how often the chain is polled if no block is announced
 */
public record ChainSettings(
        RpcSettings rpc,
        long chainId,
        Address registry,
        LaneId lane,
        Address signer,
        FeeSettings fees,
        Duration syncWait,
        List<URI> webSockets,
        Duration pollInterval) {
    public ChainSettings {
        webSockets = List.copyOf(webSockets);
        webSockets.forEach(node -> NodeAddress.check(node, "ws", "wss"));
        NodeAddress.positive("the wait for a receipt", syncWait);
        NodeAddress.positive("the poll interval", pollInterval);
        if (chainId < 1) {
            throw new IllegalArgumentException("a chain id must be positive: " + chainId);
        }
        if (rpc.chainId().orElse(-1) != chainId) {
            throw new IllegalArgumentException("nodes must be checked against the chain id " + chainId);
        }
    }
}
