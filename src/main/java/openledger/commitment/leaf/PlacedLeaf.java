package openledger.commitment.leaf;

/**
 * A leaf that a lane has committed.
 *
 * @param sequence of its batch
 * @param index its place in the lane's log, from 0
 */
public record PlacedLeaf(Leaf leaf, long sequence, long index) {
    /** A leaf by its bytes; fails as {@link LeafEncoding#decode}. */
    public static PlacedLeaf decode(byte[] leaf, long sequence, long index) {
        return new PlacedLeaf(LeafEncoding.decode(leaf), sequence, index);
    }

    boolean isPlan() {
        return leaf.stage() instanceof Leaf.Stage.Planned;
    }

    long counter() {
        return leaf.request().counter();
    }
}
