package openledger.chain.rpc;

/** No usable answer came from a node. The message names the node and is fit for a log. */
public final class RpcFailure extends RuntimeException {
    private final Kind kind;

    public RpcFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** Whose fault it is, and so what helps. */
    public enum Kind {
        /** The node could not be reached, or not understood: another may do better. */
        NODE,
        /** The node is of another chain: another may do better, and this one never does. */
        OTHER_CHAIN,
        /** Nothing came in time. */
        SILENCE,
        /** Nothing came in time, or we did not wait for it: that says nothing about the node. */
        UNKNOWN,
        /** We ask too much, or of nobody: asking elsewhere does not help. */
        OURS
    }

    Kind kind() {
        return kind;
    }
}
