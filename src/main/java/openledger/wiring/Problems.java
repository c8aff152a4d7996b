package openledger.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Gathers what is wrong with a configuration, so that a user sees all of it at once. */
final class Problems {
    private final List<String> found = new ArrayList<>();

    void add(String key, String reason) {
        found.add(key + ": " + reason);
    }

    /** Builds a domain value; if that refuses, its reason is noted under the key. */
    <T> Optional<T> build(String key, Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException e) {
            add(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Stops with everything found so far, if anything was. */
    void check() {
        if (!found.isEmpty()) {
            throw new ConfigurationProblem(found);
        }
    }
}
