package openledger.routing;

import java.util.Optional;

/** How the route of a request is settled. The code is the one in a leaf. */
public enum RoutingMode {
    /** Rerouted locally and at once; the decision is anchored afterwards. */
    FAST(1, "fast");

    private final int code;
    private final String word;

    RoutingMode(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** The byte that stands for this mode in records and leaves. */
    public int code() {
        return code;
    }

    /** The word a client uses for it. */
    public String word() {
        return word;
    }

    /** The mode a client means by {@code word}; empty if there is none of that name. */
    public static Optional<RoutingMode> ofWord(String word) {
        return FAST.word.equals(word) ? Optional.of(FAST) : Optional.empty();
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static RoutingMode ofCode(int code) {
        if (code != FAST.code) {
            throw new IllegalArgumentException("no mode has code " + code);
        }
        return FAST;
    }
}
