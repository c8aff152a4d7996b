package openledger.cluster;

/** Who answers for the keys of a range. Immutable. */
public sealed interface RangeOwner {
    /** We do. */
    record Ours() implements RangeOwner {}

    /** Another router does, and takes requests at the address of {@code member}. */
    record Another(ClusterMember member) implements RangeOwner {}

    /** Nobody yet: its router is gone or going, or the next one still reads what was begun in it. */
    record Nobody() implements RangeOwner {}
}
