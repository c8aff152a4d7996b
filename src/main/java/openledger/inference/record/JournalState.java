package openledger.inference.record;

/** The state of a {@link Journal}: open, or closed with a reason. */
public enum JournalState {
    /** What begins now can be recorded, as far as anybody knows. */
    OPEN("it takes intents"),
    /** The lane is ours, and what an earlier router left is being read back. */
    STARTS("earlier records are being read back"),
    /** The lane is another router's, or was a moment ago and may be again. */
    WAITS_FOR_LANE("another router holds the lane"),
    /** The database has not answered for so long that nothing may begin that may turn out not to be recorded. */
    UNREACHABLE("the database does not answer"),
    /** Another router has taken the lane: what was named since then is not ours to answer. Never left again. */
    LANE_LOST("another router has taken the lane"),
    /** The router stops. */
    CLOSED("the router is stopping");

    private final String reason;

    JournalState(String reason) {
        this.reason = reason;
    }

    /** Half a sentence for health checks and logs. */
    public String reason() {
        return reason;
    }
}
