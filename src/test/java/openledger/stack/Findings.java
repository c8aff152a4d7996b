package openledger.stack;

import java.util.ArrayList;
import java.util.List;

/** What a proof has found: its figures, and what failed. Confined to one thread. */
final class Findings {
    private final List<String> failures = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();

    void figure(String text) {
        figures.add(text);
        System.out.println("  " + text);
    }

    /** @param otherwise what is wrong if it is not good */
    void demand(boolean good, String otherwise) {
        if (!good) {
            failures.add(otherwise);
        }
    }

    /** Says all of it; the exit code of the proof. */
    int exit() {
        failures.forEach(failure -> System.out.println("FAILED: " + failure));
        System.out.println("figure: " + String.join("; ", figures));
        return failures.isEmpty() ? 0 : 1;
    }
}
