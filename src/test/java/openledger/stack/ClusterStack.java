package openledger.stack;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import openledger.access.KeyDigest;
import openledger.chain.LaneSeed;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.BlackHole;
import openledger.support.PostgresPair;
import openledger.support.ScratchFolder;
import openledger.unit.LaneNumbers;

/**
 * Three routers on one PostgreSQL with a synchronous standby, a chain, a provider that counts calls, and a balancer before the routers: for
 * {@code make cluster} and for proofs, which kill, stop and cut off what they want. Long because all that routers are given stands in one
 * place. Confined to one thread.
 */
public final class ClusterStack implements AutoCloseable {
    /** Keys with limits: requests a minute, requests at once, and tokens a minute. */
    static final String FEW_KEY = "sk-few-requests-a-minute";

    static final int FEW = 60;
    static final String MANY_KEY = "sk-many-requests-a-minute";
    static final int MANY = 6_000;
    static final String NARROW_KEY = "sk-few-requests-at-once";
    static final int NARROW = 10;
    static final String TOKENS_KEY = "sk-few-tokens-a-minute";
    static final int TOKENS = 60_000;

    /** What a router says over the connection by which it shares the limits of keys, and over no other. */
    private static final String LIMITS = "take_rates(";

    private static final int ROUTERS = 3;
    /** Of the provider, unless a proof wants another time. */
    public static final long SERVICE_MILLIS = 40;

    private static final Duration BLOCK = Duration.ofMillis(250);
    private static final String SEED = "c1".repeat(LaneSeed.BYTES);
    private static final long COINS = 9_000_000_000_000_000_000L;
    /** Twice as many as routers. */
    static final LaneNumbers LANES = LaneNumbers.parse("1-6");

    private final Vertx vertx = Vertx.vertx();
    private final PostgresPair database;
    private final AnvilNode chain;
    private final CountingProvider provider;
    private final List<ClusterRouter> routers = new ArrayList<>();
    private final Balancer balancer;
    private final Path folder;
    private final Map<String, String> settlement;

    private ClusterStack(Path folder, Map<String, String> more) throws IOException, SQLException, InterruptedException {
        Path data = ScratchFolder.make("cluster");
        this.folder = folder;
        database = PostgresPair.start(data);
        chain = AnvilNode.start(data, BLOCK, AnvilNode.State.FORGOTTEN);
        provider = CountingProvider.start(SERVICE_MILLIS);
        settlement = new HashMap<>(LocalRegistry.settlement(chain));
        settlement.remove("OPENLEDGER_SETTLEMENT_KEY_ENV");
        settlement.put("OPENLEDGER_SETTLEMENT_LANE_KEYS_ENV", "OPENLEDGER_LANE_SEED");
        settlement.put("OPENLEDGER_LANE_SEED", SEED);
        for (long lane : LANES.numbers()) {
            chain.setBalance(LaneSeed.of(SEED).account(lane).address().toString(), COINS);
        }
        Path config = config(folder, provider.port());
        for (int i = 1; i <= ROUTERS; i++) {
            String name = "router-" + i;
            // A file of its own, so that one can change without the others.
            Path own = Files.copy(config, folder.resolve(name + ".yaml"), StandardCopyOption.REPLACE_EXISTING);
            routers.add(router(name, own, folder, settlement, more));
        }
        balancer =
                Balancer.before(vertx, routers.stream().map(ClusterRouter::port).toList());
    }

    /** Starts all; they are ready when this returns. */
    public static ClusterStack start(Path folder) throws IOException, SQLException, InterruptedException {
        return start(folder, Map.of());
    }

    /**
     * The same.
     *
     * @param more of the routers' environment
     */
    public static ClusterStack start(Path folder, Map<String, String> more)
            throws IOException, SQLException, InterruptedException {
        ClusterStack stack = new ClusterStack(Files.createDirectories(folder), more);
        // The first one migrates.
        for (ClusterRouter router : stack.routers) {
            router.start();
            router.awaitReady();
        }
        while (stack.balancer.ready() < ROUTERS) {
            Thread.sleep(10);
        }
        return stack;
    }

    /** A router of the same database that is none of the cluster; it is not started, and to be closed by who has asked for it. */
    ClusterRouter alone(String name, String config, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("OPENLEDGER_CLUSTER_ENABLED", "false");
        return router(name, Files.writeString(folder.resolve(name + ".yaml"), config), folder, settlement, environment);
    }

    private ClusterRouter router(
            String name, Path config, Path folder, Map<String, String> settlement, Map<String, String> more)
            throws IOException {
        int port = ChildProcess.freePort();
        List<BlackHole> links = List.of(
                BlackHole.before(database.first().port(), LIMITS),
                BlackHole.before(database.second().port(), LIMITS));
        Map<String, String> environment = new HashMap<>(LocalStack.environment(database.first(), port));
        environment.putAll(settlement);
        environment.put(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                links.stream()
                        .map(link -> "postgresql://127.0.0.1:" + link.port() + "/" + LocalPostgres.DATABASE)
                        .collect(Collectors.joining(",")));
        environment.put(
                "QUARKUS_DATASOURCE_JDBC_URL",
                links.stream()
                        .map(link -> "127.0.0.1:" + link.port())
                        .collect(Collectors.joining(
                                ",",
                                "jdbc:postgresql://",
                                "/" + LocalPostgres.DATABASE + "?targetServerType=primary")));
        environment.put("OPENLEDGER_TELEMETRY_SCRAPE_PORT", Integer.toString(ChildProcess.freePort()));
        environment.put("PROVIDER_KEY", "sk-provider-of-" + name);
        environment.put("OPENLEDGER_CLUSTER_ENABLED", "true");
        environment.put("OPENLEDGER_CLUSTER_INTERNAL_HOST", "127.0.0.1");
        environment.put("OPENLEDGER_CLUSTER_INTERNAL_PORT", Integer.toString(ChildProcess.freePort()));
        environment.put("OPENLEDGER_CLUSTER_KEY_ENV", "OPENLEDGER_CLUSTER_KEY");
        environment.put("OPENLEDGER_CLUSTER_KEY", "the-secret-of-this-cluster-on-this-machine");
        environment.put("OPENLEDGER_RESENDS_FIRST_CALL", "durable");
        // Names a router before and after a restart.
        environment.put("HOSTNAME", name);
        environment.putAll(more);
        return new ClusterRouter(name, port, environment, config, folder, links);
    }

    /** A key of each of the other tenants. */
    static final List<String> KEYS = List.of(
            "sk-of-tenant-one-1",
            "sk-of-tenant-two-2",
            "sk-of-tenant-three-3",
            "sk-of-tenant-four-4",
            "sk-of-tenant-five-5",
            "sk-of-tenant-six-6");

    private static String tenants() {
        StringBuilder tenants = new StringBuilder();
        for (int i = 0; i < KEYS.size(); i++) {
            tenants.append("    - { name: tenant-%d, key-sha256: \"%s\" }\n"
                    .formatted(i + 1, KeyDigest.of(KEYS.get(i)).hex()));
        }
        return tenants.toString().stripTrailing();
    }

    private static Path config(Path folder, int provider) throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), """
                openledger:
                  lanes: 1-6
                  # Requests that are to fail are no reason to leave a provider alone.
                  circuit: { request-volume: 1000000 }
                  tenants:
                    - { name: local, key-sha256: "%s" }
                %s
                    - { name: few, key-sha256: "%s", requests-per-minute: %d }
                    - { name: many, key-sha256: "%s", requests-per-minute: %d }
                    - { name: narrow, key-sha256: "%s", concurrent-requests: %d }
                    - { name: frugal, key-sha256: "%s", tokens-per-minute: %d }
                  providers:
                    - { name: north, base-url: "http://127.0.0.1:%d/v1", api-key-env: PROVIDER_KEY }
                  routes:
                    - name: assistant
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                        - { name: standard, attempts: 1, targets: [ { provider: north, model: sim-small } ] }
                    # For clients that come back all the time, which is what its guard would keep from providers.
                    - name: patient
                      storm-guard: { ratio-percent: 100, reserve-per-second: 1000 }
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                        - { name: standard, attempts: 1, targets: [ { provider: north, model: sim-small } ] }
                    - name: single
                      tiers:
                        - { name: best, attempts: 1, targets: [ { provider: north, model: sim-only } ] }
                """.formatted(
                        KeyDigest.of(LocalStack.KEY).hex(),
                        tenants(),
                        KeyDigest.of(FEW_KEY).hex(),
                        FEW,
                        KeyDigest.of(MANY_KEY).hex(),
                        MANY,
                        KeyDigest.of(NARROW_KEY).hex(),
                        NARROW,
                        KeyDigest.of(TOKENS_KEY).hex(),
                        TOKENS,
                        provider));
    }

    /** Address of the contract that has all lanes. */
    String registry() {
        return settlement.getOrDefault("OPENLEDGER_SETTLEMENT_REGISTRY", "");
    }

    public PostgresPair database() {
        return database;
    }

    public AnvilNode chain() {
        return chain;
    }

    public CountingProvider provider() {
        return provider;
    }

    public Balancer balancer() {
        return balancer;
    }

    /** All routers, also those that are down. */
    public List<ClusterRouter> routers() {
        return List.copyOf(routers);
    }

    @Override
    public void close() throws IOException {
        balancer.close();
        for (ClusterRouter router : routers) {
            router.close();
        }
        provider.close();
        chain.close();
        database.close();
        vertx.close();
    }
}
