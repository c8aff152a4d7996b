package openledger.audit.usage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of a provider's models a call of the log can have been counted for. A model has an alias in the router's policy, and often a name
 * with a date in the provider's answer and in its records.
 */
final class ModelNames {
    private final Set<String> provided;
    private final Map<String, String> same;
    private final Map<String, Set<String>> byTarget = new HashMap<>();

    private ModelNames(Set<String> provided, Map<String, String> same) {
        this.provided = provided;
        this.same = same;
    }

    /**
     * Learns from the answers which names a target goes by.
     *
     * @param provided the provider's names; one without a name alone stands for all models
     * @param same the provider's names of models that the log calls otherwise
     */
    static ModelNames of(List<LoggedCall> logged, Set<String> provided, Map<String, String> same) {
        ModelNames names = new ModelNames(provided, same);
        for (LoggedCall call : logged) {
            names.known(call.answered())
                    .ifPresent(name -> names.byTarget
                            .computeIfAbsent(call.target(), none -> new TreeSet<>())
                            .add(name));
        }
        return names;
    }

    private Optional<String> known(String name) {
        String mapped = same.getOrDefault(name, name);
        return !mapped.isEmpty() && provided.contains(mapped) ? Optional.of(mapped) : Optional.empty();
    }

    /** One name, or several if the log does not tell which. */
    List<String> of(LoggedCall call) {
        if (provided.equals(Set.of(""))) {
            return List.of("");
        }
        Optional<String> answered = known(call.answered());
        if (answered.isPresent()) {
            return List.of(answered.get());
        }
        Set<String> names = new TreeSet<>(byTarget.getOrDefault(call.target(), Set.of()));
        known(call.target()).ifPresent(names::add);
        if (provided.contains("")) {
            names.add("");
        }
        return names.isEmpty() ? List.of(same.getOrDefault(call.target(), call.target())) : List.copyOf(names);
    }
}
