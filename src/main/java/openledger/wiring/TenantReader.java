package openledger.wiring;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import openledger.identity.TokenRules;
import openledger.inference.Caller;
import openledger.inference.KeyDigest;
import openledger.inference.KeyLimits;
import openledger.routing.RoutingMode;
import org.jspecify.annotations.Nullable;

/** Reads who may ask and what we ask providers with. Keys come from the environment or as digests, never in the file. */
final class TenantReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int SHORTEST_KEY = 16;

    private final OpenLedgerConfig config;
    private final Problems problems;
    private final Function<String, @Nullable String> environment;

    TenantReader(OpenLedgerConfig config, Problems problems, Function<String, @Nullable String> environment) {
        this.config = config;
        this.problems = problems;
        this.environment = environment;
    }

    /** The keys in the file, by their digests. */
    Map<KeyDigest, Caller> callers() {
        Map<KeyDigest, Caller> byDigest = new HashMap<>();
        for (int i = 0; i < config.tenants().size(); i++) {
            String key = "openledger.tenants[" + i + "]";
            var keys = config.tenants().get(i);
            if (!NAME.matcher(keys.name()).matches()) {
                problems.add(key + ".name", "a tenant is 1 to 64 letters, digits, dots, dashes or underscores");
            }
            if (keys.keySha256().isPresent() == keys.keyEnv().isPresent()) {
                problems.add(key, "give either key-sha256 or key-env");
            }
            Optional<Caller> caller = caller(key, "file-" + i, keys);
            Optional<KeyDigest> digest = digest(key, keys.keySha256(), keys.keyEnv());
            if (caller.isPresent() && digest.isPresent() && byDigest.putIfAbsent(digest.get(), caller.get()) != null) {
                problems.add(key, "another tenant has the same key");
            }
        }
        return byDigest;
    }

    private Optional<Caller> caller(String key, String keyId, OpenLedgerConfig.TenantKeys keys) {
        Optional<KeyLimits> limits =
                problems.build(key, () -> new KeyLimits(keys.requestsPerMinute(), keys.concurrentRequests()));
        Optional<RoutingMode> mode = keys.defaultMode().flatMap(RoutingMode::ofWord);
        if (mode.isEmpty() && keys.defaultMode().isPresent()) {
            problems.add(
                    key + ".default-mode",
                    "there is no mode '" + keys.defaultMode().get() + "'; there are: fast, confirmed");
        }
        return limits.map(checked -> new Caller(keys.name(), keyId, checked, mode));
    }

    /** What is kept of a key that is given as a digest or by the name of a variable; empty if neither can be used. */
    private Optional<KeyDigest> digest(String key, Optional<String> sha256, Optional<String> variable) {
        if (sha256.isPresent()) {
            return problems.build(key + ".key-sha256", () -> new KeyDigest(sha256.get()));
        }
        Optional<String> secret = variable.flatMap(name -> secret(key + ".key-env", name));
        if (secret.isPresent() && secret.get().length() < SHORTEST_KEY) {
            problems.add(key + ".key-env", "a key has at least 16 characters");
            return Optional.empty();
        }
        return secret.map(KeyDigest::of);
    }

    /** What is kept of the administrator's key, if there is one; it must be nobody else's. */
    Optional<KeyDigest> adminKey(Map<KeyDigest, Caller> callers) {
        var admin = config.admin();
        if (admin.keySha256().isPresent() && admin.keyEnv().isPresent()) {
            problems.add("openledger.admin", "give either key-sha256 or key-env");
        }
        Optional<KeyDigest> digest = digest("openledger.admin", admin.keySha256(), admin.keyEnv());
        if (digest.isPresent() && callers.containsKey(digest.get())) {
            problems.add("openledger.admin", "a tenant has the same key");
        }
        return digest;
    }

    /** Whom tokens stand for; empty if none are taken. */
    Optional<TokenRules> tokenRules() {
        var oidc = config.oidc();
        if (oidc.enabled() && oidc.allowedTenants().isEmpty()) {
            problems.add("openledger.oidc.allowed-tenants", "say which tenants may come with a token");
        }
        return problems.build(
                        "openledger.oidc",
                        () -> new TokenRules(
                                oidc.tenantClaim(),
                                // A pattern that is none says so with an IllegalArgumentException of its own.
                                Pattern.compile(oidc.allowedTenants().orElse("")),
                                new KeyLimits(oidc.requestsPerMinute(), oidc.concurrentRequests())))
                .filter(rules -> oidc.enabled());
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
