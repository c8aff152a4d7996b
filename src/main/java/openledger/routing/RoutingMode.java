package openledger.routing;

import java.util.Optional;

/** The mode in which a request is routed and settled. The code is the one in records of keys. */
public enum RoutingMode {
    /** Rerouted locally and at once; the decision is anchored afterwards. */
    FAST(1, "fast"),
    /** Pinned under public rules and confirmed by the chain; every retry follows the same schedule. */
    CONFIRMED(2, "confirmed");

    private final int code;
    private final String word;

    RoutingMode(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** The byte that stands for this mode in records of keys. */
    public int code() {
        return code;
    }

    /** The word a client uses for it. */
    public String word() {
        return word;
    }

    /** The mode a client means by {@code word}; empty if there is none of that name. */
    public static Optional<RoutingMode> ofWord(String word) {
        for (RoutingMode mode : values()) {
            if (mode.word.equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static RoutingMode ofCode(int code) {
        for (RoutingMode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no mode has code " + code);
    }
}
