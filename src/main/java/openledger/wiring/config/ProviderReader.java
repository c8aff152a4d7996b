package openledger.wiring.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.routing.CallTimeouts;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Provider;

/** Turns the keys of providers into values, or reports every problem with them. */
final class ProviderReader {
    private final OpenLedgerConfig config;
    private final ConfigurationProblems problems;

    ProviderReader(OpenLedgerConfig config, ConfigurationProblems problems) {
        this.config = config;
        this.problems = problems;
    }

    /** The names of all providers, whether or not they are usable. */
    Set<String> names() {
        return config.providers().stream().map(ProviderKeys::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The usable ones by name, in the order of the configuration. */
    Map<String, Provider> read() {
        Map<String, Provider> providers = new LinkedHashMap<>();
        if (config.providers().isEmpty()) {
            problems.add("openledger.providers", "at least one provider is needed");
        }
        Set<String> taken = new java.util.HashSet<>();
        for (int i = 0; i < config.providers().size(); i++) {
            String key = "openledger.providers[" + i + "]";
            var keys = config.providers().get(i);
            problems.checkName(key + ".name", keys.name(), taken);
            provider(key, keys).ifPresent(provider -> providers.put(provider.name(), provider));
        }
        return providers;
    }

    private Optional<Provider> provider(String key, ProviderKeys keys) {
        Optional<Dialect> dialect = dialect(key + ".dialect", keys.dialect());
        Optional<CallTimeouts> timeouts = problems.build(
                key + ".timeouts",
                () -> new CallTimeouts(
                        keys.timeouts().connect(),
                        keys.timeouts().firstToken(),
                        keys.timeouts().firstContent(),
                        keys.timeouts().idle(),
                        keys.timeouts().total()));
        Optional<Set<Operation>> speaks = dialect.flatMap(known -> speaks(key + ".speaks", known, keys.speaks()));
        if (speaks.isEmpty() || timeouts.isEmpty()) {
            return Optional.empty();
        }
        return problems.build(
                key + ".base-url",
                () -> new Provider(
                        keys.name(),
                        dialect.orElseThrow(),
                        speaks.get(),
                        URI.create(keys.baseUrl()),
                        timeouts.get(),
                        keys.askUsage() ? Provider.Usage.ALWAYS : Provider.Usage.AS_ASKED));
    }

    private Optional<Dialect> dialect(String key, String word) {
        for (Dialect dialect : Dialect.values()) {
            if (word(dialect).equals(word)) {
                return Optional.of(dialect);
            }
        }
        problems.add(
                key,
                "unknown dialect '" + word + "'; the dialects are: "
                        + Arrays.stream(Dialect.values())
                                .map(ProviderReader::word)
                                .collect(Collectors.joining(", ")));
        return Optional.empty();
    }

    private static String word(Dialect dialect) {
        return dialect.name().toLowerCase(Locale.ROOT);
    }

    /** What the operator says a provider speaks, or all that its dialect can say. */
    private Optional<Set<Operation>> speaks(String key, Dialect dialect, Optional<List<String>> words) {
        if (words.isEmpty()) {
            return Optional.of(dialect.operations());
        }
        List<Operation> spoken = new ArrayList<>();
        for (String word : words.get()) {
            Optional<Operation> operation = Operation.ofWord(word).filter(dialect.operations()::contains);
            if (operation.isEmpty()) {
                String known =
                        dialect.operations().stream().map(Operation::word).collect(Collectors.joining(", "));
                problems.add(key, "'" + word + "' is not an operation of this dialect: " + known);
            }
            operation.ifPresent(spoken::add);
        }
        return spoken.isEmpty() || spoken.size() < words.get().size()
                ? Optional.empty()
                : Optional.of(EnumSet.copyOf(spoken));
    }
}
