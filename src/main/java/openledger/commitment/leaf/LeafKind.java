package openledger.commitment.leaf;

/** Which of the two leaves of a request one is. The code never changes its meaning. */
public enum LeafKind {
    /** What was pinned for it. */
    PLAN(1),
    /** How it ended. */
    OUTCOME(2);

    private final int code;

    LeafKind(int code) {
        this.code = code;
    }

    /** The number that stands for it in leaves and promises. */
    public int code() {
        return code;
    }

    /**
     * That of one of the leaves that stand one behind the other.
     *
     * @param leaves of {@link LeafEncoding#BYTES} each
     * @param index of the leaf, from 0
     */
    public static LeafKind of(byte[] leaves, int index) {
        return leaves[index * LeafEncoding.BYTES + LeafField.KIND.offset()] == PLAN.code ? PLAN : OUTCOME;
    }
}
