package openledger.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Refuses what was sent long ago, or is to be sent yet, or was seen before. Two generations of nonces are kept, each as long as a request
 * may be valid altogether, so none is forgotten while it could come again. Thread-safe.
 */
public final class SeenHops {
    /** By how much the clocks of two routers may differ, the request's way included. */
    public static final Duration LONGEST_SKEW = Duration.ofSeconds(15);

    private static final long GENERATION_MILLIS = 2 * LONGEST_SKEW.toMillis();
    private final int most;
    private Set<String> young = new HashSet<>();
    private Set<String> old = new HashSet<>();
    private long bornMillis;

    /**
     * Nothing was seen.
     *
     * @param most nonces of a generation, 1 or more
     */
    public SeenHops(int most) {
        this.most = most;
    }

    /** What is to be thought of a request that is the cluster's. */
    public enum Verdict {
        FRESH,
        /** Its time is not ours. */
        STALE,
        /** It was here before. */
        AGAIN,
        /** So many were here that no more can be remembered. */
        FULL
    }

    /** Looks at a request, and remembers it. Only what is proved may come here, so strangers fill nothing. */
    public synchronized Verdict look(HopFields fields, long nowMillis) {
        if (Math.abs(nowMillis - fields.timeMillis()) > LONGEST_SKEW.toMillis()) {
            return Verdict.STALE;
        }
        long age = nowMillis - bornMillis;
        if (age >= GENERATION_MILLIS || age < 0) {
            // After a long silence nothing of either can be valid any more.
            old = age >= 2 * GENERATION_MILLIS ? new HashSet<>() : young;
            young = new HashSet<>();
            bornMillis = nowMillis;
        }
        if (young.contains(fields.nonce()) || old.contains(fields.nonce())) {
            return Verdict.AGAIN;
        }
        if (young.size() >= most) {
            return Verdict.FULL;
        }
        young.add(fields.nonce());
        return Verdict.FRESH;
    }
}
