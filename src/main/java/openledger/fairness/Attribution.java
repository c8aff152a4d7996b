package openledger.fairness;

/** Why a request fell back or was exhausted: was the system slow, or selective? The code is the one in a leaf. */
public enum Attribution {
    /** It did neither. */
    NONE(0),
    /** Nobody who came later got the best tier meanwhile, and no view showed room there. */
    SLOW(1),
    /** At least one later request of the route got the best tier meanwhile. */
    SELECTIVE(2),
    /** A view showed a free best-tier slot while it was refused or descending. */
    MISSED(3);

    private static final Attribution[] BY_CODE = values();
    private final int code;

    Attribution(int code) {
        this.code = code;
    }

    /** The byte that stands for this attribution in records and leaves. */
    public int code() {
        return code;
    }

    /** The attribution of a request that did not get the best tier. */
    public static Attribution of(int overtakes, BestTierView view) {
        if (overtakes > 0) {
            return SELECTIVE;
        }
        return view == BestTierView.SHOWED_ROOM ? MISSED : SLOW;
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static Attribution ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no attribution has code " + code);
        }
        return BY_CODE[code];
    }

    /** What the router's view of the best tier showed when it refused an attempt or let the request descend. */
    public enum BestTierView {
        SHOWED_ROOM,
        SHOWED_NONE
    }
}
