package openledger.chain;

import io.vertx.core.buffer.Buffer;
import openledger.chain.rpc.NodeAnswers;
import openledger.chain.rpc.NodeJson;
import openledger.chain.rpc.NodeValue;
import openledger.chain.rpc.RpcFailure;
import openledger.chain.rpc.RpcFailure.Kind;
import org.web3j.protocol.core.Response;

/** The query of a node's chain id, sent before any other: a node of another chain would give wrong answers. */
public final class ChainIdQuestion {
    private ChainIdQuestion() {}

    public static Buffer body() {
        return Buffer.buffer("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}");
    }

    /** Throws {@link RpcFailure} unless the node is of that chain. */
    public static void check(Buffer said, long wanted, String node) {
        NodeAnswers.Text answer = NodeJson.read(said, NodeAnswers.Text.class, node);
        Response.Error error = answer.getError();
        if (error != null) {
            throw new RpcFailure(
                    Kind.NODE, node + " does not return its chain id: " + NodeValue.cleaned(error.getMessage()));
        }
        long chain = NodeValue.number("eth_chainId", answer.getResult());
        if (chain != wanted) {
            throw new RpcFailure(Kind.OTHER_CHAIN, node + " is on chain " + chain + ", not on " + wanted);
        }
    }
}
