package openledger.routing;

import java.util.Optional;
import openledger.routing.choice.RendezvousChoice;

/** Whether the requests of a session go to the same target for as long as that has room. */
public enum Affinity {
    /** Each request is chosen a target for by itself. */
    NONE("none"),
    /** In fast mode the targets of a tier stand in an order of the session's own ({@link RendezvousChoice}). */
    SESSION("session");

    private final String word;

    Affinity(String word) {
        this.word = word;
    }

    /** As policies name it. */
    public String word() {
        return word;
    }

    /**
     * This one, on a route of these modes.
     *
     * @throws IllegalArgumentException if a route of these modes cannot have it, with the reason
     */
    public Affinity on(RouteModes modes) {
        if (this != NONE && modes.allows(RoutingMode.CONFIRMED)) {
            throw new IllegalArgumentException(
                    "a route that allows confirmed mode cannot have affinity: its plans are made from public data, and session"
                            + " keys are not public; leave affinity out, or add a second route with modes: [fast]");
        }
        return this;
    }

    /** The one of that name. */
    public static Optional<Affinity> ofWord(String word) {
        for (Affinity affinity : values()) {
            if (affinity.word.equals(word)) {
                return Optional.of(affinity);
            }
        }
        return Optional.empty();
    }
}
