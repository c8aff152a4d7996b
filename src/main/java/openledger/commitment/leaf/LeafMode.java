package openledger.commitment.leaf;

import java.util.Optional;
import openledger.routing.Gate;
import openledger.routing.RoutingMode;

/** The mode of a request in its leaf. The code never changes its meaning. */
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

    private static final int RELEASED = 0x80;

    private final int code;

    LeafMode(int code) {
        this.code = code;
    }

    /** That of a request which was not released, or not yet. */
    public static LeafMode of(RoutingMode mode, Gate gate) {
        return switch (mode) {
            case FAST -> FAST;
            case CONFIRMED -> gate == Gate.RESPONSE ? CONFIRMED_RESPONSE : CONFIRMED_DISPATCH;
        };
    }

    /** The mode a client asks for by its word. */
    public RoutingMode routing() {
        return this == FAST ? RoutingMode.FAST : RoutingMode.CONFIRMED;
    }

    /** The gate; empty in mode FAST. */
    public Optional<Gate> gate() {
        return switch (this) {
            case FAST -> Optional.empty();
            case CONFIRMED_RESPONSE, RELEASED_RESPONSE -> Optional.of(Gate.RESPONSE);
            case CONFIRMED_DISPATCH, RELEASED_DISPATCH -> Optional.of(Gate.DISPATCH);
        };
    }

    /** The same, let go before its level was reached; FAST stays FAST. */
    public LeafMode released() {
        return this == FAST ? FAST : ofCode(code | RELEASED);
    }

    /** Whether it was let go before its level was reached. */
    public boolean isReleased() {
        return (code & RELEASED) != 0;
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
