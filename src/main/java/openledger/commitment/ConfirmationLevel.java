package openledger.commitment;

/** The level that a leaf has reached, by evidence and never by guess; in rising order. The code never changes its meaning. */
public enum ConfirmationLevel {
    /** Our word: it is in our journal. */
    RECORDED(0),
    /** Our signature, with a time by which it will be on chain. */
    ACCEPTED(1),
    /** A transaction receipt exists, but its block is not canonical yet. It can still be dropped. */
    PRECONFIRMED(2),
    /** The receipt's block is the canonical block of its number, at or below {@code latest}. Trusts the sequencer. */
    SEQUENCED(3),
    /** At or below the block tagged {@code safe}: derived from data on L1. */
    SAFE(4),
    /** At or below the block tagged {@code finalized}: on an L1 block that is final. */
    FINALIZED(5),
    /** Final, and the time to challenge it has passed. */
    SETTLED(6);

    private final int code;

    ConfirmationLevel(int code) {
        this.code = code;
    }

    /** The number that stands for this level in a database; higher for a higher level. */
    public int code() {
        return code;
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static ConfirmationLevel ofCode(int code) {
        for (ConfirmationLevel level : values()) {
            if (level.code == code) {
                return level;
            }
        }
        throw new IllegalArgumentException("no level has code " + code);
    }

    /** True if this is at least {@code other}. */
    public boolean reaches(ConfirmationLevel other) {
        return compareTo(other) >= 0;
    }
}
