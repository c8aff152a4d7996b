package openledger.wiring.config;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import openledger.access.Caller;
import openledger.access.KeyDigest;
import openledger.access.KeyLimits;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.http.LogAccess.Readers;
import openledger.identity.NoteSecret;
import openledger.identity.TokenRules;
import openledger.routing.RoutingMode;
import openledger.settlement.witness.WitnessSettings;
import openledger.wiring.LogSettings;
import openledger.wiring.config.OpenLedgerConfig.LogKeys;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of tenants, of the administrator and for providers. Keys come from the environment, from files of their own, or as
 * digests; they are never in the configuration.
 */
public final class TenantReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int SHORTEST_KEY = 16;
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);

    private final OpenLedgerConfig config;
    private final ConfigurationProblems problems;
    private final SecretReader secrets;

    public TenantReader(
            OpenLedgerConfig config, ConfigurationProblems problems, Function<String, @Nullable String> environment) {
        this.config = config;
        this.problems = problems;
        this.secrets = new SecretReader(problems, environment);
    }

    /** The keys in the file, by their digests. */
    public Map<KeyDigest, Caller> callers() {
        Map<KeyDigest, Caller> byDigest = new HashMap<>();
        Map<String, Integer> entries = new HashMap<>();
        for (int i = 0; i < config.tenants().size(); i++) {
            String key = "openledger.tenants[" + i + "]";
            var keys = config.tenants().get(i);
            if (!NAME.matcher(keys.name()).matches()) {
                problems.add(key + ".name", "a tenant must be 1 to 64 letters, digits, dots, dashes or underscores");
            }
            if (given(keys.keySha256(), keys.keyEnv(), keys.keyFile()) != 1) {
                problems.add(key, "set one of key-sha256, key-env, key-file");
            }
            // The same at routers whose files have the tenants in another order.
            String keyId = "file-" + keys.name() + "-" + entries.merge(keys.name(), 1, Integer::sum);
            Optional<Caller> caller = caller(key, keyId, keys);
            Optional<KeyDigest> digest = digest(key, keys.keySha256(), keys.keyEnv(), keys.keyFile());
            if (caller.isPresent() && digest.isPresent() && byDigest.putIfAbsent(digest.get(), caller.get()) != null) {
                problems.add(key, "another tenant has the same key");
            }
        }
        return byDigest;
    }

    private Optional<Caller> caller(String key, String keyId, OpenLedgerConfig.TenantKeys keys) {
        Optional<KeyLimits> limits = problems.build(
                key, () -> new KeyLimits(keys.requestsPerMinute(), keys.concurrentRequests(), keys.tokensPerMinute()));
        Optional<RoutingMode> mode = keys.defaultMode().flatMap(RoutingMode::ofWord);
        if (mode.isEmpty() && keys.defaultMode().isPresent()) {
            problems.add(
                    key + ".default-mode",
                    "unknown mode '" + keys.defaultMode().get() + "'; the modes are: fast, confirmed");
        }
        return limits.map(checked -> new Caller(keys.name(), keyId, checked, mode));
    }

    private static long given(Optional<String> sha256, Optional<String> variable, Optional<String> file) {
        return Stream.of(sha256, variable, file).filter(Optional::isPresent).count();
    }

    /** What is kept of a key that is given as a digest, by the name of a variable or in a file; empty if it cannot be used. */
    private Optional<KeyDigest> digest(
            String key, Optional<String> sha256, Optional<String> variable, Optional<String> file) {
        if (sha256.isPresent()) {
            return problems.build(key + ".key-sha256", () -> new KeyDigest(sha256.get()));
        }
        Optional<String> secret = secrets.key(key + ".key", variable, file);
        if (secret.isPresent() && secret.get().length() < SHORTEST_KEY) {
            problems.add(
                    key + ".key" + (file.isPresent() ? SecretReader.FILE : SecretReader.ENV),
                    "a key must have at least 16 characters");
            return Optional.empty();
        }
        return secret.map(KeyDigest::of);
    }

    /** What is kept of the administrator's key, if there is one; it must be nobody else's. */
    public Optional<KeyDigest> adminKey(Map<KeyDigest, Caller> callers) {
        var admin = config.admin();
        if (given(admin.keySha256(), admin.keyEnv(), admin.keyFile()) > 1) {
            problems.add("openledger.admin", "set one of key-sha256, key-env, key-file");
        }
        Optional<KeyDigest> digest = digest("openledger.admin", admin.keySha256(), admin.keyEnv(), admin.keyFile());
        if (digest.isPresent() && callers.containsKey(digest.get())) {
            problems.add("openledger.admin", "a tenant has the same key");
        }
        return digest;
    }

    /** Whom tokens stand for; empty if none are taken. */
    Optional<TokenRules> tokenRules() {
        var oidc = config.oidc();
        if (oidc.enabled() && oidc.allowedTenants().isEmpty()) {
            problems.add("openledger.oidc.allowed-tenants", "name the tenants that may use tokens");
        }
        return problems.build(
                        "openledger.oidc",
                        () -> new TokenRules(
                                oidc.tenantClaim(),
                                // A pattern that is none says so with an IllegalArgumentException of its own.
                                Pattern.compile(oidc.allowedTenants().orElse("")),
                                new KeyLimits(
                                        oidc.requestsPerMinute(), oidc.concurrentRequests(), oidc.tokensPerMinute())))
                .filter(rules -> oidc.enabled());
    }

    /** Who signs the log of the lane, if somebody does, and who may read it. */
    LogSettings log(Optional<SettlementSettings> settlement) {
        var keys = config.log();
        String key = "openledger.log.key";
        Optional<String> origin = keys.origin().isPresent()
                ? problems.build(
                        "openledger.log.origin",
                        () -> LogSettings.checked(keys.origin().get().strip()))
                : settlement.map(known -> LogSettings.origin(known.chain()));
        Optional<NoteSigner> signer = secrets.key(key, keys.keyEnv(), Optional.empty())
                .flatMap(secret -> problems.build(
                        key + SecretReader.ENV,
                        () -> NoteSecret.signer(origin.orElse("unknown"), NoteKey.Kind.NOTE, secret)));
        if (keys.keyEnv().isPresent() && config.settlement().rpcUrls().isEmpty()) {
            problems.add(key + SecretReader.ENV, "there is no log to sign: set openledger.settlement.rpc-urls");
        }
        return new LogSettings(
                signer.filter(any -> settlement.isPresent()),
                keys.isPublic() ? Readers.EVERYBODY : Readers.CALLERS,
                witnesses(keys));
    }

    private Optional<WitnessSettings> witnesses(LogKeys keys) {
        String all = "openledger.log.witnesses";
        String timeout = "openledger.log.witness-timeout";
        if (keys.witnesses().isEmpty()) {
            keys.quorum().ifPresent(any -> problems.add("openledger.log.quorum", "there are no witnesses: set " + all));
            return Optional.empty();
        }
        if (keys.keyEnv().isEmpty()) {
            problems.add(all, "there is no log to cosign: set openledger.log.key-env");
        }
        if (keys.witnessTimeout().compareTo(SHORTEST_TIMEOUT) < 0
                || keys.witnessTimeout().compareTo(LONGEST_TIMEOUT) > 0) {
            problems.add(timeout, "must be 100 ms to 60 s: " + keys.witnessTimeout());
        }
        Map<NoteKey, WitnessSettings.Peer> peers = new LinkedHashMap<>();
        for (int i = 0; i < keys.witnesses().size(); i++) {
            var witness = keys.witnesses().get(i);
            String at = all + "[" + i + "]";
            Optional<NoteKey> key = problems.build(
                    at + ".key", () -> NoteKey.parse(witness.key().strip()));
            Optional<WitnessSettings.Peer> peer = key.flatMap(known ->
                    problems.build(at, () -> new WitnessSettings.Peer(address(witness.url()), known)));
            if (peer.isEmpty()) {
                continue;
            }
            if (peers.keySet().stream()
                    .anyMatch(known -> known.isSameKey(peer.get().key()))) {
                problems.add(at + ".key", "is repeated, under this or another name: one witness counts once");
            }
            peers.put(peer.get().key(), peer.get());
        }
        int quorum = keys.quorum().orElseGet(() -> WitnessSettings.majority(peers.size()));
        return peers.size() < keys.witnesses().size()
                ? Optional.empty()
                : problems.build(
                        keys.quorum().isPresent() ? "openledger.log.quorum" : all,
                        () -> new WitnessSettings(List.copyOf(peers.values()), quorum, keys.witnessTimeout()));
    }

    private static URI address(String text) {
        try {
            return URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: this is not an address", e);
        }
    }

    /** The key of each provider that has one, by provider name. */
    public Map<String, String> providerKeys() {
        Map<String, String> keysByProvider = new HashMap<>();
        for (int i = 0; i < config.providers().size(); i++) {
            String key = "openledger.providers[" + i + "].api-key";
            var provider = config.providers().get(i);
            secrets.key(key, provider.apiKeyEnv(), provider.apiKeyFile())
                    .ifPresent(secret -> keysByProvider.put(provider.name(), secret));
        }
        return keysByProvider;
    }
}
