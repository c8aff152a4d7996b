package openledger.commitment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.ProvableFault;
import openledger.unit.Address;

/**
 * What the headers of one lane prove against it. A registry that checks headers does not take those; a log that only witnesses see may
 * have them; of two that are signed, a registry takes one. Pure.
 */
public final class HeaderFaults {
    private HeaderFaults() {}

    /**
     * Two headers of a lane, of which the second has the higher sequence; between them each batch has 1 to {@link
     * BatchHeader#MOST_LEAVES} leaves.
     *
     * @throws IllegalArgumentException unless they are of one lane and in that order
     */
    public static List<Breach> of(BatchHeader before, BatchHeader next) {
        if (!areOfOneLane(before, next) || before.sequence() >= next.sequence()) {
            throw new IllegalArgumentException("headers: two of one lane, in order");
        }
        List<Breach> breaches = new ArrayList<>();
        if (next.completeThrough() < before.completeThrough()) {
            breaches.add(new Breach(
                    ProvableFault.COMPLETE_THROUGH_FALLS,
                    "Header " + next.sequence() + " says that all requests up to " + next.completeThrough()
                            + " have ended, header " + before.sequence() + " said up to " + before.completeThrough()
                            + "."));
        }
        long between = next.sequence() - before.sequence() - 1;
        long grown = next.firstIndex() - before.size();
        if (grown < between || grown / BatchHeader.MOST_LEAVES > between || isMore(grown, between)) {
            breaches.add(new Breach(
                    ProvableFault.SIZE_GAP,
                    "Batch " + next.sequence() + " begins at leaf " + next.firstIndex() + " of the log, which had "
                            + before.size() + " after batch " + before.sequence() + "."));
        }
        return breaches;
    }

    /** Whether they are of one lane. */
    public static boolean areOfOneLane(BatchHeader one, BatchHeader other) {
        return one.chainId() == other.chainId()
                && one.registry().equals(other.registry())
                && one.lane().equals(other.lane());
    }

    private static boolean isMore(long grown, long between) {
        return grown / BatchHeader.MOST_LEAVES == between && grown % BatchHeader.MOST_LEAVES > 0;
    }

    /** Two headers of a lane whose logs are of one size: they are one log. */
    public static Optional<Breach> forked(BatchHeader one, BatchHeader other) {
        return one.size() == other.size() && !one.root().equals(other.root())
                ? Optional.of(new Breach(
                        ProvableFault.LOG_FORKED,
                        "The log of " + one.size() + " leaves has two roots: " + one.root() + " and " + other.root()
                                + "."))
                : Optional.empty();
    }

    /**
     * Two signed heads of one batch of a lane: they are one head. The signatures prove it, whatever any chain has by now. Takes some
     * milliseconds if the heads differ.
     *
     * @param isKeyOfLane whether an account is, or was, a signing key of the lane that both are of
     */
    public static Optional<Breach> equivocated(SignedHead one, SignedHead other, Predicate<Address> isKeyOfLane) {
        boolean isOfOneBatch = one.chainId() == other.chainId()
                && one.registry().equals(other.registry())
                && one.head().lane() == other.head().lane()
                && one.head().sequence() == other.head().sequence();
        return isOfOneBatch
                        && !one.head().head().equals(other.head().head())
                        && isSigned(one, isKeyOfLane)
                        && isSigned(other, isKeyOfLane)
                ? Optional.of(new Breach(
                        ProvableFault.EQUIVOCATED,
                        "Batch " + one.head().sequence() + " has two signed heads: "
                                + one.head().head() + " and " + other.head().head() + "."))
                : Optional.empty();
    }

    private static boolean isSigned(SignedHead head, Predicate<Address> isKeyOfLane) {
        return head.recovered()
                .filter(head.signer()::equals)
                .filter(isKeyOfLane)
                .isPresent();
    }

    /**
     * A header alone, by what all headers of its lane up to it say.
     *
     * @param highest counter of all these headers
     */
    public static Optional<Breach> beyond(BatchHeader header, long highest) {
        return header.completeThrough() > highest
                ? Optional.of(new Breach(
                        ProvableFault.COMPLETE_THROUGH_BEYOND,
                        "Header " + header.sequence() + " says that all requests up to " + header.completeThrough()
                                + " have ended, but no batch so far has one beyond " + highest + "."))
                : Optional.empty();
    }

    /** The first header of a lane: its log begins with it. */
    public static Optional<Breach> first(BatchHeader header) {
        return header.firstIndex() == 0
                ? Optional.empty()
                : Optional.of(new Breach(
                        ProvableFault.SIZE_GAP,
                        "Batch " + header.sequence() + ", the first, begins at leaf " + header.firstIndex()
                                + " of the log."));
    }
}
