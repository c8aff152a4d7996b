package openledger.commitment;

/** How far a leaf has come, by evidence and never by guess; in rising order. */
public enum ConfirmationLevel {
    /** Our word: it is in our journal. */
    RECORDED,
    /** Our signature, with a time by which it will be on chain. */
    ACCEPTED,
    /** A transaction receipt exists, but its block is not canonical yet. It can still be dropped. */
    PRECONFIRMED,
    /** The receipt's block is the canonical block of its number, at or below {@code latest}. Trusts the sequencer. */
    SEQUENCED,
    /** At or below the block tagged {@code safe}: derived from data on L1. */
    SAFE,
    /** At or below the block tagged {@code finalized}: on an L1 block that is final. */
    FINALIZED,
    /** Final, and the time to challenge it has passed. */
    SETTLED;

    /** True if this is at least {@code other}. */
    public boolean reaches(ConfirmationLevel other) {
        return compareTo(other) >= 0;
    }
}
