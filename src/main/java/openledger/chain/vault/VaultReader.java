package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.At;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;

/** Reads what a vault says of itself from a node. Needs no account and keeps no state; thread-safe. */
public final class VaultReader implements AutoCloseable {
    private final VertxWeb3jService service;
    private final ChainNode node;

    public VaultReader(Vertx vertx, RpcSettings rpc) {
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
    }

    /** A vault's terms, which never change. Never fails; {@link Silent} if no node answers, or there is no vault. */
    public Uni<NodeTestimony<VaultTerms>> terms(Address vault) {
        return ChainNode.readable(node.ask(ChainNode.call(vault, VaultCalls.terms(), At.LATEST))
                        .<NodeTestimony<VaultTerms>>map(answer -> VaultCalls.terms(NodeValue.result("terms", answer))
                                .<NodeTestimony<VaultTerms>>map(Said::new)
                                .orElseGet(() -> new Silent<>("there is no contract at " + vault))))
                .onFailure(LedgerUnavailable.class)
                .recoverWithItem(why -> new Silent<>(String.valueOf(why.getMessage())));
    }

    @Override
    public void close() {
        service.close();
    }
}
