package openledger.routing;

import java.util.Optional;

/** The part of a confirmed request that waits until its plan is confirmed. */
public enum Gate {
    /** The provider is called at once and the answer is held: the pin is a promise. */
    RESPONSE("response"),
    /** No provider is called before: the pin is a proof. */
    DISPATCH("dispatch");

    private final String word;

    Gate(String word) {
        this.word = word;
    }

    /** The word a client uses for it. */
    public String word() {
        return word;
    }

    /** The gate a client means by {@code word}; empty if there is none of that name. */
    public static Optional<Gate> ofWord(String word) {
        for (Gate gate : values()) {
            if (gate.word.equals(word)) {
                return Optional.of(gate);
            }
        }
        return Optional.empty();
    }
}
