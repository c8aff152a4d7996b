package openledger.routing;

/** How a request ended. The code is the one in a leaf. */
public enum DecisionStatus {
    /** Served by the best tier. */
    SERVED(1),
    /** Served by a tier below the best. */
    FELL_BACK(2),
    /** The retry budget was spent and nobody served. */
    EXHAUSTED(3),
    /** The provider refused the request itself; no retry can mend it. */
    REJECTED(4),
    /** We stopped in the middle; outcome unknown. */
    INTERRUPTED(5),
    /** The client left before the answer was whole, or had said beforehand that it would. */
    CANCELLED(6),
    /** A confirmed request whose plan did not reach its level in time; nothing of an answer was given to the client. */
    UNCONFIRMED(7),
    /** Its deadline, the same for all requests of the route, passed before anybody served it. */
    TIMED_OUT(8);

    private final int code;

    DecisionStatus(int code) {
        this.code = code;
    }

    /** The byte that stands for this status in records and leaves. */
    public int code() {
        return code;
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static DecisionStatus ofCode(int code) {
        for (DecisionStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status has code " + code);
    }
}
