package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Port: reloads the policy from its source. One reload at a time; safe for several threads. */
public interface PolicyReload {
    /** Reads it, and puts what it says into force if all of it can be used. Never fails but for a bug or the database. */
    Uni<Outcome> reload();

    /** What came of it. */
    sealed interface Outcome {
        /**
         * It is in force.
         *
         * @param hash of its canonical text, 0x and hex
         * @param before the hash of the one it replaces; the same if the public rules are
         */
        record InForce(String hash, String before) implements Outcome {}

        /** It cannot be used, and the old one stays; each problem names its key. */
        record Unusable(List<String> problems) implements Outcome {}

        /** The router was not started from a file that could be read again. */
        record NoSource() implements Outcome {}
    }
}
