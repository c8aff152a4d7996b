package openledger.chain;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import openledger.chain.rpc.NodeAddress;

/**
 * How nodes are reached.
 *
 * @param nodes JSON-RPC over {@code http} or {@code https}, the preferred one first, 1 to 8
 * @param chainId the chain that each of them must be on before it gets any other query; empty: any
 * @param timeout for a call, attempts at other nodes included
 * @param responseBytes longest answer that is read
 * @param inFlight most calls under way; more are refused
 * @param pause how long a node that has failed twice in a row is left alone; then one call tries it
 */
public record RpcSettings(
        List<URI> nodes, OptionalLong chainId, Duration timeout, int responseBytes, int inFlight, Duration pause) {
    private static final int MOST_NODES = 8;
    private static final int RESPONSE_BYTES = 8 << 20;
    private static final int IN_FLIGHT = 64;
    /** Short, since two kept connections that a node has closed are two failures in a row. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    public RpcSettings {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || nodes.size() > MOST_NODES) {
            throw new IllegalArgumentException("1 to " + MOST_NODES + " nodes are needed: " + nodes.size());
        }
        nodes.forEach(node -> NodeAddress.check(node, "http", "https"));
        NodeAddress.positive("the time-out", timeout);
        NodeAddress.positive("the pause", pause);
        if (responseBytes < 1 || inFlight < 1) {
            throw new IllegalArgumentException("the bounds of calls must be positive");
        }
    }

    /** With bounds that fit most nodes. */
    public static RpcSettings of(List<URI> nodes, OptionalLong chainId, Duration timeout) {
        return of(nodes, chainId, timeout, IN_FLIGHT);
    }

    /** The same, with so many calls under way at most. */
    public static RpcSettings of(List<URI> nodes, OptionalLong chainId, Duration timeout, int inFlight) {
        return new RpcSettings(nodes, chainId, timeout, RESPONSE_BYTES, inFlight, PAUSE);
    }
}
