package openledger.chaos;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;

/**
 * {@code make chaos}: stops the router with SIGTERM, then kills the router and PostgreSQL with SIGKILL in the middle of load, again and again, and then holds
 * every answer a client saw against the records. The router is started again by us, PostgreSQL too; that the router finds
 * its way back to PostgreSQL is its own affair.
 */
public final class Chaos {
    private static final int ROUTER_STOPS = 3;
    private static final int ROUTER_KILLS = 20;
    private static final int POSTGRES_KILLS = 5;
    private static final int POSTGRES_PORT = 5496;
    private static final int ROUTER_PORT = 8096;
    private static final String ROUTER = "http://127.0.0.1:" + ROUTER_PORT;
    private static final Duration LOAD_BETWEEN = Duration.ofMillis(1_500);
    private static final Duration DERIVATION = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETURN = Duration.ofSeconds(60);

    /** Cumulative attempts of the tiers of the route below. */
    private static final List<Integer> UP_TO = List.of(3, 4);

    private static final int SHOWN = 20;

    private final Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final ChaosClients clients = new ChaosClients(http, ROUTER);

    private Chaos(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        int violations = new Chaos(Files.createDirectories(Path.of("target/chaos"))).run();
        System.exit(violations == 0 ? 0 : 1);
    }

    private int run() throws IOException, SQLException, InterruptedException {
        System.out.println("Starting PostgreSQL (fsync and synchronous_commit on), providers and the router ...");
        Path config = config();
        try (LocalPostgres postgres =
                        LocalPostgres.start(ScratchFolder.make("chaos").resolve("postgres"), POSTGRES_PORT);
                ChildProcess fleet = ChildProcess.openledger(
                        "fleet",
                        folder,
                        List.of("-Xmx256m"),
                        Map.of(),
                        "simulate",
                        "--fleet",
                        fleetFile().toString())) {
            fleet.awaitReady("http://127.0.0.1:9401/simulator/calls");
            requireDurable(postgres);
            ChildProcess router = startRouter(postgres, config);
            clients.start();
            router = stopGently(router, postgres, config);
            for (int kill = 1; kill <= ROUTER_KILLS; kill++) {
                awaitAnswers();
                Thread.sleep(LOAD_BETWEEN);
                router.kill();
                router = startRouter(postgres, config);
                say("router killed", kill, ROUTER_KILLS);
            }
            for (int kill = 1; kill <= POSTGRES_KILLS; kill++) {
                awaitAnswers();
                Thread.sleep(LOAD_BETWEEN);
                postgres.kill();
                Thread.sleep(LOAD_BETWEEN);
                postgres.startAgain();
                say("PostgreSQL killed", kill, POSTGRES_KILLS);
            }
            awaitAnswers();
            clients.stop();
            // Once more: what is in flight now must be found INTERRUPTED or whole.
            router.kill();
            router = startRouter(postgres, config);
            int violations = check(postgres);
            router.close();
            return violations;
        }
    }

    /** SIGTERM under load: what is on its way is answered to its end, and nothing is left open. */
    private ChildProcess stopGently(ChildProcess first, LocalPostgres postgres, Path config)
            throws IOException, InterruptedException {
        ChildProcess router = first;
        for (int stop = 1; stop <= ROUTER_STOPS; stop++) {
            awaitAnswers();
            Thread.sleep(LOAD_BETWEEN);
            router.close();
            if (!router.endedByItself()) {
                throw new IOException("the router did not end by itself after SIGTERM; see " + folder);
            }
            router = startRouter(postgres, config);
            say("router stopped", stop, ROUTER_STOPS);
        }
        awaitAnswers();
        // Long enough for what the last start found to be derived; the clients go on meanwhile.
        Thread.sleep(DERIVATION);
        int interrupted = RecordAudit.interruptedSoFar(http, ROUTER);
        System.out.printf(
                Locale.ROOT,
                "  stops with SIGTERM: answers cut in the middle %d, requests interrupted %d%n",
                clients.broken(),
                interrupted);
        if (clients.broken() > 0 || interrupted > 0) {
            throw new IOException("a stop was not gentle; see " + folder + "; broken: " + clients.oneBroken());
        }
        return router;
    }

    /** A record that a power cut could undo would prove nothing. */
    private static void requireDurable(LocalPostgres postgres) throws SQLException, IOException {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            if (!"on".equals(postgres.setting(setting))) {
                throw new IOException("PostgreSQL runs with " + setting + " off");
            }
        }
    }

    private ChildProcess startRouter(LocalPostgres postgres, Path config) throws IOException, InterruptedException {
        ChildProcess router = LocalStack.router(postgres, config, folder, ROUTER_PORT);
        router.awaitReady(ROUTER + "/q/health/ready");
        return router;
    }

    /** Waits until the service answers again, and fails if it does not come back. */
    private void awaitAnswers() throws InterruptedException, IOException {
        long before = clients.answered();
        long until = System.nanoTime() + LONGEST_RETURN.toNanos();
        while (clients.answered() < before + ChaosClients.COUNT) {
            if (System.nanoTime() > until) {
                throw new IOException(
                        "the service did not come back within " + LONGEST_RETURN.toSeconds() + " s; see " + folder);
            }
            Thread.sleep(20);
        }
    }

    private int check(LocalPostgres postgres) throws IOException, SQLException, InterruptedException {
        System.out.println("Checking every answer that was seen against the records ...");
        RecordAudit audit = RecordAudit.of(http, ROUTER);
        long without = audit.missing(clients.seen());
        long open = audit.withStatus("OPEN");
        long holes = audit.holes();
        LeafPass leaves = LeafPass.of(postgres, UP_TO);
        System.out.printf(
                Locale.ROOT,
                "%n  kills: router %d, PostgreSQL %d%n  answers seen %d (heads %d), refused with an error %d, cut %d%n"
                        + "  decisions recorded %d: %s%n  answers without a record %d%n  requests without an end %d%n"
                        + "  holes in the request counter %d%n  leaves %d, faults in them %d%n",
                ROUTER_KILLS + 1,
                POSTGRES_KILLS,
                clients.answered(),
                clients.seen().size(),
                clients.refused(),
                clients.lost(),
                audit.size(),
                audit.statuses(),
                without,
                open,
                holes,
                leaves.leaves(),
                leaves.faults().size());
        leaves.faults().stream().limit(SHOWN).forEach(fault -> System.out.println("  " + fault));
        boolean good = without == 0
                && open == 0
                && holes == 0
                && clients.answered() > 0
                && leaves.leaves() >= audit.size()
                && leaves.faults().isEmpty();
        System.out.println(good ? "Nothing was lost." : "SOMETHING WAS LOST OR IS WRONG; see " + folder);
        System.out.printf(
                Locale.ROOT,
                "figure: router stopped %d times and killed %d, PostgreSQL killed %d; %d answers, %d without a record;"
                        + " %d leaves, %d faults%n",
                ROUTER_STOPS,
                ROUTER_KILLS + 1,
                POSTGRES_KILLS,
                clients.answered(),
                without,
                leaves.leaves(),
                leaves.faults().size());
        return good ? 0 : 1;
    }

    private Path fleetFile() throws IOException {
        return Files.writeString(folder.resolve("fleet.yaml"), """
                seed: 1
                providers:
                  - { name: north, port: 9401, slots: 1000, service-ms: 40 }
                  - { name: reserve, port: 9402, slots: 1000, service-ms: 40 }
                """);
    }

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("openledger.yaml"), """
                openledger:
                  tenants:
                    - { name: local, key-sha256: "%s" }
                  providers:
                    - { name: north, base-url: "http://127.0.0.1:9401/v1" }
                    - { name: reserve, base-url: "http://127.0.0.1:9402/v1" }
                  routes:
                    - name: assistant
                      tiers:
                        - { name: best, attempts: 3, targets: [ { provider: north, model: sim-large } ] }
                        - { name: standard, attempts: 1, targets: [ { provider: reserve, model: sim-small } ] }
                """.formatted(
                        openledger.access.KeyDigest.of(LocalStack.KEY).hex()));
    }

    private void say(String what, int count, int of) {
        System.out.printf(Locale.ROOT, "  %s %d of %d; answers so far %d%n", what, count, of, clients.answered());
    }
}
