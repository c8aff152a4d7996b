package openledger.cluster;

/** How a forwarded request ended, for metrics. */
public enum HopOutcome {
    /** The owner's answer was relayed to its end. */
    RELAYED,
    /** The owner does not answer for the range, also not after the map was read anew; nothing was spent. */
    NOT_OWNER,
    /** Nobody answers for the range now; nothing was sent. */
    NOBODY,
    /** The owner could not be reached before anything was sent; nothing was spent. */
    UNREACHABLE,
    /**
     * The owner takes this router for a stranger: it has another secret or another name of the cluster. It says so before it reads anything,
     * so nothing was spent; it cannot prove that to us.
     */
    STRANGER,
    /** The owner did not look at it: the clocks of the two differ too much, or it cannot remember more requests now. Nothing was spent. */
    REFUSED,
    /** The connection to the owner was lost after something was sent. */
    LOST,
    /** Whoever answered otherwise has not proved to be the owner. */
    UNPROVED,
    /** The client has left. */
    CLIENT_LEFT
}
