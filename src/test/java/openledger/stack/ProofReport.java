package openledger.stack;

import java.util.ArrayList;
import java.util.List;

/** What a proof finds: its figures, and what does not hold. Confined to one thread. */
final class ProofReport {
    private static final double NANOS_A_SECOND = 1e9;

    private final List<String> figures = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** Prints a line. */
    static void say(String text) {
        System.out.println(text);
    }

    static double seconds(long nanos) {
        return nanos / NANOS_A_SECOND;
    }

    /** One figure of the result. */
    void figure(String text) {
        figures.add(text);
        say("  " + text);
    }

    /** The proof fails unless that is true. */
    void demand(boolean holds, String otherwise) {
        if (!holds) {
            failures.add(otherwise);
        }
    }

    /** Prints the result, whose last line is that of the figures; the code with which the process is to end. */
    int end() {
        failures.forEach(failure -> say("FAILED: " + failure));
        say("figure: " + String.join("; ", figures));
        return failures.isEmpty() ? 0 : 1;
    }
}
