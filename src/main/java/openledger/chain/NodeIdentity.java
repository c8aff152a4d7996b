package openledger.chain;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import openledger.chain.rpc.NodeAddress;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.VertxWeb3jService;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;

/** The chain of a node, queried before anything is built on it. */
public final class NodeIdentity {
    private NodeIdentity() {}

    /** The node's chain id (EIP-155); fails with {@link LedgerUnavailable} if it does not tell. */
    public static Uni<Long> chainOf(Vertx vertx, URI node, Duration timeout) {
        VertxWeb3jService service =
                new VertxWeb3jService(vertx, RpcSettings.of(List.of(node), OptionalLong.empty(), timeout));
        return new ChainNode(service)
                .askAll(List.of(ChainNode.chainId()))
                .chain(answers -> ChainNode.readable(Uni.createFrom()
                        .item(() ->
                                NodeValue.number("eth_chainId", answers.text(0).getResult()))))
                .eventually(service::close);
    }

    /** How a node may be shown to people: without its path, which often is a key. */
    public static String shown(URI node) {
        return NodeAddress.shown(node);
    }
}
