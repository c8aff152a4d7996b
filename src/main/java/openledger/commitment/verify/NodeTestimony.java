package openledger.commitment.verify;

/** An answer of a node, or why there is none. */
public sealed interface NodeTestimony<T> {
    /** The node said it. */
    record Said<T>(T value) implements NodeTestimony<T> {}

    /** It did not, or was not asked; {@code why} in words for a person. */
    record Silent<T>(String why) implements NodeTestimony<T> {}
}
