package openledger.settlement.log;

/** What was dropped from the database cannot be had from its export. */
public final class ArchiveUnavailable extends RuntimeException {
    private final Why why;

    /** What stands in the way. */
    public enum Why {
        /** This router does not know where the export is. */
        NOT_CONFIGURED,
        /** The archive does not answer, or what it has is not what was dropped. */
        UNREADABLE
    }

    ArchiveUnavailable(Why why, String reason, Throwable cause) {
        super(reason, cause);
        this.why = why;
    }

    ArchiveUnavailable(Why why, String reason) {
        super(reason);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
