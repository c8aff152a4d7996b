package openledger.commitment;

/** How a request's route was settled, as a leaf says it. The code never changes its meaning. */
public enum LeafMode {
    /** Rerouted locally; anchored afterwards. */
    FAST(0x01),
    /** Confirmed; the answer waited for the plan's level. */
    CONFIRMED_RESPONSE(0x02),
    /** Confirmed; the provider was not called before the plan's level was reached. */
    CONFIRMED_DISPATCH(0x03),
    /** Gate {@code response}, but let go before its level was reached. */
    RELEASED_RESPONSE(0x82),
    /** Gate {@code dispatch}, but let go before its level was reached. */
    RELEASED_DISPATCH(0x83);

    private final int code;

    LeafMode(int code) {
        this.code = code;
    }

    /** The byte that stands for this mode in a leaf. */
    public int code() {
        return code;
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static LeafMode ofCode(int code) {
        for (LeafMode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mode: no mode has code " + code);
    }
}
