package openledger.wiring;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import openledger.inference.Tenants;
import org.jspecify.annotations.Nullable;

/** Reads who may ask and what we ask providers with. Keys come from the environment or as digests, never in the file. */
final class TenantReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int SHORTEST_KEY = 16;

    private final OpenLedgerConfig config;
    private final Problems problems;
    private final Function<String, @Nullable String> environment;

    TenantReader(OpenLedgerConfig config, Problems problems, Function<String, @Nullable String> environment) {
        this.config = config;
        this.problems = problems;
        this.environment = environment;
    }

    Tenants tenants() {
        Map<String, String> byDigest = new HashMap<>();
        if (config.tenants().isEmpty()) {
            problems.add("openledger.tenants", "at least one tenant is needed");
        }
        for (int i = 0; i < config.tenants().size(); i++) {
            String key = "openledger.tenants[" + i + "]";
            var keys = config.tenants().get(i);
            if (!NAME.matcher(keys.name()).matches()) {
                problems.add(key + ".name", "a tenant is 1 to 64 letters, digits, dots, dashes or underscores");
            }
            if (keys.keySha256().isPresent() == keys.keyEnv().isPresent()) {
                problems.add(key, "give either key-sha256 or key-env");
            }
            keys.keySha256().ifPresent(digest -> {
                if (SHA_256.matcher(digest).matches()) {
                    enter(byDigest, key, digest, keys.name());
                } else {
                    problems.add(key + ".key-sha256", "is 64 lower-case hexadecimal digits");
                }
            });
            keys.keyEnv().flatMap(name -> secret(key + ".key-env", name)).ifPresent(secret -> {
                if (secret.length() < SHORTEST_KEY) {
                    problems.add(key + ".key-env", "a key has at least 16 characters");
                } else {
                    enter(byDigest, key, Tenants.digest(secret), keys.name());
                }
            });
        }
        return new Tenants(byDigest);
    }

    /** The key of each provider that has one, by provider name. */
    Map<String, String> providerKeys() {
        Map<String, String> keysByProvider = new HashMap<>();
        for (int i = 0; i < config.providers().size(); i++) {
            String key = "openledger.providers[" + i + "].api-key-env";
            var provider = config.providers().get(i);
            provider.apiKeyEnv()
                    .flatMap(name -> secret(key, name))
                    .ifPresent(secret -> keysByProvider.put(provider.name(), secret));
        }
        return keysByProvider;
    }

    private void enter(Map<String, String> byDigest, String key, String digest, String tenant) {
        if (byDigest.putIfAbsent(digest, tenant) != null) {
            problems.add(key, "another tenant has the same key");
        }
    }

    private Optional<String> secret(String key, String variable) {
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            problems.add(key, "the environment variable " + variable + " is not set");
            return Optional.empty();
        }
        if (!value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            problems.add(key, "the value of " + variable + " holds a character no key has");
            return Optional.empty();
        }
        return Optional.of(value);
    }
}
