package openledger.settlement;

import java.time.Duration;
import openledger.commitment.BatchCut;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * How a lane is settled.
 *
 * @param registry the contract
 * @param accounts of the lane
 * @param lane whose decisions these are
 * @param cut when a batch is cut
 * @param inFlight batches that may be on their way to a block at once, 1 to 64; what is beyond stays in the journal
 * @param leaves whether all leaves are posted
 * @param evidence whether receipts of blocks that are not canonical yet are evidence
 * @param pace how long things take
 * @param feeCap most we offer for a unit of gas
 * @param warning when the backlog is worth a warning
 */
public record SequencerSettings(
        Address registry,
        LaneAccounts accounts,
        LaneId lane,
        BatchCut cut,
        int inFlight,
        LeafPosting leaves,
        Preconfirmations evidence,
        Pace pace,
        Wei feeCap,
        Backlog warning) {
    private static final int MOST_IN_FLIGHT = 64;

    public SequencerSettings {
        if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
            throw new IllegalArgumentException("batches in flight must be 1..64: " + inFlight);
        }
    }

    /** The account that commits. */
    public Address account() {
        return accounts.committer();
    }

    /**
     * The accounts of a lane on its registry.
     *
     * @param opener who opened it or is to open it; with the salt its number follows from that
     * @param salt number of this router among those of the opener
     * @param committer who commits
     * @param signer who signs promises
     */
    public record LaneAccounts(Address opener, long salt, Address committer, Address signer) {}

    /** What a commit carries. */
    public enum LeafPosting {
        HEADER_ONLY,
        WITH_LEAVES
    }

    /** Whether PRECONFIRMED is a level of this chain. */
    public enum Preconfirmations {
        NONE,
        WATCHED
    }

    /**
     * How long things take.
     *
     * @param leaseTerm how long the lane is ours after each renewal; it is renewed after a third
     * @param poll how often the chain is looked at when it says nothing
     * @param resendAfter silence after which the same bytes are sent again; several block intervals
     * @param stuckAfter how long the first transaction in line may wait, blocks going on, before it offers more
     * @param behindAfter how long a chain that has become shorter is taken for a node that lags
     * @param challengeWindow time past FINALIZED after which a batch is SETTLED
     */
    public record Pace(
            Duration leaseTerm,
            Duration poll,
            Duration resendAfter,
            Duration stuckAfter,
            Duration behindAfter,
            Duration challengeWindow) {}

    /** A backlog: leaves that are not on chain, and how long the oldest has waited. */
    public record Backlog(long leaves, Duration age) {}
}
