package openledger.chaos;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import openledger.bench.BenchPace;
import openledger.demo.AnvilNode;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.ScratchFolder;

/**
 * {@code make chaos}: stops the router with SIGTERM, then kills the router and PostgreSQL with SIGKILL in the middle of load, again and again, and then holds
 * every answer a client saw against the records, and every leaf against the rule book. {@link ChaosMarket} has what is asked. The router is
 * started again by us, PostgreSQL too; that the router finds its way back to PostgreSQL is its own affair. {@code QUICK=1} only shows whether
 * it works.
 */
public final class Chaos {
    private static final int ROUTER_STOPS = 3;
    private static final int ROUTER_KILLS = BenchPace.isQuick() ? 2 : 20;
    private static final int POSTGRES_KILLS = BenchPace.isQuick() ? 1 : 5;
    private static final Duration BLOCK = Duration.ofMillis(250);
    /** So many that the leaves of all rounds are {@link #LEAST_LEAVES}. */
    private static final int ANSWERS_BETWEEN = BenchPace.isQuick() ? 500 : 8_000;

    private static final int ANSWERS_BEFORE_STOP = 500;

    private static final long LEAST_LEAVES = BenchPace.isQuick() ? 1 : 200_000;
    private static final long LEAST_CONFIRMED = BenchPace.isQuick() ? 1 : 5_000;
    private static final Duration DERIVATION = Duration.ofSeconds(5);
    private static final Duration POSTGRES_GONE = Duration.ofMillis(1_500);
    private static final Duration LONGEST_RETURN = Duration.ofSeconds(60);
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(3);
    private static final int SHOWN = 20;

    private final Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final int port = ChildProcess.freePort();
    private final String address = "http://127.0.0.1:" + port;
    private final ChaosClients clients = new ChaosClients(http, address);

    private Chaos(Path folder) throws IOException {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        int violations = 1;
        try {
            violations = new Chaos(Files.createDirectories(Path.of("target/chaos"))).run();
        } catch (IOException failed) {
            // Threads of what was started would keep the process.
            System.out.println("FAILED: " + failed.getMessage());
        }
        System.exit(violations == 0 ? 0 : 1);
    }

    private int run() throws IOException, SQLException, InterruptedException {
        System.out.println(
                "Starting PostgreSQL (fsync and synchronous_commit on), a chain, providers and the router ...");
        Path data = ScratchFolder.make("chaos");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0);
                AnvilNode chain = AnvilNode.start(data, BLOCK, AnvilNode.State.FORGOTTEN);
                ChaosMarket market = ChaosMarket.open(folder)) {
            requireDurable(postgres);
            Map<String, String> environment = new HashMap<>(LocalStack.environment(postgres, port));
            environment.putAll(LocalRegistry.settlement(chain));
            Path config = market.config();
            ChildProcess router = startRouter(environment, config);
            clients.start();
            router = stopGently(router, environment, config);
            clients.start(ChaosMarket.requests());
            for (int kill = 1; kill <= ROUTER_KILLS; kill++) {
                awaitAnswers(ANSWERS_BETWEEN);
                router.kill();
                router = startRouter(environment, config);
                say("router killed", kill, ROUTER_KILLS);
            }
            for (int kill = 1; kill <= POSTGRES_KILLS; kill++) {
                awaitAnswers(ANSWERS_BETWEEN);
                postgres.kill();
                Thread.sleep(POSTGRES_GONE);
                postgres.startAgain();
                say("PostgreSQL killed", kill, POSTGRES_KILLS);
            }
            awaitAnswers(ANSWERS_BETWEEN);
            clients.stop();
            // Once more: what is in flight now must be found INTERRUPTED or whole.
            router.kill();
            router = startRouter(environment, config);
            int violations = check(postgres);
            router.close();
            return violations;
        }
    }

    /** SIGTERM under load: what is on its way is answered to its end, and nothing is left open. */
    private ChildProcess stopGently(ChildProcess first, Map<String, String> environment, Path config)
            throws IOException, InterruptedException {
        ChildProcess router = first;
        for (int stop = 1; stop <= ROUTER_STOPS; stop++) {
            awaitAnswers(ANSWERS_BEFORE_STOP);
            router.close();
            if (!router.endedByItself()) {
                throw new IOException("the router did not end by itself after SIGTERM; see " + folder);
            }
            router = startRouter(environment, config);
            say("router stopped", stop, ROUTER_STOPS);
        }
        awaitAnswers(ANSWERS_BEFORE_STOP);
        // Long enough for what the last start found to be derived; the clients go on meanwhile.
        Thread.sleep(DERIVATION);
        int interrupted = RecordAudit.interruptedSoFar(http, address);
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

    private ChildProcess startRouter(Map<String, String> environment, Path config)
            throws IOException, InterruptedException {
        ChildProcess router = LocalStack.router("router", environment, config, folder);
        router.awaitReady(address + "/q/health/ready");
        return router;
    }

    /** Waits until the service answers again, which must not take long, and then for a round's answers. */
    private void awaitAnswers(int round) throws InterruptedException, IOException {
        long before = clients.answered();
        awaitAnswers(before + ChaosClients.COUNT, LONGEST_RETURN);
        awaitAnswers(before + round, LONGEST_ROUND);
    }

    private void awaitAnswers(long count, Duration limit) throws InterruptedException, IOException {
        long until = System.nanoTime() + limit.toNanos();
        while (clients.answered() < count) {
            if (System.nanoTime() > until) {
                throw new IOException("the service has given " + clients.answered() + " answers, not " + count
                        + ", after " + limit.toSeconds() + " s; see " + folder);
            }
            Thread.sleep(20);
        }
    }

    private int check(LocalPostgres postgres) throws IOException, SQLException, InterruptedException {
        System.out.println("Checking every answer that was seen against the records ...");
        RecordAudit audit = RecordAudit.of(http, address);
        long without = audit.missing(clients.seen());
        long open = audit.withStatus("OPEN");
        long holes = audit.holes();
        LeafPass leaves = LeafPass.of(postgres, ChaosMarket.UP_TO);
        System.out.printf(
                Locale.ROOT,
                "%n  kills: router %d, PostgreSQL %d%n  answers seen %d (heads %d), refused with an error %d, cut %d, left %d%n"
                        + "  decisions recorded %d: %s%n  answers without a record %d%n  requests without an end %d%n"
                        + "  holes in the request counter %d%n  leaves %d: %s, faults in them %d, charges %d%n",
                ROUTER_KILLS + 1,
                POSTGRES_KILLS,
                clients.answered(),
                clients.seen().size(),
                clients.refused(),
                clients.lost(),
                clients.left(),
                audit.size(),
                audit.statuses(),
                without,
                open,
                holes,
                leaves.leaves(),
                new TreeMap<>(leaves.byMode()),
                leaves.faults().size(),
                leaves.charges().size());
        leaves.faults().stream().limit(SHOWN).forEach(fault -> System.out.println("  " + fault));
        boolean good = without == 0
                && open == 0
                && holes == 0
                && clients.answered() > 0
                && leaves.leaves() >= Math.max(LEAST_LEAVES, audit.size())
                && leaves.confirmed() >= LEAST_CONFIRMED
                && leaves.faults().isEmpty()
                && leaves.charges().isEmpty();
        System.out.println(good ? "Nothing was lost." : "SOMETHING WAS LOST OR IS WRONG; see " + folder);
        System.out.printf(
                Locale.ROOT,
                "figure: router stopped %d times and killed %d, PostgreSQL killed %d; %d answers, %d without a record;"
                        + " %d leaves (%d fast, %d confirmed), %d faults%n",
                ROUTER_STOPS,
                ROUTER_KILLS + 1,
                POSTGRES_KILLS,
                clients.answered(),
                without,
                leaves.leaves(),
                leaves.leaves() - leaves.confirmed(),
                leaves.confirmed(),
                leaves.faults().size());
        return good ? 0 : 1;
    }

    private void say(String what, int count, int of) {
        System.out.printf(Locale.ROOT, "  %s %d of %d; answers so far %d%n", what, count, of, clients.answered());
    }
}
