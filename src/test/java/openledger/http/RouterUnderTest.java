package openledger.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import openledger.access.KeyDigest;
import openledger.demo.LocalPostgres;
import openledger.lab.world.CongestionParameters;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import openledger.simulator.SimulatedProvider;
import openledger.support.ScratchFolder;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL and four simulated providers for the router of a test: two best-tier targets, one below, one more. */
public final class RouterUnderTest implements QuarkusTestResourceLifecycleManager {
    public static final String KEY = "sk-test-0123456789abcdef";
    /** Two requests a minute. */
    public static final String RATED_KEY = "sk-rated-0123456789abcdef";
    /** One request at a time. */
    public static final String NARROW_KEY = "sk-narrow-0123456789abcdef";

    /** 2,000 tokens a minute. */
    public static final String TOKENS_KEY = "sk-tokens-0123456789abcdef";

    public static final String ADMIN_KEY = "sk-admin-0123456789abcdef";
    public static final String OTHER_KEY = "sk-other-0123456789abcdef";
    private static final List<String> NAMES = List.of("north", "east", "reserve", "silent");
    private static @Nullable SimulatedFleet fleet;
    private static @Nullable Path configurationFile;
    private @Nullable LocalPostgres postgres;
    private Map<String, String> changes = Map.of();

    private static SimulatedFleet fleet() {
        if (fleet == null) {
            throw new IllegalStateException("the fleet has not been started");
        }
        return fleet;
    }

    /** The provider of that name. */
    public static SimulatedProvider provider(String name) {
        return fleet().provider(name);
    }

    /** Faults for the next calls, whichever provider they reach. */
    public static void script(String... faults) {
        fleet().script(faults);
    }

    public static void reset() {
        fleet().reset();
    }

    public static List<SimulatedProvider> providers() {
        return NAMES.stream().map(RouterUnderTest::provider).toList();
    }

    /** Keys of the configuration that a test's router has differently. */
    @Override
    public void init(Map<String, String> arguments) {
        changes = arguments;
    }

    @Override
    public Map<String, String> start() {
        try {
            Path data = ScratchFolder.make("test");
            LocalPostgres server = LocalPostgres.start(data.resolve("postgres"), 0);
            postgres = server;
            SimulatedFleet started = SimulatedFleet.start(
                    NAMES.stream().map(ProviderSpec::quick).toList(), CongestionParameters.REFERENCE, 1);
            fleet = started;
            Map<String, String> keys = configuration(server, started);
            keys.putAll(changes);
            return written(data.resolve("router.properties"), keys);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the surroundings of the router do not start", e);
        }
    }

    /** Our own keys go into a file as well, as an operator's do, so that a test can change them. */
    private static Map<String, String> written(Path file, Map<String, String> keys) throws IOException {
        Map<String, String> own = new TreeMap<>(keys);
        own.keySet().removeIf(key -> !key.startsWith("openledger."));
        Files.write(
                file,
                own.entrySet().stream()
                        .map(key -> key.getKey() + "=" + key.getValue())
                        .toList());
        configurationFile = file;
        keys.put("quarkus.config.locations", file.toUri().toString());
        return keys;
    }

    /** The router's configuration; providers and routes are read again when told to. */
    public static Path configurationFile() {
        return java.util.Objects.requireNonNull(configurationFile);
    }

    private static Map<String, String> configuration(LocalPostgres server, SimulatedFleet fleet) {
        Map<String, String> keys = new HashMap<>();
        keys.put("quarkus.datasource.reactive.url", server.reactiveUrl());
        keys.put("quarkus.datasource.jdbc.url", server.jdbcUrl());
        keys.put("quarkus.datasource.username", LocalPostgres.USER);
        keys.put("quarkus.datasource.password", LocalPostgres.PASSWORD);
        keys.put("openledger.tenants[0].name", "test");
        keys.put("openledger.tenants[0].key-sha256", KeyDigest.of(KEY).hex());
        keys.put("openledger.tenants[1].name", "other");
        keys.put("openledger.tenants[1].key-sha256", KeyDigest.of(OTHER_KEY).hex());
        keys.put("openledger.tenants[2].name", "slow");
        keys.put("openledger.tenants[2].key-sha256", KeyDigest.of(RATED_KEY).hex());
        keys.put("openledger.tenants[2].requests-per-minute", "2");
        keys.put("openledger.tenants[3].name", "narrow");
        keys.put("openledger.tenants[3].key-sha256", KeyDigest.of(NARROW_KEY).hex());
        keys.put("openledger.tenants[3].concurrent-requests", "1");
        keys.put("openledger.tenants[3].requests-per-minute", "1000000");
        keys.put("openledger.tenants[3].default-mode", "fast");
        keys.put("openledger.tenants[4].name", "frugal");
        keys.put("openledger.tenants[4].key-sha256", KeyDigest.of(TOKENS_KEY).hex());
        keys.put("openledger.tenants[4].tokens-per-minute", "2000");
        keys.put("openledger.admin.key-sha256", KeyDigest.of(ADMIN_KEY).hex());
        keys.put("openledger.limits.max-body-bytes", "1048576");
        keys.put("openledger.limits.body-timeout", "2s");
        keys.put("openledger.orphan-grace", "1s");
        keys.put("openledger.circuit.request-volume", "1000");
        for (int i = 0; i < NAMES.size(); i++) {
            String provider = "openledger.providers[" + i + "].";
            keys.put(provider + "name", NAMES.get(i));
            keys.put(provider + "base-url", fleet.provider(NAMES.get(i)).baseUrl());
            keys.put(provider + "timeouts.connect", "500ms");
            keys.put(provider + "timeouts.first-token", "400ms");
            keys.put(provider + "timeouts.idle", "400ms");
            keys.put(provider + "timeouts.total", "3s");
        }
        // The same servers twice more, asked in other dialects.
        for (int i = 0; i < 6; i++) {
            String provider = "openledger.providers[" + (NAMES.size() + i) + "].";
            keys.put(provider + "name", (i < 3 ? "messages-" : "gemini-") + NAMES.get(i % 3));
            keys.put(provider + "dialect", i < 3 ? "anthropic" : "gemini");
            keys.put(provider + "base-url", fleet.provider(NAMES.get(i % 3)).baseUrl());
            keys.put(provider + "timeouts.first-token", "400ms");
            keys.put(provider + "timeouts.idle", "400ms");
        }
        route(keys, 3, "scribe", 3, 1, "messages-north", "messages-east", "messages-reserve");
        route(keys, 4, "mixed", 3, 1, "north", "messages-east", "reserve");
        route(keys, 0, "assistant", 3, 1, "north", "east", "reserve");
        route(keys, 1, "alone", 2, 1, "silent", "silent", "reserve");
        keys.put("openledger.routes[1].tiers[0].targets[1].model", "sim-other");
        route(keys, 2, "hedged", 3, 1, "north", "east", "reserve");
        keys.put("openledger.routes[2].hedge-after", "100ms");
        return keys;
    }

    private static void route(
            Map<String, String> keys, int index, String name, int best, int standard, String... providers) {
        String route = "openledger.routes[" + index + "].";
        keys.put(route + "name", name);
        keys.put(route + "backoff.base", "10ms");
        keys.put(route + "backoff.cap", "20ms");
        keys.put(route + "storm-guard.reserve-per-second", "1000");
        keys.put(route + "tiers[0].name", "best");
        keys.put(route + "tiers[0].attempts", Integer.toString(best));
        keys.put(route + "tiers[1].name", "standard");
        keys.put(route + "tiers[1].attempts", Integer.toString(standard));
        for (int i = 0; i < 2; i++) {
            keys.put(route + "tiers[0].targets[" + i + "].provider", providers[i]);
            keys.put(route + "tiers[0].targets[" + i + "].model", "sim-large");
        }
        keys.put(route + "tiers[1].targets[0].provider", providers[2]);
        keys.put(route + "tiers[1].targets[0].model", "sim-small");
    }

    @Override
    public void stop() {
        try {
            if (fleet != null) {
                fleet.close();
            }
            if (postgres != null) {
                postgres.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
