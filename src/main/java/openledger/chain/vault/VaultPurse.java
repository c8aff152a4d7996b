package openledger.chain.vault;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.List;
import openledger.audit.charge.Purse;
import openledger.chain.ChainNode;
import openledger.chain.ChainNode.Answers;
import openledger.chain.ChainNode.At;
import openledger.chain.RpcSettings;
import openledger.chain.rpc.NodeAnswers.Text;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import org.web3j.protocol.core.Request;

/** What an account has, and what has to be known of a vault before anything else is asked. Answers come on an event loop. Thread-safe. */
public final class VaultPurse implements Purse, AutoCloseable {
    private final VertxWeb3jService service;
    private final ChainNode node;
    private final Address account;

    /**
     * Of an account.
     *
     * @param rpc whatever chain the nodes are of
     */
    public VaultPurse(Vertx vertx, RpcSettings rpc, Address account) {
        this.service = new VertxWeb3jService(vertx, rpc);
        this.node = new ChainNode(service);
        this.account = account;
    }

    @Override
    public Uni<Funds> funds() {
        Request<?, Text> price = new Request<>("eth_gasPrice", List.of(), null, Text.class);
        return node.askAll(List.of(ChainNode.balance(account), price))
                .chain(answers -> ChainNode.readable(Uni.createFrom().item(() -> funds(answers))));
    }

    private static Funds funds(Answers answers) {
        return new Funds(
                NodeValue.wei("eth_getBalance", NodeValue.orNone("the balance", answers.text(0))),
                NodeValue.wei("eth_gasPrice", NodeValue.orNone("the gas price", answers.text(1))));
    }

    /** The chain that the node is of. */
    public Uni<Long> chainId() {
        return node.ask(ChainNode.chainId())
                .chain(answer -> ChainNode.readable(Uni.createFrom()
                        .item(() -> NodeValue.number("eth_chainId", NodeValue.orNone("the chain's id", answer)))));
    }

    /** What is at the address of a vault. Fails with {@link LedgerUnavailable} only if no node answers. */
    public Uni<FoundVault> look(Address vault) {
        return node.askAll(List.of(
                        ChainNode.call(vault, VaultCalls.terms(), At.LATEST),
                        ChainNode.call(vault, CourtCalls.registry(), At.LATEST)))
                .chain(answers -> ChainNode.readable(
                        Uni.createFrom().item(() -> FoundVault.read(vault, answers.text(0), answers.text(1)))));
    }

    @Override
    public void close() {
        service.close();
    }
}
