package openledger.lab.engine;

import openledger.lab.world.LogNormal;

/**
 * Clients that give up waiting and send again.
 *
 * @param kind what happens to the first
 * @param share of the clients whose patience has ended that send again, 0 to 1
 * @param patience how long one waits each time, ms
 * @param most times one sends again
 */
public record Resending(Kind kind, double share, LogNormal patience, int most) {
    public static final Resending NEVER = new Resending(Kind.BESIDE, 0, new LogNormal(1, 0), 0);
    /** As in the experiments this is held against. */
    static final Resending REFERENCE = new Resending(Kind.BESIDE, 0.35, new LogNormal(7_000, 0.6), 1);

    /** What becomes of the request that somebody no longer waits for. */
    public enum Kind {
        /** It goes on and its answer counts; the second is load and nothing else. */
        BESIDE,
        /** It goes on, with its retries, and nobody reads its answer. */
        ANEW,
        /** Its call and its retries end at once. */
        CANCELLED,
        /** The second joins its ledger and makes no call of its own. */
        JOINED
    }
}
