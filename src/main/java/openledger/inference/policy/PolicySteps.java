package openledger.inference.policy;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.inference.PolicyReload;

/**
 * Port: the two steps in which a policy that comes from another router is put into force here. One text is kept at a time, for
 * {@value #KEPT_SECONDS} s. Thread-safe.
 */
public interface PolicySteps {
    /** How long a text that was checked is kept. */
    int KEPT_SECONDS = 20;

    /** Largest text, in bytes. */
    int MOST_BYTES = 1_048_576;

    /**
     * The text of our own file now, to be offered to all; empty if we were not started from one, or it is too large or cannot be read. From
     * now on it is followed only if all can: by itself this router follows the file again once it has changed once more.
     */
    Uni<Optional<Text>> own();

    /** Which policy we follow, 0x and hex. Never blocks. */
    String inForce();

    /**
     * Checks a text as a start would, under our own environment, and keeps it.
     *
     * @param from who asks; a text that is kept for another, and is not too old, is not replaced
     */
    Uni<Check> check(String from, Text text);

    /**
     * Puts what was checked into force, if it is still kept.
     *
     * @param from who has had it checked
     * @param hash which it was
     */
    Uni<PolicyReload.Outcome> apply(String from, String hash);

    /**
     * Keeps no longer what was checked, because another router cannot follow it: the next reload need not wait.
     *
     * @param from who has had it checked
     */
    Uni<Void> drop(String from);

    /**
     * The text of a configuration file.
     *
     * @param text whole
     * @param isProperties whether it is a properties file; else it is YAML
     */
    record Text(String text, boolean isProperties) {}

    /** What came of looking at a text. */
    sealed interface Check {
        /**
         * It can be put into force.
         *
         * @param hash of the policy that it would be, 0x and hex
         */
        record Usable(String hash) implements Check {}

        /** It cannot; each problem names its key. */
        record Unusable(List<String> problems) implements Check {
            public Unusable {
                problems = List.copyOf(problems);
            }
        }
    }
}
