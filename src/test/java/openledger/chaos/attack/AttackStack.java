package openledger.chaos.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.access.KeyDigest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;

/**
 * What {@code make attack} attacks: a router with its own PostgreSQL, a provider that is honest and takes 20 ms, and one that does what a
 * request's text tells it to. The router has the heap that {@code deploy/jvm.options} gives it and few descriptors, as
 * a default service has.
 */
final class AttackStack implements AutoCloseable {
    static final String HONEST_KEY = LocalStack.KEY;
    static final String ATTACKER_KEY = "sk-attacker-0123456789abcdef";
    static final int ROUTER_PORT = 8095;
    private static final int POSTGRES_PORT = 5495;
    private static final int HONEST_PORT = 9501;
    private static final int DESCRIPTORS = 4_096;
    private static final Path OUT = Path.of("target/attack");

    private final LocalPostgres postgres;
    private final ChildProcess fleet;
    private final HostileUpstream hostile;
    private final ChildProcess router;

    private AttackStack(LocalPostgres postgres, ChildProcess fleet, HostileUpstream hostile, ChildProcess router) {
        this.postgres = postgres;
        this.fleet = fleet;
        this.hostile = hostile;
        this.router = router;
    }

    /** Starts all four; they are ready when this returns. */
    static AttackStack start() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(OUT);
        Path data = ScratchFolder.make("attack");
        LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), POSTGRES_PORT);
        ChildProcess fleet = ChildProcess.openledger(
                "fleet",
                OUT,
                List.of("-Xmx256m"),
                Map.of(),
                "simulate",
                "--fleet",
                fleetFile(data).toString());
        fleet.awaitReady("http://127.0.0.1:" + HONEST_PORT + "/simulator/calls");
        HostileUpstream hostile = HostileUpstream.start();
        ChildProcess router = router(postgres, config(data, hostile.port()));
        router.awaitReady("http://127.0.0.1:" + ROUTER_PORT + "/q/health/ready");
        return new AttackStack(postgres, fleet, hostile, router);
    }

    private static ChildProcess router(LocalPostgres postgres, Path config) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "ulimit -n " + DESCRIPTORS + "; exec \"" + java
                + "\" @deploy/jvm.options -jar target/quarkus-app/quarkus-run.jar serve --config \"" + config + "\"";
        Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, ROUTER_PORT));
        return ChildProcess.start("router", OUT, environment, List.of("sh", "-c", command));
    }

    ChildProcess router() {
        return router;
    }

    private static Path fleetFile(Path folder) throws IOException {
        return Files.writeString(folder.resolve("fleet.yaml"), """
                seed: 1
                providers:
                  - { name: honest, port: %d, slots: 10000, service-ms: 20, service-cv: 0 }
                """.formatted(HONEST_PORT));
    }

    private static Path config(Path folder, int hostilePort) throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: honest, key-sha256: "%s" }
                    - { name: attacker, key-sha256: "%s" }
                  providers:
                    - { name: honest, base-url: "http://127.0.0.1:%d/v1" }
                    - { name: honest-messages, dialect: anthropic, base-url: "http://127.0.0.1:%d/v1" }
                    - { name: hostile, base-url: "http://127.0.0.1:%d/v1", timeouts: { first-token: 5s, idle: 5s, total: 30s } }
                  routes:
                    - name: honest
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: honest, model: sim-large } ] }
                    - name: assistant
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: honest, model: sim-large } ] }
                    - name: scribe
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: honest-messages, model: sim-large } ] }
                    - name: shared
                      tiers:
                        - { name: best, attempts: 2, targets: [ { provider: hostile, model: told, slots: { min: 64, initial: 128, max: 256 } } ] }
                        - { name: standard, attempts: 1, targets: [ { provider: honest, model: sim-large } ] }
                  telemetry:
                    scrape: { enabled: false }
                """.formatted(
                        KeyDigest.of(HONEST_KEY).hex(),
                        KeyDigest.of(ATTACKER_KEY).hex(),
                        HONEST_PORT,
                        HONEST_PORT,
                        hostilePort));
    }

    @Override
    public void close() throws IOException {
        router.close();
        hostile.close();
        fleet.close();
        postgres.close();
    }
}
